import type {
  Cluster,
  ClusterMember,
  FlannelBackend,
  Fleet,
  FleetHost,
  HostRole,
  Snapshot,
} from "#model/index.js";
import { hostId, linkName, segmentId } from "#model/index.js";
import { at, buildSnapshot, type HostSketch, net, type SnapshotSketch } from "./fleet-builder.js";

/** What of the incident's fleet a test changes. */
export interface IncidentSketch {
  /** The prefix length of the nodes: 16 before, 8 in the attempt. */
  readonly length?: number;
  /** Routes of the nodes; before, everything else goes by 10.10.0.1, which the router holds. */
  readonly routes?: readonly string[];
  /** Hosts that replace or join those of the incident. */
  readonly hosts?: SnapshotSketch;
}

const NODES: readonly (readonly [string, string])[] = [
  ["nl-k8s-01", "10.10.0.2"],
  ["nl-k8s-04", "10.10.0.3"],
  ["nl-k8s-02", "10.10.0.4"],
  ["nl-k8s-03", "10.10.0.5"],
];

/** INC-0004 on one segment: the router, two hypervisors that forward nothing, four nodes. */
export function buildIncident(sketch: IncidentSketch = {}): Snapshot {
  const routes = sketch.routes ?? ["default via 10.10.0.1"];
  const nodes = NODES.map(([name, address]): [string, HostSketch] => [
    name,
    {
      file: `machines/${name}/networking.nix`,
      links: { enp1s0: { on: "main", addresses: [`${address}/${sketch.length ?? 16}`] } },
      routes,
    },
  ]);
  return buildSnapshot({
    r5c: {
      file: "r5c/network",
      sysctls: { ip_forward: 1 },
      links: { "br-lan": { on: "main", addresses: ["10.0.0.1/16", "10.10.0.1/16", "10.11.0.1/16"] } },
    },
    "nl-pve-01": {
      file: "nl-pve-01/interfaces",
      links: { vmbr0: { on: "main", addresses: ["10.11.0.2/16"] } },
      routes: ["default via 10.11.0.1"],
    },
    ...Object.fromEntries(nodes),
    ...sketch.hosts,
  });
}

/** The fleet file that goes with `buildIncident`. */
export function buildIncidentFleet(backend: FlannelBackend = "vxlan"): Fleet {
  return {
    name: "inc-0004",
    hosts: [
      fleetHost("r5c", "router", 3),
      fleetHost("nl-pve-01", "hypervisor", 4),
      ...NODES.map(([name], index) => fleetHost(name, "node", 5 + index)),
    ],
    segments: [
      {
        id: segmentId("main"),
        ports: [
          { host: hostId("r5c"), link: linkName("br-lan") },
          { host: hostId("nl-pve-01"), link: linkName("vmbr0") },
          ...NODES.map(([name]) => ({ host: hostId(name), link: linkName("enp1s0") })),
        ],
        mtu: null,
        source: at("pointsman.yaml", 10),
      },
    ],
    clusters: [buildCluster(backend)],
    zones: [
      { name: "trusted", prefix: net("10.0.0.0/16"), roles: ["router"], source: at("pointsman.yaml", 30) },
      {
        name: "infra",
        prefix: net("10.10.0.0/16"),
        roles: ["node", "router"],
        source: at("pointsman.yaml", 31),
      },
      {
        name: "management",
        prefix: net("10.11.0.0/16"),
        roles: ["hypervisor", "router"],
        source: at("pointsman.yaml", 32),
      },
    ],
    operator: null,
    invariants: [],
    assumptions: [],
  };
}

function buildCluster(backend: FlannelBackend): Cluster {
  const member = (index: number): ClusterMember => ({
    host: hostId(NODES[index]?.[0] ?? ""),
    podCidr: null,
    source: at("pointsman.yaml", 21 + index),
  });
  return {
    name: "nl",
    distribution: "k3s",
    servers: [member(0), member(1), member(2)],
    agents: [member(3)],
    backend,
    podCidr: net("10.42.0.0/16"),
    serviceCidr: net("10.43.0.0/16"),
    vip: null,
    source: at("pointsman.yaml", 20),
  };
}

function fleetHost(name: string, role: HostRole, line: number): FleetHost {
  return {
    id: hostId(name),
    role,
    os: role === "node" ? "nixos" : role === "router" ? "openwrt" : "proxmox",
    ssh: null,
    configuration: [],
    macs: new Map(),
    sysctls: new Map(),
    source: at("pointsman.yaml", line),
  };
}
