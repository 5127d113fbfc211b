import { broadcastOf } from "#ip/index.js";
import {
  type Address,
  type BootStep,
  companionSteps,
  type EditedRoute,
  type HostConfiguration,
  type LinkName,
} from "#model/index.js";
import type { AddressChange, Change, RouteChange } from "./change.js";
import { addressSteps, linkOfOperation, mtuOf, routeOfStep, routeSteps } from "./facts.js";

/**
 * Compares the facts before and after an edit with the change that was asked for.
 *
 * @returns null where exactly that has changed; else what else has, or what has not, as half a sentence.
 */
export function otherDifference(
  before: HostConfiguration,
  after: HostConfiguration,
  change: Change,
): string | null {
  return (
    subjectDifference(before, after, change) ??
    stepDifference(restOf(before, change), restOf(after, change)) ??
    factDifference(before, after, change)
  );
}

function subjectDifference(
  before: HostConfiguration,
  after: HostConfiguration,
  change: Change,
): string | null {
  switch (change.kind) {
    case "mtu":
      return mtuOf(after, change.link) === change.mtu ? null : "leaves the MTU as another line sets it";
    case "address":
      return addressDifference(before, after, change);
    case "route":
      return routeDifference(before, after, change);
  }
}

function addressDifference(
  before: HostConfiguration,
  after: HostConfiguration,
  change: AddressChange,
): string | null {
  const { link, from, to } = change;
  const last = from === null ? [] : addressSteps(after, link, from);
  const added = to === null ? [] : addressSteps(after, link, to);
  if (last.length > 0) return "leaves the address in another place";
  if (to === null) return null;
  const next = added[0]?.operation;
  if (added.length !== 1 || next?.kind !== "address-add") return "does not give the address";
  const old = from === null ? undefined : addressSteps(before, link, from)[0]?.operation;
  const previous = old?.kind === "address-add" ? old.address : null;
  if (!keepsAttributes(previous, next.address)) return "changes more of the address";
  return previous === null || rankOf(before, previous) === rankOf(after, next.address)
    ? null
    : "changes the order of the addresses";
}

/** Which of the link's addresses it is: the first of a network is the primary one. */
function rankOf(configuration: HostConfiguration, address: Address): number {
  return configuration.steps
    .flatMap(({ operation }) => (operation.kind === "address-add" ? [operation.address] : []))
    .filter((one) => one.link === address.link)
    .findIndex((one) => one.ip === address.ip && one.length === address.length);
}

function keepsAttributes(previous: Address | null, next: Address): boolean {
  const isPlain = previous === null && next.peer === null && !next.hasNoPrefixRoute;
  const isSame =
    previous !== null &&
    previous.peer === next.peer &&
    previous.scope === next.scope &&
    previous.hasNoPrefixRoute === next.hasNoPrefixRoute;
  return (isPlain || isSame) && hasExpectedBroadcast(previous, next);
}

/** The one of the network, or none as before; from /31 on the dialects have none, or 255.255.255.255. */
function hasExpectedBroadcast(previous: Address | null, { broadcast, ip, length }: Address): boolean {
  if (broadcast === broadcastOf(ip, length)) return true;
  if (length >= 31) return broadcast === null || broadcast === 0xffffffff;
  return broadcast === null && (previous === null || previous.broadcast === null || previous.length >= 31);
}

function routeDifference(
  before: HostConfiguration,
  after: HostConfiguration,
  change: RouteChange,
): string | null {
  const { from, to } = change;
  if (from !== null && !isSameRoute(from, to) && countOf(after, from) > 0)
    return "leaves the route in another place";
  if (to === null) return null;
  const added = routeSteps(after, to);
  const [next] = added.map(routeOfStep);
  if (added.length !== 1 || next === null || next === undefined) return "does not give the route";
  const old = from === null ? null : routeSteps(before, from).map(routeOfStep)[0];
  const source = old === null || old === undefined ? null : old.preferredSource;
  return source === next.preferredSource ? null : "changes more of the route";
}

function countOf(configuration: HostConfiguration, route: EditedRoute): number {
  return routeSteps(configuration, route).length;
}

/** Whether the new route is found where the old one is looked for: one without a metric stands for any. */
function isSameRoute(from: EditedRoute, to: EditedRoute | null): boolean {
  return to !== null && JSON.stringify({ ...from, metric: to.metric }) === JSON.stringify(to);
}

/** The steps that the change says nothing of. */
function restOf(configuration: HostConfiguration, change: Change): readonly BootStep[] {
  const subject = new Set(subjectSteps(configuration, change));
  const rest = configuration.steps.filter((step) => !subject.has(step));
  return change.kind === "mtu" ? withoutMtu(rest, change.link) : rest;
}

function subjectSteps(configuration: HostConfiguration, change: Change): readonly BootStep[] {
  switch (change.kind) {
    case "mtu":
      return configuration.steps.filter(
        ({ operation }) => operation.kind === "link-mtu" && operation.link === change.link,
      );
    case "address":
      return [change.from, change.to].flatMap((address) => {
        if (address === null) return [];
        const steps = addressSteps(configuration, change.link, address);
        return [...steps, ...companionSteps(configuration.steps, steps)];
      });
    case "route":
      return [change.from, change.to].flatMap((route) =>
        route === null ? [] : routeSteps(configuration, route),
      );
  }
}

/** The link that is made with the MTU, and those that stand on it and take it over. */
function withoutMtu(steps: readonly BootStep[], link: LinkName): readonly BootStep[] {
  const dependent = new Set<LinkName>([link]);
  return steps.map((step) => {
    if (step.operation.kind !== "link-add") return step;
    const { link: made } = step.operation;
    const lower = made.type.kind === "vlan" || made.type.kind === "vxlan" ? made.type.lower : null;
    if (!dependent.has(made.name) && (lower === null || !dependent.has(lower))) return step;
    dependent.add(made.name);
    return { ...step, operation: { ...step.operation, link: { ...made, mtu: 0 } } };
  });
}

function stepDifference(before: readonly BootStep[], after: readonly BootStep[]): string | null {
  for (let index = 0; index < Math.max(before.length, after.length); index += 1) {
    const [old, now] = [before[index], after[index]];
    if (old !== undefined && now !== undefined && fingerprint(old) === fingerprint(now)) continue;
    const { operation } = old ?? now ?? { operation: null };
    if (operation === null) return null;
    const link = linkOfOperation(operation);
    return `also changes \`${operation.kind}\`${link === null ? "" : ` of \`${link}\``}`;
  }
  return null;
}

function factDifference(before: HostConfiguration, after: HostConfiguration, change: Change): string | null {
  const pools = ({ dhcpRanges }: HostConfiguration): unknown =>
    dhcpRanges.filter(({ link }) => change.kind !== "address" || link !== change.link);
  const facts = [
    ["links with addresses from elsewhere", before.dynamicLinks, after.dynamicLinks],
    ["IPv6", before.ipv6, after.ipv6],
    ["k3s", before.k3s, after.k3s],
    ["ranges of a DHCP server", pools(before), pools(after)],
  ] as const;
  const other = facts.find(([, old, now]) => fingerprint(old) !== fingerprint(now));
  if (other !== undefined) return `also changes ${other[0]}`;
  const code = newProblem(before, after);
  return code === null ? null : `gives a file that is reported as \`${code}\``;
}

/** The code of an issue that is there more often than before, warnings apart. */
function newProblem(before: HostConfiguration, after: HostConfiguration): string | null {
  const counts = new Map<string, number>();
  for (const { code, severity } of before.issues)
    if (severity !== "warning") counts.set(code, (counts.get(code) ?? 0) + 1);
  for (const { code, severity } of after.issues) {
    if (severity === "warning") continue;
    const left = (counts.get(code) ?? 0) - 1;
    if (left < 0) return code;
    counts.set(code, left);
  }
  return null;
}

/** A fact without its place; sections without a name are called by their line. */
function fingerprint(fact: unknown): string {
  return JSON.stringify(fact, (key, value: unknown) => {
    if (key === "source") return undefined;
    return key === "unit" && typeof value === "string" ? value.replace(/ at line \d+$/, "") : value;
  });
}
