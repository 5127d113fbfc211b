import { renderOperation } from "#formats/iproute2/index.js";
import { formatIPv4 } from "#ip/index.js";
import type { Host, Link, Operation, Segment, Snapshot } from "#model/index.js";
import { findDifference, type HostChange, isWiringHost } from "#plan/index.js";
import { bareHost, type FleetSpecification, type HostSpecification } from "../lab/fleet-specification.js";

/** A change in names that the kernel takes for links and the laboratory for hosts and segments. */
export interface KernelChange {
  readonly hosts: readonly Host[];
  readonly segments: readonly Segment[];
  readonly changes: readonly HostChange[];
}

/** Longer ones, and those with a slash or a space, are refused; net/core/dev.c, dev_valid_name. */
const LINK_NAME = /^[^\s/:]{1,15}$/;

/**
 * Renames what only the model can call so: the hosts and links that stand for wiring. Hosts of the fleet keep their names, as their links
 * do where the kernel takes them.
 */
export function renamed({ hosts, segments }: Snapshot, changes: readonly HostChange[]): KernelChange {
  const names = new Map<string, string>();
  for (const host of hosts.values()) {
    if (isWiringHost(host.id)) names.set(host.id, `wiring${names.size}`);
    for (const { name } of host.links) {
      if (!LINK_NAME.test(name) && !names.has(name)) names.set(name, `l${names.size}`);
    }
  }
  const change = { hosts: [...hosts.values()], segments, changes };
  return names.size === 0 ? change : withNames(change, names);
}

/** The same value, each text that is one of the names replaced. */
function withNames<T>(value: T, names: ReadonlyMap<string, string>): T {
  const walk = (part: unknown): unknown => {
    if (typeof part === "string") return names.get(part) ?? part;
    if (Array.isArray(part)) return part.map(walk);
    if (part instanceof Map) return new Map([...part].map(([key, item]) => [walk(key), walk(item)]));
    if (typeof part !== "object" || part === null) return part;
    return Object.fromEntries(Object.entries(part).map(([key, item]) => [key, walk(item)]));
  };
  return walk(value) as T;
}

/** The hosts wired and with nothing else: what the laboratory builds before any command. */
export function bareSpecification(origin: string, { hosts, segments }: KernelChange): FleetSpecification {
  const ports = new Map(
    segments.flatMap((segment, index) =>
      segment.ports.map((port) => [`${port.host} ${port.link}`, index] as const),
    ),
  );
  const loose: string[] = [];
  const specified = hosts.map(
    (host, index): HostSpecification => ({
      ...bareHost(host.id),
      ports: host.links.filter(isPort).map((link, place) => {
        const segment = ports.get(`${host.id} ${link.name}`);
        // A link that is plugged into nothing gets a switch of its own: it has carrier, as the model says.
        if (segment === undefined) loose.push(`loose${loose.length}`);
        const mac = link.mac ?? `02:fd:00:00:${hex(index)}:${hex(place)}`;
        return {
          link: link.name,
          segment: segment === undefined ? `loose${loose.length - 1}` : `seg${segment}`,
          mac,
        };
      }),
    }),
  );
  return {
    origin,
    segments: [...segments.map((_, index) => `seg${index}`), ...loose],
    hosts: specified,
    strangers: [],
  };
}

function hex(value: number): string {
  return value.toString(16).padStart(2, "0");
}

function isPort({ type }: Link): boolean {
  return type.kind === "ethernet";
}

/** The specification of a state on the way: the same cables, the links and caches that the hosts have now. */
export function specificationOf(bare: FleetSpecification, state: readonly Host[]): FleetSpecification {
  const now = new Map(state.map((host) => [String(host.id), host] as const));
  return {
    ...bare,
    hosts: bare.hosts.map((host) => {
      const stage = now.get(host.name);
      return stage === undefined ? host : { ...host, ...softwareLinks(stage), ...caches(stage) };
    }),
  };
}

function softwareLinks({ links }: Host): Pick<HostSpecification, "bridges" | "vxlans"> {
  return {
    bridges: links
      .filter(({ type }) => type.kind === "bridge")
      .map(({ name, mac }) => ({ link: name, mac: mac ?? "", ports: [] })),
    vxlans: links.flatMap(({ name, mac, type }) =>
      type.kind === "vxlan"
        ? [{ link: name, mac: mac ?? "", id: type.id, local: "", lower: type.lower ?? "", port: type.port }]
        : [],
    ),
  };
}

/** What a flush takes away and the laboratory puts back before each flow. */
function caches({ neighbours, fdb }: Host): Pick<HostSpecification, "neighbours" | "fdb"> {
  const lasting = new Set(["permanent", "noarp", "failed", "incomplete"]);
  return {
    neighbours: neighbours
      .filter(({ isProxy, mac, state }) => !isProxy && mac !== null && !lasting.has(state))
      .map(({ ip, mac, link, state }) => `${formatIPv4(ip)} lladdr ${mac} dev ${link} nud ${state}`),
    fdb: fdb
      .filter(({ master, isPermanent, isStatic }) => master !== null && (!isPermanent || isStatic === true))
      .map((entry) => {
        const vlan = entry.vlan === null ? "" : ` vlan ${entry.vlan}`;
        return `add ${entry.mac} dev ${entry.link} master${vlan} ${entry.isStatic === true ? "static" : "dynamic"}`;
      }),
  };
}

/** The commands that bring a host from what the kernel has of it to this state, or what they cannot bring about. */
export function commandsTo(
  kernel: Host,
  wanted: Host,
):
  | { readonly ok: true; readonly commands: readonly string[] }
  | { readonly ok: false; readonly why: string } {
  const found = findDifference(kernel, wanted);
  if (found.kind === "found") return { ok: true, commands: found.operations.map(renderOperation) };
  return { ok: false, why: `${wanted.id}: ${found.remaining.join("; ")} (the kernel says ${found.refusal})` };
}

/** The commands of operations that a host has still to do. */
export function commandsOf(operations: readonly Operation[]): readonly string[] {
  return operations.map(renderOperation);
}

/** Keys of a link that decide about packets; what else a new namespace has is left as it is. */
const DECIDING =
  /^(?:ip_forward|conf\..+\.(?:accept_local|accept_redirects|arp_accept|arp_announce|arp_filter|arp_ignore|forwarding|promote_secondaries|proxy_arp|proxy_arp_pvlan|route_localnet|rp_filter|secure_redirects|send_redirects|shared_media|src_valid_mark))$/;

/** A host as it was read from the kernel, with only those sysctls that the model knows the defaults of. */
export function withKnownSysctls(host: Host): Host {
  return { ...host, sysctls: new Map([...host.sysctls].filter(([key]) => DECIDING.test(key))) };
}

/** Whether a host of a renamed change is a part of the wiring. */
export function isWiring({ id }: Pick<Host, "id">): boolean {
  return /^wiring\d+$/.test(id);
}

/** A host of wiring before any command: its cables, and nothing done to them. */
export function bareWiring(host: Host): Host {
  return { ...host, links: host.links.filter(isPort).map((link) => ({ ...link, isUp: true, master: null })) };
}
