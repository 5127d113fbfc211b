import type { LabHost, LabLink, LabSpecification, NamespaceHost } from "#lab/index.js";
import { hostId, linkName, segmentId } from "#model/index.js";

/** Hosts `h1` to `hN` on one segment, each with `10.9.0.N/24` on `eth0`; `h1` is the operator. */
export function flatLab(name: string, count: number): LabSpecification {
  const hosts = Array.from({ length: count }, (_, index) => flatHost(index + 1));
  return labOf(name, hosts);
}

/** A lab of these hosts, all their `eth0` on one segment; the first is the operator. */
export function labOf(name: string, hosts: readonly LabHost[]): LabSpecification {
  const ports = hosts.map(({ id }) => ({ host: id, link: ETH0 }));
  return {
    name,
    hosts,
    segments: [{ id: segmentId("main"), ports, mtu: null }],
    operator: hosts[0]?.id ?? null,
  };
}

const ETH0 = linkName("eth0");

/** One namespace of such a lab. */
export function flatHost(number: number): NamespaceHost {
  return {
    kind: "netns",
    id: hostId(`h${number}`),
    links: [eth0(number)],
    commands: [
      ["ip", "addr", "add", `10.9.${number >> 8}.${number & 255}/16`, "brd", "+", "dev", ETH0],
      ["ip", "link", "set", "dev", ETH0, "up"],
    ],
  };
}

/** Its link. */
export function eth0(number: number): LabLink {
  const bytes = [number >> 8, number & 255].map((byte) => byte.toString(16).padStart(2, "0"));
  return { name: ETH0, mac: `02:00:00:00:${bytes.join(":")}`, mtu: 1500, isPlugged: true };
}
