import { formatIPv4, formatPrefix, type Mac, type Prefix, prefix } from "#ip/index.js";
import {
  type BootStep,
  type DhcpRange,
  type DynamicLink,
  type Ipv6Fact,
  type Link,
  type LinkType,
  linkName,
  MAIN_TABLE,
  type Operation,
  type Source,
} from "#model/index.js";

/** The boot of one host while it is put together; the converters add to it in the order of the boot. */
export interface BootPlan {
  readonly steps: BootStep[];
  readonly dynamicLinks: DynamicLink[];
  readonly ipv6: Ipv6Fact[];
  readonly dhcpRanges: DhcpRange[];
  /** What is there already by the steps so far, as `existenceKeys` writes it. */
  readonly existing: Set<string>;
}

/** The unit that a step belongs to, and what its script does after a refusal. */
export interface Unit {
  readonly name: string;
  readonly onRefusal: BootStep["onRefusal"];
}

/** Starts with nothing done. */
export function emptyPlan(): BootPlan {
  return { steps: [], dynamicLinks: [], ipv6: [], dhcpRanges: [], existing: new Set() };
}

/** A unit of the scripted networking; its script runs under `sh -e`. */
export function scriptUnit(name: string): Unit {
  return { name, onRefusal: "stop-unit" };
}

/**
 * Adds one kernel operation. The scripts of NixOS go on where the kernel says "File exists": an address or route that
 * an earlier step gives already is therefore added with `continue`.
 */
export function addStep(plan: BootPlan, operation: Operation, source: Source, unit: Unit): void {
  const keys = existenceKeys(operation);
  const isRepetition = keys[0] !== undefined && plan.existing.has(keys[0]);
  for (const key of keys) plan.existing.add(key);
  plan.steps.push({
    operation,
    source,
    unit: unit.name,
    onRefusal: isRepetition ? "continue" : unit.onRefusal,
  });
}

/** What the kernel compares when it says "File exists"; an address brings its connected route along. */
function existenceKeys(operation: Operation): readonly string[] {
  if (operation.kind === "address-add") {
    const { link, ip, length } = operation.address;
    return [`address ${link} ${formatIPv4(ip)}/${length}`, routeKey(MAIN_TABLE, prefix(ip, length), 0)];
  }
  if (operation.kind !== "route-add") return [];
  const { table, destination, metric } = operation.route;
  return [routeKey(table, destination, metric)];
}

function routeKey(table: number, destination: Prefix, metric: number): string {
  return `route ${table} ${formatPrefix(destination)} ${metric}`;
}

const ETHERNET_MTU = 1500;

/** A new link as `ip link add` makes it: down, without ports; address and MTU where udev or networkd sets them on its appearance. */
export function newLink(
  name: string,
  type: LinkType,
  given: { readonly source: Source; readonly mtu?: number | null; readonly mac?: Mac | null },
): Link {
  return {
    name: linkName(name),
    type,
    mac: given.mac ?? null,
    mtu: given.mtu ?? ETHERNET_MTU,
    isUp: false,
    hasCarrier: false,
    master: null,
    isNoArp: type.kind === "dummy" || type.kind === "other",
    source: given.source,
  };
}
