/** A fleet to build in namespaces, as plain JSON: what `spec.json` of a regression case holds and `fleet_builder.py` reads. */
export interface FleetSpecification {
  /** Where it came from: a profile and a seed, or the name of a hand-made case. */
  readonly origin: string;
  /** Layer-2 broadcast domains; the kernel is given a switch for each. */
  readonly segments: readonly string[];
  readonly hosts: readonly HostSpecification[];
  /** Destinations that nobody owns. */
  readonly strangers: readonly string[];
}

/** One host. Lines are what follows the verb of iproute2; a line the kernel refuses is simply not there. */
export interface HostSpecification {
  readonly name: string;
  readonly ports: readonly PortSpecification[];
  readonly bridges: readonly BridgeSpecification[];
  readonly vxlans: readonly VxlanSpecification[];
  /** `e0 mtu 9000`: `ip link set dev LINE`, after the links are made. */
  readonly mtus?: readonly string[];
  /** Links left administratively down. */
  readonly down: readonly string[];
  /** `conf.e0.rp_filter=1`, below net.ipv4, written in this order. */
  readonly sysctls: readonly string[];
  /** `ip addr add LINE`. */
  readonly addresses: readonly string[];
  /** `ip route append LINE`. */
  readonly routes: readonly string[];
  /** `ip rule add LINE`. */
  readonly rules: readonly string[];
  /** `ip neigh replace LINE`. */
  readonly neighbours: readonly string[];
  /** `bridge fdb LINE`. */
  readonly fdb: readonly string[];
}

/** One end of a veth pair whose other end is a port of the segment's switch. */
export interface PortSpecification {
  readonly link: string;
  readonly segment: string;
  readonly mac: string;
}

/** A bridge inside the host. */
export interface BridgeSpecification {
  readonly link: string;
  readonly mac: string;
  readonly ports: readonly string[];
}

/** A VXLAN link as flanneld makes it: no learning, its peers told by hand. */
export interface VxlanSpecification {
  readonly link: string;
  readonly mac: string;
  readonly id: number;
  readonly local: string;
  readonly lower: string;
  readonly port: number;
}

/** A host with nothing but its name. */
export function bareHost(name: string): HostSpecification {
  return {
    name,
    ports: [],
    bridges: [],
    vxlans: [],
    down: [],
    sysctls: [],
    addresses: [],
    routes: [],
    rules: [],
    neighbours: [],
    fdb: [],
  };
}

/** One question to the kernel: what becomes of an echo request from this host to this address. */
export interface FlowQuestion {
  readonly from: string;
  readonly to: string;
  /** Bytes of the IP packet, which must not be cut, or `full`; missing: a small one (sized.py). */
  readonly size?: number | "full";
}

/** All addresses named by the fleet's address lines and strangers, once each, in order. */
export function destinationsOf(fleet: FleetSpecification): readonly string[] {
  const owned = fleet.hosts.flatMap((host) => host.addresses.map(addressOfLine));
  return [...new Set([...owned, ...fleet.strangers])];
}

/** Every host to every destination. */
export function allQuestions(fleet: FleetSpecification): readonly FlowQuestion[] {
  const destinations = destinationsOf(fleet);
  return fleet.hosts.flatMap((host) => destinations.map((to) => ({ from: host.name, to })));
}

function addressOfLine(line: string): string {
  return line.split(/[/ ]/)[0] ?? line;
}
