import type { Host, Link, LinkName, Segment } from "#model/index.js";
import { VXLAN_BYTES } from "./domain-graph.js";
import type { Flow, FlowKind, FoldedFlows } from "./fold.js";
import type { StagedHost } from "./world.js";

/**
 * Whether some full-size packet may be longer than some link on its way takes, in any stage. Where every link that reaches another host
 * has one MTU and tunnels leave room for their headers, what becomes of a flow does not depend on the size of its packets.
 */
export function hasMixedMtus(hosts: readonly StagedHost[], segments: readonly Segment[]): boolean {
  const shared = segments.filter(({ ports }) => ports.length > 1);
  const wired = new Set(shared.flatMap(({ ports }) => ports.map(({ host, link }) => `${host} ${link}`)));
  const mtus = new Set<number>();
  let widest = 0;
  for (const host of hosts.flatMap(withOtherLinks)) {
    const reach = reachingLinks(host, (name) => wired.has(`${host.id} ${name}`));
    for (const link of host.links) {
      if (link.type.kind === "vxlan") widest = Math.max(widest, link.mtu + VXLAN_BYTES);
      else if (reach.has(link.name)) mtus.add(link.mtu);
    }
  }
  return mtus.size > 1 || widest > Math.min(...mtus);
}

/** The stages of a host whose links are not those of the stage before. */
function withOtherLinks({ stages }: StagedHost): readonly Host[] {
  return stages.filter(({ links }, index) => links !== stages[index - 1]?.links);
}

/** Links by which frames get to other hosts: ports of their segments, and what stands on them. */
function reachingLinks(host: Host, isWired: (name: LinkName) => boolean): ReadonlySet<LinkName> {
  const reach = new Set(host.links.map(({ name }) => name).filter(isWired));
  for (let size = -1; size !== reach.size; ) {
    size = reach.size;
    for (const link of host.links) {
      const below = link.type.kind === "vlan" ? [link.type.lower] : portsOf(host.links, link.name);
      if (below.some((name) => reach.has(name))) reach.add(link.name);
    }
  }
  return reach;
}

function portsOf(links: readonly Link[], master: LinkName): readonly LinkName[] {
  return links.filter((link) => link.master === master).map(({ name }) => name);
}

/** The same flows with full-size packets besides, where they are asked about: hosts that are alike are so for packets of any size. */
export function addFullSize<D>(
  { kinds, kindOf }: FoldedFlows<D>,
  demandOf: (flow: Flow) => D | null,
): FoldedFlows<D> {
  const twins = new Map<FlowKind<D>, FlowKind<D>>();
  for (const kind of kinds) {
    const flow: Flow = { ...kind.flow, size: "full" };
    const demand = demandOf(flow);
    if (demand !== null) twins.set(kind, { ...kind, flow, key: { ...kind.key, size: "full" }, demand });
  }
  return {
    kinds: [...kinds, ...twins.values()],
    kindOf: (flow) => {
      const kind = kindOf(flow);
      if (kind === null || flow.size === undefined) return kind;
      return twins.get(kind) ?? null;
    },
  };
}
