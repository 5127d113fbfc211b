import type { BootStep, Link, LinkName, LinkType, Operation, Route, Source } from "#model/index.js";
import type { DeclaredHost, DeclaredLink } from "./declared-link.js";

type LinksByName = ReadonlyMap<LinkName, DeclaredLink>;

/**
 * The kernel operations of a boot under systemd-networkd, in its order: netdevs (a lower link before what stands on it), sysctls, ports into
 * their masters, links up, addresses, routes, rules. networkd goes on after a refusal, and configures a route through a gateway only once the gateway can be
 * reached: so routes without a gateway come before the others (networkd-route.c, route_is_ready_to_configure). It appends routes, so that two default
 * routes of one metric are both accepted (netlink-message-rtnl.c, sd_rtnl_message_new_route).
 */
export function bootSteps(host: DeclaredHost): readonly BootStep[] {
  const byName = new Map(host.links.map((link) => [link.name, link]));
  const links = lowerFirst(host.links, byName);
  const each = (steps: (link: DeclaredLink) => readonly BootStep[]): readonly BootStep[] =>
    links.flatMap(steps);
  const routes = each(routeSteps);
  return [
    ...host.sysctls.map((sysctl) => sysctlStep(sysctl, "systemd-networkd")),
    ...each(hardwareSteps),
    ...each((link) => creationSteps(link, byName)),
    ...each((link) => link.sysctls.map((sysctl) => sysctlStep(sysctl, link.unit))),
    ...each(masterSteps),
    ...each(activationSteps),
    ...each(addressSteps),
    ...routes.filter((step) => !hasGateway(step)),
    ...routes.filter(hasGateway),
    ...host.rules.map(({ value, source }) =>
      buildStep({ kind: "rule-add", rule: value }, source, "systemd-networkd"),
    ),
  ];
}

function buildStep(operation: Operation, source: Source, unit: string): BootStep {
  return { operation, source, unit, onRefusal: "continue" };
}

function sysctlStep(sysctl: DeclaredLink["sysctls"][number], unit: string): BootStep {
  return buildStep({ kind: "sysctl", ...sysctl.value }, sysctl.source, unit);
}

function lowerOf(type: LinkType | null): LinkName | null {
  return type?.kind === "vlan" || type?.kind === "vxlan" ? type.lower : null;
}

/** Orders links so that a lower link, and a master, stands before what needs it; a cycle is cut where it closes. */
function lowerFirst(links: readonly DeclaredLink[], byName: LinksByName): readonly DeclaredLink[] {
  const ordered = new Set<DeclaredLink>();
  for (const start of links) {
    const chain: DeclaredLink[] = [];
    let next: DeclaredLink | undefined = start;
    while (next !== undefined && !ordered.has(next) && !chain.includes(next)) {
      chain.push(next);
      const lower = lowerOf(next.created);
      next = lower === null ? undefined : byName.get(lower);
    }
    for (const link of chain.reverse()) ordered.add(link);
  }
  return [...ordered];
}

function hardwareSteps(link: DeclaredLink): readonly BootStep[] {
  if (link.created !== null) return [];
  const steps: BootStep[] = [];
  if (link.mac !== null) {
    steps.push(
      buildStep({ kind: "link-mac", link: link.name, mac: link.mac.value }, link.mac.source, link.unit),
    );
  }
  if (link.mtu !== null) {
    steps.push(
      buildStep({ kind: "link-mtu", link: link.name, mtu: link.mtu.value }, link.mtu.source, link.unit),
    );
  }
  return steps;
}

function creationSteps(link: DeclaredLink, byName: LinksByName): readonly BootStep[] {
  if (link.created === null) return [];
  const created: Link = {
    name: link.name,
    type: link.created,
    mac: link.mac?.value ?? null,
    mtu: mtuOf(link, byName, 0),
    isUp: false,
    hasCarrier: false,
    master: null,
    isNoArp: link.created.kind === "dummy" || link.created.kind === "other",
    source: link.source,
  };
  return [buildStep({ kind: "link-add", link: created }, link.source, link.unit)];
}

const ETHERNET_MTU = 1500;
/** drivers/net/vxlan: outer Ethernet 14, IPv4 20, UDP 8, VXLAN 8. */
const VXLAN_OVERHEAD = 50;
/** Deeper stacks of links than the kernel allows (MAX_NEST_DEV) end the search for a lower link's MTU. */
const MAX_NESTING = 8;

function mtuOf(link: DeclaredLink, byName: LinksByName, depth: number): number {
  if (link.mtu !== null) return link.mtu.value;
  const lowerName = lowerOf(link.created);
  if (lowerName === null || depth === MAX_NESTING) return ETHERNET_MTU;
  const lower = byName.get(lowerName);
  const lowerMtu = lower === undefined ? ETHERNET_MTU : mtuOf(lower, byName, depth + 1);
  return link.created?.kind === "vxlan" ? lowerMtu - VXLAN_OVERHEAD : lowerMtu;
}

function masterSteps(link: DeclaredLink): readonly BootStep[] {
  if (link.master === null) return [];
  const { value: master, source } = link.master;
  return [buildStep({ kind: "link-master", link: link.name, master }, source, link.unit)];
}

function activationSteps(link: DeclaredLink): readonly BootStep[] {
  if (link.activation === "untouched") return [];
  const kind = link.activation === "up" ? "link-up" : "link-down";
  return [buildStep({ kind, link: link.name }, link.source, link.unit)];
}

function addressSteps(link: DeclaredLink): readonly BootStep[] {
  return link.addresses.map((address) =>
    buildStep({ kind: "address-add", address }, address.source ?? link.source, link.unit),
  );
}

function routeSteps(link: DeclaredLink): readonly BootStep[] {
  return link.routes.map((route: Route) =>
    buildStep({ kind: "route-append", route }, route.source ?? link.source, link.unit),
  );
}

function hasGateway(step: BootStep): boolean {
  return step.operation.kind === "route-append" && step.operation.route.gateway !== null;
}
