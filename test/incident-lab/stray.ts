import type { LabSpecification } from "#lab/index.js";
import { hostId, linkName, segmentId } from "#model/index.js";

/** Its Ethernet address: what the neighbour caches of the nodes show for everything behind it. */
export const STRAY_MAC = "54:e1:ad:a5:1d:ff";

const STRAY = hostId("stray");
const [WIRE, VOID] = [linkName("eth0"), linkName("void0")];

/**
 * A host that no fleet file knows, on the segment of the nodes: it answers ARP for the router's and the hypervisors' networks with its own
 * address, and forwards nothing. As long as nodes send to their gateway, which is in their own network, nobody asks it.
 *
 * It answers without the delay of proxies, and its port is the last one of the bridge, which is flooded first: its answer is there first.
 */
export function withStray(specification: LabSpecification): LabSpecification {
  const stray = {
    kind: "netns",
    id: STRAY,
    links: [
      { name: WIRE, mac: STRAY_MAC, mtu: 1500, isPlugged: true },
      { name: VOID, mac: "54:e1:ad:a5:1d:fe", mtu: 1500, isPlugged: true },
    ],
    commands: [
      ["sysctl", "-w", "net.ipv4.conf.all.forwarding=1"],
      ["sysctl", "-w", "net.ipv4.conf.eth0.proxy_arp=1"],
      ["sysctl", "-w", "net.ipv4.neigh.eth0.proxy_delay=0"],
      // Who asks from elsewhere than behind `eth0` gets no answer: hypervisors, router and operator go on as they did.
      ["sysctl", "-w", "net.ipv4.conf.eth0.rp_filter=1"],
      ["ip", "link", "set", "dev", WIRE, "up"],
      ["ip", "link", "set", "dev", VOID, "up"],
      // What it answers for is what it would send elsewhere; the way back to the nodes is where they ask from.
      ...["10.0.0.0/16", "10.11.0.0/16"].map((to) => ["ip", "route", "add", to, "dev", VOID]),
      ["ip", "route", "add", "10.10.0.0/16", "dev", WIRE],
    ],
  } as const;
  return {
    ...specification,
    hosts: [...specification.hosts, stray],
    segments: specification.segments
      .map((segment) =>
        segment.id === segmentId("main")
          ? { ...segment, ports: [...segment.ports, { host: STRAY, link: WIRE }] }
          : segment,
      )
      .concat({ id: segmentId("void"), ports: [{ host: STRAY, link: VOID }], mtu: null }),
  };
}
