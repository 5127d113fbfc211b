/** How likely each ingredient of a random fleet is. Probabilities are per host, per link or per line, as named. */
export interface Profile {
  readonly name: string;
  readonly hosts: readonly [number, number];
  readonly segments: readonly [number, number];
  /** Per host and further segment. */
  readonly furtherLeg: number;
  /** Prefix lengths of the fleet; each fleet works with two or three of them. */
  readonly lengths: readonly number[];
  readonly extraAddress: number;
  /** Per host: a default route by some neighbour. */
  readonly defaultRoute: number;
  readonly routes: readonly [number, number];
  /** Per route: blackhole, unreachable, prohibit or throw. */
  readonly typedRoute: number;
  readonly onlink: number;
  readonly deviceRoute: number;
  readonly forwarding: number;
  /** Per sysctl of a host: set at all. */
  readonly rpFilter: number;
  readonly arpSysctl: number;
  readonly redirectSysctl: number;
  readonly proxyArp: number;
  readonly proxyNeighbour: number;
  readonly rareSysctl: number;
  /** Per host: permanent neighbour entries. */
  readonly neighbours: readonly [number, number];
  readonly rules: number;
  readonly bridge: number;
  /** Per host with a bridge: static FDB entries, right and wrong. */
  readonly staticFdb: number;
  readonly duplicateAddress: number;
  /** Per fleet: one MAC address on two links of different segments. */
  readonly duplicateMac: number;
  readonly downLink: number;
  /** flannel's VXLAN on top. */
  readonly overlay: boolean;
  /** Bridges between segments, and caches that are filled before each flow, right and wrong. */
  readonly memories: boolean;
}

const PLAIN: Profile = {
  name: "flat",
  hosts: [3, 7],
  segments: [1, 1],
  furtherLeg: 0,
  lengths: [8, 16, 24, 29, 30],
  extraAddress: 0.3,
  defaultRoute: 0.5,
  routes: [0, 3],
  typedRoute: 0.1,
  onlink: 0.15,
  deviceRoute: 0.15,
  forwarding: 0.5,
  rpFilter: 0.25,
  arpSysctl: 0.1,
  redirectSysctl: 0.1,
  proxyArp: 0.03,
  proxyNeighbour: 0.02,
  rareSysctl: 0,
  neighbours: [0, 0],
  rules: 0,
  bridge: 0,
  staticFdb: 0,
  duplicateAddress: 0,
  duplicateMac: 0,
  downLink: 0,
  overlay: false,
  memories: false,
};

/** The profiles, in the order in which a campaign goes round them. */
export const PROFILES: readonly Profile[] = [
  PLAIN,
  {
    ...PLAIN,
    name: "routers-in-a-row",
    hosts: [4, 8],
    segments: [3, 3],
    furtherLeg: 0.35,
    forwarding: 0.95,
    defaultRoute: 0.85,
    routes: [0, 3],
    rpFilter: 0.1,
  },
  {
    ...PLAIN,
    name: "multi-leg",
    hosts: [3, 7],
    segments: [2, 3],
    furtherLeg: 0.6,
    arpSysctl: 0.4,
    rpFilter: 0.4,
  },
  {
    ...PLAIN,
    name: "proxy",
    hosts: [3, 7],
    segments: [2, 3],
    furtherLeg: 0.5,
    forwarding: 0.8,
    proxyArp: 0.4,
    proxyNeighbour: 0.2,
    lengths: [8, 8, 16, 24],
  },
  {
    ...PLAIN,
    name: "wrong-neighbours",
    segments: [1, 2],
    furtherLeg: 0.3,
    forwarding: 0.8,
    neighbours: [0, 4],
  },
  { ...PLAIN, name: "rules", segments: [1, 2], furtherLeg: 0.4, rules: 0.6, forwarding: 0.7, routes: [1, 4] },
  {
    ...PLAIN,
    name: "bridged",
    segments: [1, 3],
    furtherLeg: 0.4,
    bridge: 0.5,
    staticFdb: 0.3,
    forwarding: 0.6,
  },
  {
    ...PLAIN,
    name: "overlay",
    hosts: [3, 6],
    segments: [1, 2],
    furtherLeg: 0.2,
    routes: [0, 2],
    overlay: true,
    forwarding: 0.9,
    arpSysctl: 0.05,
    rpFilter: 0.1,
  },
  {
    ...PLAIN,
    name: "everything",
    hosts: [2, 9],
    segments: [1, 3],
    furtherLeg: 0.45,
    lengths: [8, 9, 12, 15, 16, 20, 23, 24, 25, 28, 29, 30, 31, 32],
    extraAddress: 0.5,
    routes: [0, 5],
    typedRoute: 0.2,
    onlink: 0.2,
    deviceRoute: 0.25,
    forwarding: 0.65,
    rpFilter: 0.35,
    arpSysctl: 0.25,
    redirectSysctl: 0.25,
    proxyArp: 0.12,
    proxyNeighbour: 0.1,
    rareSysctl: 0.04,
    neighbours: [0, 3],
    rules: 0.25,
    bridge: 0.2,
    staticFdb: 0.15,
    duplicateAddress: 0.15,
    duplicateMac: 0.1,
    downLink: 0.04,
  },
  {
    ...PLAIN,
    name: "memories",
    hosts: [3, 6],
    segments: [2, 3],
    furtherLeg: 0.25,
    lengths: [8, 8, 12, 16, 24],
    forwarding: 0.6,
    arpSysctl: 0.15,
    bridge: 0.35,
    memories: true,
  },
];
