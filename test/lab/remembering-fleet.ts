import { bareHost, type FleetSpecification, type HostSpecification } from "./fleet-specification.js";
import { addressableLinks, macOf } from "./host-links.js";
import type { RandomSource } from "./random-source.js";

const KINDS = ["static", "static", "static sticky", "dynamic", "dynamic", "dynamic", "permanent"];
// Not `delay`: installed by hand it is probed at once, and fails before the first flow.
const STATES = ["stale", "reachable"];

/**
 * Caches that remember another network: bridges that join segments, with forwarding entries for the right and the wrong
 * port, and neighbour entries with the right and the wrong MAC that the kernel uses without asking.
 */
export function withMemories(random: RandomSource, fleet: FleetSpecification): FleetSpecification {
  const joined = { ...fleet, hosts: [...fleet.hosts, ...joiningBridges(random, fleet)] };
  return {
    ...joined,
    hosts: joined.hosts.map((host) => ({
      ...host,
      neighbours: [...host.neighbours, ...staleNeighbours(random, host, joined)],
      fdb: [...host.fdb, ...oldEntries(random, host, joined)],
    })),
  };
}

/** Hosts without addresses that join two segments; never in a ring, where frames would go round for ever. */
function joiningBridges(random: RandomSource, fleet: FleetSpecification): readonly HostSpecification[] {
  const groups = new Map(fleet.segments.map((segment) => [segment, segment]));
  const join = (a: string, b: string): boolean => {
    const [from, to] = [groups.get(a) ?? a, groups.get(b) ?? b];
    for (const [segment, group] of groups) if (group === from) groups.set(segment, to);
    return from !== to;
  };
  for (const { ports, bridges } of fleet.hosts) {
    for (const bridge of bridges) {
      const [first, ...others] = ports.filter((port) => bridge.ports.includes(port.link));
      for (const other of others) if (first !== undefined) join(first.segment, other.segment);
    }
  }
  return fleet.segments.flatMap((segment, index) => {
    const other = fleet.segments[index + 1];
    if (other === undefined || !random.chance(0.8) || !join(segment, other)) return [];
    const number = `0${index + 1}`;
    const ports = [segment, other].map((each, leg) => ({
      link: `e${leg}`,
      segment: each,
      mac: `02:00:00:00:e${leg}:${number}`,
    }));
    const bridge = { link: "br0", mac: `02:00:00:00:eb:${number}`, ports: ["e0", "e1"] };
    return [{ ...bareHost(`b${index + 1}`), ports, bridges: [bridge] }];
  });
}

function oldEntries(
  random: RandomSource,
  host: HostSpecification,
  fleet: FleetSpecification,
): readonly string[] {
  const macs = fleet.hosts
    .filter((other) => other !== host)
    .flatMap((other) => addressableLinks(other).map((link) => macOf(other, link)));
  const [bridge] = host.bridges;
  if (bridge === undefined) return [];
  return Array.from({ length: random.between(0, 4) }, () => {
    const kind = random.pick(KINDS);
    return `add ${random.pick(macs)} dev ${random.pick(bridge.ports)} master${kind === "permanent" ? "" : ` ${kind}`}`;
  });
}

function staleNeighbours(
  random: RandomSource,
  host: HostSpecification,
  fleet: FleetSpecification,
): readonly string[] {
  const links = addressableLinks(host).filter((link) =>
    host.addresses.some((line) => line.endsWith(` ${link}`)),
  );
  if (links.length === 0) return [];
  const addresses = fleet.hosts.filter((other) => other !== host).flatMap((other) => other.addresses);
  const macs = fleet.hosts.flatMap((other) => addressableLinks(other).map((link) => macOf(other, link)));
  return Array.from({ length: random.between(0, 3) }, () => {
    const [ip = ""] = random.pick(addresses).split("/");
    return `${ip} lladdr ${random.pick(macs)} dev ${random.pick(links)} nud ${random.pick(STATES)}`;
  });
}
