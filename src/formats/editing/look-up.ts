import type { Cidr } from "#ip/index.js";
import type { BootStep, EditedRoute, HostConfiguration, Source } from "#model/index.js";
import type { AddressChange, Change, RouteChange } from "./change.js";
import { addressSteps, mtuOf, mtuStep, routeOfStep, routeSteps } from "./facts.js";

/** A change as far as the files do not say it yet. */
export interface Wanted {
  readonly change: Change;
  /** Where the value stands that gives way. */
  readonly places: readonly Source[];
  /** Nothing is left to do. */
  readonly isThere: boolean;
}

/** Compares a change with the facts: an old value that is not there is not looked for, a new one that is there is not written again. */
export function lookUp(configuration: HostConfiguration, change: Change): Wanted {
  switch (change.kind) {
    case "mtu": {
      const step = mtuStep(configuration, change.link);
      const isThere = mtuOf(configuration, change.link) === change.mtu;
      return { change, places: step === null ? [] : [step.source], isThere };
    }
    case "address":
      return lookUpAddress(configuration, change);
    case "route":
      return lookUpRoute(configuration, change);
  }
}

function lookUpAddress(configuration: HostConfiguration, change: AddressChange): Wanted {
  const find = (address: Cidr | null): readonly BootStep[] =>
    address === null ? [] : addressSteps(configuration, change.link, address);
  const old = find(change.from);
  const now = find(change.to);
  const from = old.length > 0 ? change.from : null;
  const to = now.length > 0 ? null : change.to;
  const isSame = old.length > 0 && old[0] === now[0];
  return {
    change: { ...change, from, to },
    places: old.map(({ source }) => source),
    isThere: isSame || (from === null && to === null),
  };
}

/** The old route gets the metric that it has, so that it is found again after the edit and no other is. */
function lookUpRoute(configuration: HostConfiguration, change: RouteChange): Wanted {
  const find = (route: EditedRoute | null): readonly BootStep[] =>
    route === null ? [] : routeSteps(configuration, route);
  const old = find(change.from);
  const all = find(change.to);
  const now = all.filter((step) => !old.includes(step));
  const [first] = old;
  const metric = (first === undefined ? null : routeOfStep(first)?.metric) ?? null;
  const from = change.from === null || first === undefined ? null : { ...change.from, metric };
  const to = now.length > 0 ? null : change.to;
  const isSame = all.length > 0 && now.length === 0;
  return {
    change: { kind: "route", from, to },
    places: old.map(({ source }) => source),
    isThere: isSame || (from === null && to === null),
  };
}
