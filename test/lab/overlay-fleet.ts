import { bareHost, type FleetSpecification, type HostSpecification } from "./fleet-specification.js";
import type { RandomSource } from "./random-source.js";

const VXLAN_ID = 1;
/** flannel's port; not the IANA one. */
const VXLAN_PORT = 8472;

interface Node {
  readonly host: HostSpecification;
  readonly number: number;
  /** The underlay address and its link. */
  readonly local: string;
  readonly lower: string;
  readonly mac: string;
}

/**
 * flannel's VXLAN back end on most hosts, set up as flanneld does it: a VXLAN link that learns nothing, per peer one
 * permanent neighbour, one FDB entry and one onlink route, and a bridge with the node's pod gateway. Now and then an
 * entry is missing or wrong.
 */
export function overlayOn(random: RandomSource, fleet: FleetSpecification): FleetSpecification {
  const nodes = fleet.hosts.flatMap((host, index) => (random.chance(0.85) ? nodeOf(host, index + 1) : []));
  const hosts = fleet.hosts.map((host) => {
    const node = nodes.find((candidate) => candidate.host === host);
    return node === undefined ? host : withOverlay(random, node, nodes);
  });
  const pods = nodes.filter(() => random.chance(0.4)).map(podOf);
  const podSegments = nodes.map((node) => `pods${node.number}`);
  return {
    ...fleet,
    segments: [...fleet.segments, ...podSegments],
    hosts: [...hosts, ...pods],
    strangers: [...fleet.strangers, "10.42.1.99", "10.42.99.1"],
  };
}

function podOf({ number }: Node): HostSpecification {
  const port = { link: "eth0", segment: `pods${number}`, mac: `02:42:00:00:02:0${number}` };
  const addresses = [`10.42.${number}.2/24 dev eth0`];
  return { ...bareHost(`p${number}`), ports: [port], addresses, routes: [`default via 10.42.${number}.1`] };
}

function nodeOf(host: HostSpecification, number: number): readonly Node[] {
  const [local, , , lower] = host.addresses[0]?.split(/[/ ]/) ?? [];
  if (local === undefined || lower === undefined) return [];
  return [{ host, number, local, lower, mac: `02:42:00:00:00:0${number}` }];
}

function withOverlay(random: RandomSource, node: Node, nodes: readonly Node[]): HostSpecification {
  const { host, number, local, lower, mac } = node;
  const peers = nodes.filter((peer) => peer !== node && random.chance(0.95));
  const vteps = nodes.map((peer) => peer.local);
  return {
    ...host,
    ports: [...host.ports, { link: "pod0", segment: `pods${number}`, mac: `02:42:00:00:03:0${number}` }],
    vxlans: [{ link: "flannel.1", mac, id: VXLAN_ID, local, lower, port: VXLAN_PORT }],
    bridges: [...host.bridges, { link: "cni0", mac: `02:42:00:00:01:0${number}`, ports: ["pod0"] }],
    sysctls: random.chance(0.9) ? ["ip_forward=1", ...host.sysctls.slice(1)] : host.sysctls,
    addresses: [...host.addresses, `10.42.${number}.0/32 dev flannel.1`, `10.42.${number}.1/24 dev cni0`],
    routes: [
      ...host.routes,
      ...peers
        .filter(() => random.chance(0.95))
        .map((peer) => `10.42.${peer.number}.0/24 via 10.42.${peer.number}.0 dev flannel.1 onlink`),
    ],
    neighbours: [
      ...host.neighbours,
      ...peers
        .filter(() => random.chance(0.95))
        .map(
          (peer) =>
            `10.42.${peer.number}.0 lladdr ${peerMac(random, peer, nodes)} dev flannel.1 nud permanent`,
        ),
    ],
    fdb: [
      ...host.fdb,
      ...peers
        .filter(() => random.chance(0.93))
        .map(
          (peer) =>
            `append ${peer.mac} dev flannel.1 dst ${random.chance(0.95) ? peer.local : random.pick(vteps)} self permanent`,
        ),
    ],
  };
}

function peerMac(random: RandomSource, peer: Node, nodes: readonly Node[]): string {
  return random.chance(0.95) ? peer.mac : random.pick(nodes).mac;
}
