import { type Cidr, formatIPv4, formatPrefix, samePrefix } from "#ip/index.js";
import type { ConfigurationEdit, EditedRoute, LinkName } from "#model/index.js";

/** An address of a link that gives way to another; null stands for none. */
export interface AddressChange {
  readonly kind: "address";
  readonly link: LinkName;
  readonly from: Cidr | null;
  readonly to: Cidr | null;
}

/** A static route of table main that gives way to another; null stands for none. */
export interface RouteChange {
  readonly kind: "route";
  readonly from: EditedRoute | null;
  readonly to: EditedRoute | null;
}

export interface MtuChange {
  readonly kind: "mtu";
  readonly link: LinkName;
  readonly mtu: number;
}

/** What one edit, or a pair of them, changes of the facts. */
export type Change = AddressChange | RouteChange | MtuChange;

/** A change to make, and the edit that asks for it; a gateway is looked up in the facts first. */
export type Task =
  | { readonly kind: "change"; readonly change: Change; readonly edit: ConfigurationEdit }
  | { readonly kind: "gateway"; readonly edit: Extract<ConfigurationEdit, { kind: "gateway" }> }
  | { readonly kind: "foreign"; readonly edit: ConfigurationEdit };

/**
 * Turns edits into tasks, in their order. An address that is removed from a link and one that is added to it are one task, so that
 * the new one takes the place of the old one in the text; the same holds for two routes of one destination or of one link.
 */
export function tasksOf(edits: readonly ConfigurationEdit[]): readonly Task[] {
  const partners = pairUp(edits);
  const absorbed = new Set(partners.values());
  return edits.flatMap((edit) => (absorbed.has(edit) ? [] : [taskOf(edit, partners.get(edit) ?? null)]));
}

function taskOf(edit: ConfigurationEdit, partner: ConfigurationEdit | null): Task {
  switch (edit.kind) {
    case "gateway":
      return { kind: "gateway", edit };
    case "flannel-backend":
    case "k3s-server":
    case "node-ip":
      return { kind: "foreign", edit };
    case "mtu":
      return { kind: "change", change: edit, edit };
    case "address-length": {
      const { link, ip: address, from, to } = edit;
      const change = { link, from: { address, length: from }, to: { address, length: to } };
      return { kind: "change", change: { kind: "address", ...change }, edit };
    }
    case "address-add":
    case "address-remove": {
      const both = [edit, partner];
      const change = {
        link: edit.link,
        from: addressOf(both, "address-remove"),
        to: addressOf(both, "address-add"),
      };
      return { kind: "change", change: { kind: "address", ...change }, edit };
    }
    case "route-add":
    case "route-remove": {
      const both = [edit, partner];
      const change = { from: routeOf(both, "route-remove"), to: routeOf(both, "route-add") };
      return { kind: "change", change: { kind: "route", ...change }, edit };
    }
  }
}

type Several = readonly (ConfigurationEdit | null)[];

function addressOf(edits: Several, kind: "address-add" | "address-remove"): Cidr | null {
  for (const edit of edits) if (edit?.kind === kind) return { address: edit.ip, length: edit.length };
  return null;
}

function routeOf(edits: Several, kind: "route-add" | "route-remove"): EditedRoute | null {
  for (const edit of edits) if (edit?.kind === kind) return edit.route;
  return null;
}

/** Finds for the first edit of each pair the one that it absorbs. */
function pairUp(edits: readonly ConfigurationEdit[]): ReadonlyMap<ConfigurationEdit, ConfigurationEdit> {
  const partners = new Map<ConfigurationEdit, ConfigurationEdit>();
  const taken = new Set<ConfigurationEdit>();
  for (const isCloseEnough of [sameNetwork, sameLink]) {
    for (const edit of edits) {
      if (taken.has(edit)) continue;
      const partner = edits.find((other) => !taken.has(other) && isCloseEnough(edit, other));
      if (partner === undefined) continue;
      taken.add(edit).add(partner);
      const isFirst = edits.indexOf(edit) < edits.indexOf(partner);
      partners.set(isFirst ? edit : partner, isFirst ? partner : edit);
    }
  }
  return partners;
}

/** A route and the one that takes its place towards the same destination. */
function sameNetwork(edit: ConfigurationEdit, other: ConfigurationEdit): boolean {
  return (
    edit.kind === "route-remove" &&
    other.kind === "route-add" &&
    edit.route.link === other.route.link &&
    samePrefix(edit.route.destination, other.route.destination)
  );
}

/** An address and the one that takes its place, or a route through a gateway and another one through the same. */
function sameLink(edit: ConfigurationEdit, other: ConfigurationEdit): boolean {
  if (edit.kind === "address-remove" && other.kind === "address-add") return edit.link === other.link;
  return (
    edit.kind === "route-remove" &&
    other.kind === "route-add" &&
    edit.route.link === other.route.link &&
    edit.route.gateway === other.route.gateway
  );
}

/** Writes what a change is about, for a message: the new value, or the old one where there is no new one. */
export function formatChange(change: Change): string {
  switch (change.kind) {
    case "mtu":
      return `MTU ${change.mtu} of ${change.link}`;
    case "address": {
      const address = change.to ?? change.from;
      return address === null ? change.link : `${formatPrefix(address)} on ${change.link}`;
    }
    case "route": {
      const route = change.to ?? change.from;
      return route === null ? "a route" : formatRoute(route);
    }
  }
}

/** Writes what gives way in a change, for a message. */
export function formatOld(change: Change): string {
  return change.kind === "mtu" ? formatChange(change) : formatChange({ ...change, to: null });
}

/** Writes a route as `ip route add` takes it. */
export function formatRoute(route: EditedRoute): string {
  const { destination, gateway, link, metric, isOnlink } = route;
  return [
    destination.length === 0 ? "default" : formatPrefix(destination),
    ...(gateway === null ? [] : ["via", formatIPv4(gateway)]),
    "dev",
    link,
    ...(metric === null || metric === 0 ? [] : ["metric", String(metric)]),
    ...(isOnlink ? ["onlink"] : []),
  ].join(" ");
}
