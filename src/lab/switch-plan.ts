import type { HostId } from "#model/index.js";
import type { Lab, LabPort } from "./lab.js";
import type { LabSegment, LabSpecification } from "./specification.js";

/** The kernel gives a bridge 1023 ports (net/bridge/br_private.h, BR_PORT_BITS); some are for the cables between bridges of one segment. */
const PORTS_OF_BRIDGE = 1000;
/** What a veth pair takes at most (drivers/net/veth.c). */
const LARGEST_MTU = 65_535;

/** The switch of a lab: what is made once, and where each port of a host goes. */
export interface SwitchPlan {
  /** Commands in the namespace of the switch. */
  readonly commands: readonly (readonly string[])[];
  readonly ports: ReadonlyMap<string, PluggedPort>;
}

/** Where the other end of a host's cable goes. */
export interface PluggedPort {
  /** null: nowhere. */
  readonly bridge: string | null;
  readonly mtu: number;
}

/** Numbers all links of all hosts: port names are short and come from no name of a host or link. */
export function numberPorts(specification: LabSpecification): Lab["hosts"] {
  let port = 0;
  return specification.hosts.map(({ id, kind, links }, index) => ({
    id,
    kind,
    number: index + 1,
    links: links.map(({ name, isPlugged }): LabPort => {
      port += 1;
      return { link: name, port: `p${port}`, isPlugged };
    }),
  }));
}

/** Bridges for the segments, chained where one is too small, and the place of each port on them. */
export function planSwitch(segments: readonly LabSegment[], hosts: Lab["hosts"]): SwitchPlan {
  const portOf = new Map(
    hosts.flatMap(({ id, links }) => links.map(({ link, port }) => [cableKey(id, link), port] as const)),
  );
  const commands: string[][] = [];
  const ports = new Map<string, PluggedPort>();
  for (const [index, segment] of segments.entries()) {
    const mtu = segment.mtu ?? LARGEST_MTU;
    const used = segment.ports.flatMap(({ host, link }) => portOf.get(cableKey(host, link)) ?? []);
    const names = bridgeNames(index + 1, Math.ceil(used.length / PORTS_OF_BRIDGE));
    commands.push(...names.flatMap((name) => bridgeCommands(name, mtu)));
    commands.push(
      ...names.slice(1).flatMap((name, before) => chainCommands(names[before] ?? name, name, mtu)),
    );
    for (const [position, port] of used.entries())
      ports.set(port, { bridge: names[Math.floor(position / PORTS_OF_BRIDGE)] ?? null, mtu });
  }
  const left = [...portOf.values()].filter((port) => !ports.has(port));
  for (const port of left) ports.set(port, { bridge: null, mtu: LARGEST_MTU });
  return { commands, ports };
}

/** One string for a host's link; neither part has a line break in it. */
export function cableKey(host: HostId, link: string): string {
  return `${host}\n${link}`;
}

function bridgeNames(segment: number, count: number): readonly string[] {
  return Array.from({ length: Math.max(count, 1) }, (_, index) =>
    index === 0 ? `s${segment}` : `s${segment}x${index}`,
  );
}

/** A plain switch: no spanning tree, no snooping, ports that forward at once. */
function bridgeCommands(name: string, mtu: number): string[][] {
  return [
    [
      "ip",
      "link",
      "add",
      "name",
      name,
      "type",
      "bridge",
      "stp_state",
      "0",
      "mcast_snooping",
      "0",
      "forward_delay",
      "0",
    ],
    ["ip", "link", "set", "dev", name, "mtu", String(mtu), "up"],
  ];
}

function chainCommands(first: string, second: string, mtu: number): string[][] {
  const ends = [`${second}a`, `${second}b`] as const;
  const size = String(mtu);
  return [
    ["ip", "link", "add", "name", ends[0], "mtu", size, "type", "veth", "peer", "name", ends[1], "mtu", size],
    ["ip", "link", "set", "dev", ends[0], "master", first, "up"],
    ["ip", "link", "set", "dev", ends[1], "master", second, "up"],
  ];
}
