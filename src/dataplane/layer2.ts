import type { Mac } from "#ip/index.js";
import type { LinkName, Segment } from "#model/index.js";
import type { CompiledHost, CompiledLink } from "./compiled-host.js";

/** A link that takes frames up to layer 3, seen from the segment. */
export interface Leg {
  readonly host: number;
  readonly link: LinkName;
  readonly mac: Mac;
}

/** Everything that hears a broadcast of one of its legs. */
export interface Domain {
  readonly legs: readonly Leg[];
  readonly byMac: ReadonlyMap<Mac, readonly Leg[]>;
  readonly byHost: ReadonlyMap<number, readonly Leg[]>;
  /** Why frames of this domain cannot be followed, or null. */
  readonly unknown: string | null;
}

/** Which domain a host's link sends into. */
export interface Layer2 {
  readonly domainOf: (host: number, link: LinkName) => Domain | null;
}

/** The hosts in their order of index, each in one state. */
export type HostStates = readonly CompiledHost[];

/** The part of a host on which layer 2 depends, as a text to compare: addresses, routes and MTU have no say in it. */
export function layer2Shape(host: CompiledHost): string {
  return host.links
    .map(({ link }) =>
      JSON.stringify([link.name, link.type, link.mac, link.isUp, link.hasCarrier, link.master]),
    )
    .join();
}

/**
 * Joins links to broadcast domains: through segments, through bridges and bonds inside hosts, and for each VLAN tag apart.
 * Switches learn perfectly; what a VLAN-aware bridge or a VXLAN port of a bridge does is not followed.
 */
export function buildLayer2(hosts: HostStates, segments: readonly Segment[]): Layer2 {
  const graph = new DomainGraph(hosts, segments);
  graph.joinPorts();
  const domains = graph.collect();
  return {
    domainOf: (host, link) => {
      const plug = graph.plugOf(host, link);
      return plug === null ? null : (domains.get(graph.find(plug)) ?? null);
    },
  };
}

/** A union-find over the places where frames meet; it lives while one `Layer2` is built and answers its look-ups after. */
class DomainGraph {
  readonly #parents = new Map<string, string>();
  readonly #wires = new Map<string, string>();
  readonly #uncertain = new Map<string, string>();
  readonly #hosts: HostStates;

  constructor(hosts: HostStates, segments: readonly Segment[]) {
    this.#hosts = hosts;
    for (const segment of segments) {
      for (const port of segment.ports) this.#wires.set(`${port.host} ${port.link}`, segment.id);
    }
  }

  find(node: string): string {
    let root = node;
    for (let up = this.#parents.get(root); up !== undefined; up = this.#parents.get(root)) root = up;
    if (root !== node) this.#parents.set(node, root);
    return root;
  }

  /** Where frames go that the host sends on the link, with a VLAN tag (0: none); null where they go nowhere. */
  plugOf(host: number, name: LinkName, tag = 0): string | null {
    const link = this.#hosts[host]?.linkByName.get(name)?.link;
    if (link === undefined || !link.isUp || !link.hasCarrier) return null;
    switch (link.type.kind) {
      case "bridge":
        return `bridge ${host} ${name} ${tag}`;
      case "bond":
        return `bond ${host} ${name} ${tag}`;
      case "vlan":
        return tag === 0 ? this.plugOf(host, link.type.lower, link.type.id) : null;
      case "ethernet":
        return this.#wire(host, name, tag);
      case "loopback":
      case "dummy":
      case "vxlan":
      case "other":
        return null;
    }
  }

  joinPorts(): void {
    const tags = this.#tags();
    this.#hosts.forEach((host, index) => {
      for (const link of host.links) {
        if (link.link.master !== null) this.#joinMaster(index, link, tags);
      }
    });
  }

  collect(): ReadonlyMap<string, Domain> {
    const legs = new Map<string, Leg[]>();
    this.#hosts.forEach((host, index) => {
      for (const link of host.links) {
        const leg = this.#legOf(host, index, link);
        const plug = leg === null ? null : this.plugOf(index, link.name);
        if (leg === null || plug === null) continue;
        const root = this.find(plug);
        legs.set(root, [...(legs.get(root) ?? []), leg]);
      }
    });
    const uncertain = new Map([...this.#uncertain].map(([node, why]) => [this.find(node), why]));
    return new Map(
      [...legs].map(([root, members]) => [root, buildDomain(members, uncertain.get(root) ?? null)]),
    );
  }

  #wire(host: number, name: LinkName, tag: number): string {
    const segment = this.#wires.get(`${this.#hosts[host]?.host.id} ${name}`);
    return segment === undefined ? `unwired ${host} ${name} ${tag}` : `segment ${segment} ${tag}`;
  }

  #joinMaster(host: number, port: CompiledLink, tags: readonly number[]): void {
    const master = this.#hosts[host]?.linkByName.get(port.link.master ?? port.name)?.link;
    if (master === undefined || (master.type.kind !== "bridge" && master.type.kind !== "bond")) return;
    if (port.link.type.kind === "vxlan" || port.link.type.kind === "other") {
      this.#uncertain.set(
        `bridge ${host} ${master.name} 0`,
        `port \`${port.name}\` of \`${master.name}\` is not modelled`,
      );
    }
    for (const tag of tags) {
      const [inside, outside] = [this.plugOf(host, master.name, tag), this.plugOf(host, port.name, tag)];
      if (inside !== null && outside !== null) this.#union(inside, outside);
    }
  }

  #union(a: string, b: string): void {
    const [rootA, rootB] = [this.find(a), this.find(b)];
    if (rootA !== rootB) this.#parents.set(rootA, rootB);
  }

  #tags(): readonly number[] {
    const ids = this.#hosts.flatMap((host) =>
      host.links.flatMap(({ link }) => (link.type.kind === "vlan" ? [link.type.id] : [])),
    );
    return [0, ...new Set(ids)];
  }

  /** A port's frames are taken by its bridge, also those for the port's own address; a plain link takes its own. */
  #legOf(host: CompiledHost, index: number, { link }: CompiledLink): Leg | null {
    if (link.mac === null) return null;
    if (link.master === null) return { host: index, link: link.name, mac: link.mac };
    const master = host.linkByName.get(link.master)?.link;
    const isPort = master !== undefined && (master.type.kind === "bridge" || master.type.kind === "bond");
    if (!isPort) return { host: index, link: link.name, mac: link.mac };
    return link.mac === master.mac ? null : { host: index, link: master.name, mac: link.mac };
  }
}

function buildDomain(legs: readonly Leg[], unknown: string | null): Domain {
  const byMac = new Map<Mac, Leg[]>();
  const byHost = new Map<number, Leg[]>();
  for (const leg of legs) {
    byMac.set(leg.mac, [...(byMac.get(leg.mac) ?? []), leg]);
    byHost.set(leg.host, [...(byHost.get(leg.host) ?? []), leg]);
  }
  return { legs, byMac, byHost, unknown };
}
