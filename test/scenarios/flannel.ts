import type { HostDocument, LinkDocument } from "./format.js";

/** The pod network of a cluster as flannel makes it at one end of a change. */
export interface FlannelSketch {
  /** Hosts in the order of their slices of 10.42.0.0/16: the first has 10.42.1.0/24. */
  readonly nodes: readonly string[];
  readonly backend: "vxlan" | "host-gw";
}

type Hosts = Readonly<Record<string, HostDocument>>;

interface Node {
  readonly name: string;
  readonly number: number;
  readonly link: string;
  readonly address: string;
}

/**
 * Adds what flannel gives its nodes, as flanneld does it: `cni0` with the gateway of the pods (a port of it, `pods`, is plugged in, so that
 * it has carrier), and for each peer a route: by the peer's address, or over `flannel.1` with a permanent neighbour and a forwarding entry.
 */
export function withFlannel(hosts: Hosts, { nodes, backend }: FlannelSketch): Hosts {
  const known = nodes.map((name, index) => findNode(hosts[name], { name, number: index + 1 }));
  return Object.fromEntries(
    Object.entries(hosts).map(([name, host]) => {
      const own = known.find((node) => node.name === name);
      if (own === undefined) return [name, host];
      const peers = known.filter((node) => node !== own);
      return [name, backend === "vxlan" ? withVxlan(host, own, peers) : withRoutes(host, own, peers)];
    }),
  );
}

/** The first address of the first link that is plugged in. */
function findNode(
  host: HostDocument | undefined,
  at: { readonly name: string; readonly number: number },
): Node {
  const [link = "", { addresses = [] } = {}] =
    Object.entries(host?.links ?? {}).find(([, { on }]) => on !== undefined) ?? [];
  const address = addresses[0]?.split("/")[0];
  if (address === undefined) throw new RangeError(`flannel: \`${at.name}\` has no link with an address`);
  return { ...at, link, address };
}

function withRoutes(host: HostDocument, own: Node, peers: readonly Node[]): HostDocument {
  const routes = peers.map((peer) => `${podsOf(peer)} via ${peer.address} dev ${own.link}`);
  return { ...withPods(host, own, 1500), routes: [...(host.routes ?? []), ...routes] };
}

function withVxlan(host: HostDocument, own: Node, peers: readonly Node[]): HostDocument {
  const tunnel: LinkDocument = {
    type: { vxlan: 1, local: own.address, lower: own.link },
    mac: macOf(own),
    mtu: 1450,
    addresses: [`10.42.${own.number}.0/32`],
  };
  const routes = peers.map((peer) => `${podsOf(peer)} via 10.42.${peer.number}.0 dev flannel.1 onlink`);
  const neighbours = peers.map(
    (peer) => `10.42.${peer.number}.0 lladdr ${macOf(peer)} dev flannel.1 nud permanent`,
  );
  const fdb = peers.map((peer) => `${macOf(peer)} dev flannel.1 dst ${peer.address}`);
  const laid = withPods(host, own, 1450);
  return {
    ...laid,
    links: { ...laid.links, "flannel.1": tunnel },
    routes: [...(host.routes ?? []), ...routes],
    neighbours: [...(host.neighbours ?? []), ...neighbours],
    fdb: [...(host.fdb ?? []), ...fdb],
  };
}

function withPods(host: HostDocument, { name, number }: Node, mtu: number): HostDocument {
  const bridge: LinkDocument = {
    type: "bridge",
    mac: `02:42:00:00:01:0${number}`,
    mtu,
    addresses: [`10.42.${number}.1/24`],
  };
  const port: LinkDocument = { on: `pods of ${name}`, mac: `02:42:00:00:02:0${number}`, mtu, master: "cni0" };
  return {
    ...host,
    links: { ...host.links, cni0: bridge, pods: port },
    sysctls: { ip_forward: 1, ...host.sysctls },
  };
}

function podsOf({ number }: Node): string {
  return `10.42.${number}.0/24`;
}

function macOf({ number }: Node): string {
  return `02:42:00:00:00:0${number}`;
}
