import type { Link, LinkName, PortVlans, Segment } from "#model/index.js";
import type { CompiledHost } from "./compiled-host.js";

/** The hosts in their order of index, each in one state. */
export type HostStates = readonly CompiledHost[];

/** The echo request that a flow is: IP packet with 56 bytes of payload, as ping(8) sends it. */
export const ECHO_BYTES = 84;
/** What VXLAN adds: Ethernet, IP, UDP and VXLAN headers; RFC 7348, section 5. */
export const VXLAN_BYTES = 50;
/** The largest packet of a flow: the request inside a tunnel. */
export const TUNNEL_BYTES = ECHO_BYTES + VXLAN_BYTES;

/** From one place where frames meet to the next; `port` is the bridge port that it goes by. */
export interface Edge {
  readonly to: string;
  readonly port: LinkName | null;
}

/** What is not known of domains, by the root of their places. */
export interface Marks {
  readonly unknown: ReadonlyMap<string, string>;
  readonly fog: ReadonlyMap<string, string>;
}

/**
 * A union-find over the places where frames meet (segments, bridges, bonds, each VLAN apart), with the edges that joined them; it lives
 * while one `Layer2` is built and answers its look-ups after.
 */
export class DomainGraph {
  readonly #parents = new Map<string, string>();
  readonly #wires = new Map<string, string>();
  readonly #edges = new Map<string, Edge[]>();
  readonly #unknown = new Map<string, string>();
  readonly #fog = new Map<string, string>();
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

  readonly edgesOf = (node: string): readonly Edge[] => this.#edges.get(node) ?? [];

  marks(): Marks {
    const byRoot = (marks: ReadonlyMap<string, string>): ReadonlyMap<string, string> =>
      new Map([...marks].map(([node, why]) => [this.find(node), why]));
    return { unknown: byRoot(this.#unknown), fog: byRoot(this.#fog) };
  }

  /** Where frames go that the host sends on the link, with a VLAN tag (0: none); null where they go nowhere. */
  plugOf(host: number, name: LinkName, tag = 0): string | null {
    const link = this.#hosts[host]?.linkByName.get(name)?.link;
    if (link === undefined || !link.isUp || !link.hasCarrier) return null;
    switch (link.type.kind) {
      case "bridge":
        return link.type.isVlanAware ? this.#plugOfAware(host, link, tag) : `bridge ${host} ${name} ${tag}`;
      case "bond":
        return `bond ${host} ${name} ${tag}`;
      case "vlan":
        return tag === 0 ? this.plugOf(host, link.type.lower, link.type.id) : this.#stacked(host, name, tag);
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
      for (const { link } of host.links) {
        const master = link.master === null ? undefined : host.linkByName.get(link.master)?.link;
        if (master?.type.kind === "bond") this.#joinBond(index, { port: link, bond: master, tags });
        if (master?.type.kind === "bridge") this.#joinBridge(index, { port: link, bridge: master, tags });
      }
    });
  }

  #wire(host: number, name: LinkName, tag: number): string {
    const segment = this.#wires.get(`${this.#hosts[host]?.host.id} ${name}`);
    return segment === undefined ? `unwired ${host} ${name} ${tag}` : `segment ${segment} ${tag}`;
  }

  #stacked(host: number, name: LinkName, tag: number): string {
    const node = `stacked ${host} ${name} ${tag}`;
    this.#unknown.set(node, `a VLAN inside the VLAN link \`${name}\` is not modelled`);
    return node;
  }

  /** The bridge itself is one of its ports: what it sends without a tag is in its own PVID. */
  #plugOfAware(host: number, { name, bridgeVlans }: Link, tag: number): string | null {
    if (bridgeVlans === undefined) {
      const node = `bridge ${host} ${name} with unknown VLANs`;
      this.#unknown.set(node, unknownVlans(name));
      return node;
    }
    const vlan = tag === 0 ? bridgeVlans.pvid : tag;
    if (vlan === null || tagOf(bridgeVlans, vlan) === "none") return null;
    const node = `bridge ${host} ${name} ${vlan}`;
    if (tagOf(bridgeVlans, vlan) !== tag) this.#unknown.set(node, oneWayVlan(name, vlan));
    return node;
  }

  #joinBridge(host: number, { port, bridge, tags }: Joining & { readonly bridge: Link }): void {
    if (port.type.kind === "vxlan" || port.type.kind === "other") {
      const why = `port \`${port.name}\` of \`${bridge.name}\` is not modelled`;
      this.#unknown.set(`bridge ${host} ${bridge.name} 0`, why);
    }
    if (bridge.type.kind === "bridge" && bridge.type.isVlanAware) {
      this.#joinAware(host, { port, bridge, tags });
      return;
    }
    if (port.mtu < TUNNEL_BYTES) {
      this.#unknown.set(`bridge ${host} ${bridge.name} 0`, `port \`${port.name}\` has an MTU of ${port.mtu}`);
    }
    const taken = this.#ownTags(host, port);
    for (const tag of tags) {
      const inside = this.plugOf(host, bridge.name, tag);
      if (inside === null) continue;
      if (taken.has(tag)) {
        this.#unknown.set(inside, `\`${port.name}\` has a VLAN link of its own for tag ${tag}`);
        continue;
      }
      this.#join(inside, this.plugOf(host, port.name, tag), port.name);
    }
  }

  /** Frames with these tags are the port's own VLAN links', and its bridge does not see them (net/core/dev.c, vlan_do_receive comes first). */
  #ownTags(host: number, port: Link): ReadonlySet<number> {
    return new Set(
      this.#hosts[host]?.links.flatMap(({ link: { type, isUp } }) =>
        type.kind === "vlan" && type.lower === port.name && isUp ? [type.id] : [],
      ),
    );
  }

  #joinAware(host: number, { port, bridge, tags }: Joining & { readonly bridge: Link }): void {
    const vlans = port.bridgeVlans;
    if (vlans === undefined || bridge.bridgeVlans === undefined) {
      for (const tag of tags) this.#cloud(this.plugOf(host, port.name, tag), unknownVlans(bridge.name));
      return;
    }
    if (!bridge.isUp) return;
    for (const vlan of new Set([...vlans.untagged, ...tags.filter((tag) => vlans.tagged.includes(tag))])) {
      const tag = tagOf(vlans, vlan);
      const inside = `bridge ${host} ${bridge.name} ${vlan}`;
      if (tag === "one-way" || tag === "none") {
        this.#unknown.set(inside, oneWayVlan(port.name, vlan));
        this.#cloud(this.plugOf(host, port.name), oneWayVlan(port.name, vlan));
      } else {
        this.#join(inside, this.plugOf(host, port.name, tag), port.name);
      }
      if (port.mtu < TUNNEL_BYTES)
        this.#unknown.set(inside, `port \`${port.name}\` has an MTU of ${port.mtu}`);
    }
  }

  #cloud(node: string | null, why: string): void {
    if (node !== null) this.#fog.set(node, why);
  }

  /** A bond hands nothing from slave to slave: two slaves on one segment are one leg, on two segments nobody knows which is active. */
  #joinBond(host: number, { port, bond, tags }: Joining & { readonly bond: Link }): void {
    for (const tag of tags) {
      const [inside, outside] = [this.plugOf(host, bond.name, tag), this.plugOf(host, port.name, tag)];
      if (inside === null || outside === null) continue;
      const joined = this.#edges.get(inside)?.find((edge) => edge.port !== null)?.to;
      if (joined === undefined) this.#join(inside, outside, port.name);
      else if (joined !== outside) {
        const why = `\`${bond.name}\` has slaves on several segments`;
        for (const node of [inside, outside]) this.#unknown.set(node, why);
      }
    }
  }

  #join(inside: string, outside: string | null, port: LinkName): void {
    if (outside === null) return;
    const [from, to] = [this.find(inside), this.find(outside)];
    if (from === to) {
      this.#unknown.set(inside, `frames can go round through \`${port}\`: spanning tree is not modelled`);
      return;
    }
    this.#parents.set(from, to);
    push(this.#edges, inside, { to: outside, port });
    push(this.#edges, outside, { to: inside, port: null });
  }

  /** The tags that somebody sends with; a trunk may carry all 4094. */
  #tags(): readonly number[] {
    const ids = this.#hosts.flatMap((host) =>
      host.links.flatMap(({ link: { type, bridgeVlans } }) => [
        ...(type.kind === "vlan" ? [type.id] : []),
        ...(bridgeVlans?.pvid == null ? [] : [bridgeVlans.pvid]),
      ]),
    );
    return [0, ...new Set(ids)];
  }
}

interface Joining {
  readonly port: Link;
  readonly tags: readonly number[];
}

/** The tag that frames of this VLAN have outside the port (0: none), if it is the same both ways. */
function tagOf({ pvid, untagged, tagged }: PortVlans, vlan: number): number | "one-way" | "none" {
  const isUntagged = untagged.includes(vlan);
  if (!isUntagged && !tagged.includes(vlan)) return "none";
  if ((vlan === pvid) !== isUntagged) return "one-way";
  return isUntagged ? 0 : vlan;
}

function unknownVlans(bridge: LinkName): string {
  return `which VLANs the ports of \`${bridge}\` carry is not known`;
}

function oneWayVlan(port: LinkName, vlan: number): string {
  return `\`${port}\` takes and gives VLAN ${vlan} in different ways`;
}

function push(edges: Map<string, Edge[]>, node: string, edge: Edge): void {
  const list = edges.get(node);
  if (list === undefined) edges.set(node, [edge]);
  else list.push(edge);
}
