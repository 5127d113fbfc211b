import fc from "fast-check";
import { mac } from "#ip/index.js";
import { type FdbEntry, linkName } from "#model/index.js";
import { flannelType, type HostSketch, ip } from "./fleet-builder.js";
import { buildStaged, type StagedNetwork } from "./random-network.js";

/** What the nodes of a fleet have in common, and where some of them differ. */
interface Symmetry {
  readonly nodes: number;
  readonly overlay: "none" | "vxlan" | "host-gw";
  readonly hasBridges: boolean;
  /** What each node goes through, in this order. */
  readonly lengths: readonly number[];
  /** Nodes that stay in the first stage. */
  readonly idle: readonly number[];
  readonly breaks: readonly Break[];
  readonly hasRouter: boolean;
}

/** One node says or is something that the others are not. */
interface Break {
  readonly node: number;
  readonly peer: number;
  readonly kind: (typeof BREAKS)[number];
}

const BREAKS = [
  "forgets",
  "wrong-mac",
  "wrong-remote",
  "forwards",
  "host-route",
  "through-router",
  "static-neighbour",
  "names-prefix",
] as const;

/** Fleets of nodes that can be exchanged, or nearly, in all their stages: a full mesh of an overlay names every node on every other one. */
export function symmetricNetwork(maxNodes: number, maxStages: number): fc.Arbitrary<StagedNetwork> {
  return fc
    .record({
      nodes: fc.integer({ min: 2, max: maxNodes }),
      overlay: fc.constantFrom("none", "vxlan", "vxlan", "host-gw"),
      hasBridges: fc.boolean(),
      lengths: fc.uniqueArray(fc.constantFrom(24, 16, 8, 29), { minLength: 1, maxLength: maxStages }),
      idle: fc.oneof(
        fc.constant<readonly number[]>([]),
        fc.uniqueArray(fc.nat(maxNodes - 1), { maxLength: 2 }),
      ),
      breaks: fc.oneof(
        fc.constant<readonly Break[]>([]),
        fc.array(
          fc.record({
            node: fc.nat(maxNodes - 1),
            peer: fc.nat(maxNodes - 1),
            kind: fc.constantFrom(...BREAKS),
          }),
          { maxLength: 2 },
        ),
      ),
      hasRouter: fc.boolean(),
    })
    .map((symmetry) => {
      const sketches = Array.from({ length: symmetry.nodes }, (_, node) =>
        (symmetry.idle.includes(node) ? symmetry.lengths.slice(0, 1) : symmetry.lengths).map((length) =>
          sketchNode(symmetry, node, length),
        ),
      );
      const router: HostSketch = {
        links: { e0: { on: "s0", addresses: ["10.0.0.254/16"] } },
        sysctls: { ip_forward: 1 },
        routes: peersOf(symmetry, -1).map((peer) => `${podNetwork(peer)} via ${nodeAddress(peer)}`),
      };
      return buildStaged(symmetry.hasRouter ? [[router], ...sketches] : sketches);
    });
}

function sketchNode(symmetry: Symmetry, node: number, length: number): HostSketch {
  const { overlay, hasBridges, breaks, hasRouter } = symmetry;
  const isBroken = (kind: Break["kind"], peer: number | null = null): boolean =>
    breaks.some((each) => each.kind === kind && each.node === node && (peer === null || each.peer === peer));
  const peers = peersOf(symmetry, node).filter((peer) => !isBroken("forgets", peer));
  const routes = peers.flatMap((peer): readonly string[] => {
    if (overlay === "none") return [];
    if (isBroken("through-router", peer)) return [`${podNetwork(peer)} via 10.0.0.254 dev e0 onlink`];
    return overlay === "vxlan"
      ? [`${podNetwork(peer)} via ${podAddress(peer, 0)} dev flannel.1 onlink`]
      : [`${podNetwork(peer)} via ${nodeAddress(peer)} dev e0 onlink`];
  });
  const named = breaks.filter((each) => each.node === node && each.peer < symmetry.nodes);
  return {
    links: {
      e0: { on: "s0", addresses: [`${nodeAddress(node)}/${length}`] },
      ...(overlay === "vxlan"
        ? {
            "flannel.1": {
              type: flannelType(nodeAddress(node), "e0"),
              mac: tunnelMac(node),
              addresses: [`${podAddress(node, 0)}/32`],
            },
          }
        : {}),
      ...(hasBridges && overlay !== "none"
        ? {
            cni0: {
              type: { kind: "bridge", isVlanAware: false } as const,
              addresses: [`${podAddress(node, 1)}/24`],
            },
          }
        : {}),
    },
    routes: [
      ...(hasRouter ? ["default via 10.0.0.254 dev e0 onlink"] : []),
      ...routes,
      ...named.flatMap(({ kind, peer }) => namingRoutes(kind, peer)),
    ],
    neighbours: [
      ...(overlay === "vxlan" ? peers : []).map((peer) => {
        const lladdr = isBroken("wrong-mac", peer) ? tunnelMac(node) : tunnelMac(peer);
        return `${podAddress(peer, 0)} lladdr ${lladdr} dev flannel.1 nud permanent`;
      }),
      ...named
        .filter(({ kind, peer }) => kind === "static-neighbour" && peer !== node)
        .map(({ peer }) => `${nodeAddress(peer)} lladdr 02:00:00:00:77:77 dev e0 nud permanent`),
    ],
    fdb: overlay === "vxlan" ? peers.map((peer) => forwarding(peer, isBroken("wrong-remote", peer))) : [],
    sysctls: { ip_forward: isBroken("forwards") ? 0 : 1 },
  };
}

function namingRoutes(kind: Break["kind"], peer: number): readonly string[] {
  if (kind === "host-route") return [`${nodeAddress(peer)} dev e0`];
  return kind === "names-prefix" ? ["10.0.0.2/31 dev e0", "10.42.0.0/23 dev e0"] : [];
}

function forwarding(peer: number, isWrong: boolean): FdbEntry {
  return {
    mac: mac([2, 1, 0, 0, 0, peer]),
    link: linkName("flannel.1"),
    master: null,
    vlan: null,
    remote: ip(isWrong ? "10.0.0.99" : nodeAddress(peer)),
    isPermanent: true,
  };
}

function peersOf({ nodes }: Symmetry, node: number): readonly number[] {
  return Array.from({ length: nodes }, (_, peer) => peer).filter((peer) => peer !== node);
}

function nodeAddress(node: number): string {
  return `10.0.0.${node + 1}`;
}

function podNetwork(node: number): string {
  return `10.42.${node}.0/24`;
}

function podAddress(node: number, host: number): string {
  return `10.42.${node}.${host}`;
}

function tunnelMac(node: number): string {
  return mac([2, 1, 0, 0, 0, node]);
}
