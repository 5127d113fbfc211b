import { describe, expect, it } from "vitest";
import type { IPv4 } from "#ip/index.js";
import { parseIPv4 } from "#ip/index.js";
import { type Host, hostId, linkName, type Snapshot } from "#model/index.js";
import { buildHost, type HostSketch } from "../../../test/fleet-builder.js";
import { findMisfits } from "./live-fit.js";

const BASE: HostSketch = {
  links: { e0: { on: "main", addresses: ["10.0.0.1/16"] } },
  routes: ["default via 10.0.0.254"],
  neighbours: ["10.0.0.9 lladdr 02:00:00:00:00:09 dev e0 nud permanent"],
  sysctls: { ip_forward: 1 },
};
const PLANNED = buildHost("n1", BASE);

function snapshot(host: Host): Snapshot {
  return { hosts: new Map([[host.id, host]]), segments: [] };
}

function misfits(live: Host, moving: readonly string[] = []): readonly string[] {
  const addresses = new Set(moving.map((text) => parseIPv4(text) as IPv4));
  const found = findMisfits(snapshot(live), snapshot(PLANNED), addresses);
  return found.flatMap(({ lines }) => lines);
}

function sketched(more: Partial<HostSketch>): Host {
  return buildHost("n1", { ...BASE, ...more });
}

describe("Live state that fits the plan", () => {
  it("is the same state", () => {
    expect(misfits(PLANNED)).toEqual([]);
  });

  it("may have learnt neighbours, another Ethernet address, and the protocol of a routing daemon", () => {
    const live: Host = {
      ...PLANNED,
      links: PLANNED.links.map((link) => ({ ...link, mac: "52:54:00:11:22:33" as never })),
      routes: PLANNED.routes.map((route) => ({ ...route, protocol: "dhcp" })),
      neighbours: [
        ...PLANNED.neighbours,
        {
          link: linkName("e0"),
          ip: parseIPv4("10.0.0.7") as IPv4,
          mac: null,
          state: "stale",
          isProxy: false,
        },
      ],
    };
    expect(misfits(live)).toEqual([]);
  });

  it("may have links of containers and machines with all that is theirs", () => {
    const live = sketched({
      links: {
        ...BASE.links,
        docker0: {
          type: { kind: "bridge", isVlanAware: false },
          mac: "02:42:00:00:00:01",
          addresses: ["172.17.0.1/16"],
        },
        veth1a2b: { on: "x", addresses: ["169.254.1.1/32"] },
      },
      sysctls: { ip_forward: 1, "conf.docker0.rp_filter": 2, "conf.veth1a2b.forwarding": 0 },
    });
    expect(misfits(live)).toEqual([]);
  });

  it("may hold a virtual address that moves between hosts", () => {
    const live = sketched({ links: { e0: { on: "main", addresses: ["10.0.0.1/16", "10.0.0.100/32"] } } });
    expect(misfits(live, ["10.0.0.100"])).toEqual([]);
    expect(misfits(live)).toEqual(["ip addr del 10.0.0.100/32 dev e0"]);
  });

  it("may have sysctls that decide nothing of a packet's way", () => {
    const live = sketched({
      sysctls: { ip_forward: 1, "conf.e0.accept_redirects": 0, "conf.e0.log_martians": 1 },
    });
    expect(misfits(live)).toEqual([]);
  });

  it("is anything on a host that the plan knows nothing of", () => {
    const unknown = buildHost("n1", { links: {} });
    expect(findMisfits(snapshot(PLANNED), snapshot({ ...unknown, links: [] }), new Set())).toEqual([]);
    expect(findMisfits({ hosts: new Map(), segments: [] }, snapshot(PLANNED), new Set())).toEqual([]);
  });
});

describe("Live state that does not fit", () => {
  it.each<{ readonly name: string; readonly live: Partial<HostSketch>; readonly lines: readonly string[] }>([
    { name: "a route is gone", live: { routes: [] }, lines: ["ip route add default via 10.0.0.254 dev e0"] },
    {
      name: "the gateway is another one",
      live: { routes: ["default via 10.0.0.253"] },
      lines: ["ip route replace default via 10.0.0.254 dev e0"],
    },
    {
      name: "an address has another prefix",
      live: { links: { e0: { on: "main", addresses: ["10.0.0.1/8"] } } },
      lines: ["ip addr add 10.0.0.1/16 dev e0", "ip addr del 10.0.0.1/8 dev e0"],
    },
    {
      name: "forwarding is off",
      live: { sysctls: { ip_forward: 0 } },
      // The kernel sets the second by itself when forwarding goes on; it is what the first would leave.
      lines: ["sysctl -w net.ipv4.ip_forward=1", "sysctl -w net.ipv4.conf.all.accept_redirects=1"],
    },
    {
      name: "source validation is on, which the plan took for off",
      live: { sysctls: { ip_forward: 1, "conf.e0.rp_filter": 1 } },
      lines: ["sysctl -w net.ipv4.conf.e0.rp_filter=0"],
    },
    {
      name: "a neighbour that was set is gone",
      live: { neighbours: [] },
      lines: ["ip neigh replace 10.0.0.9 lladdr 02:00:00:00:00:09 dev e0 nud permanent"],
    },
    {
      name: "the MTU is another one",
      live: { links: { e0: { on: "main", mtu: 9000, addresses: ["10.0.0.1/16"] } } },
      lines: ["ip link set dev e0 mtu 1500"],
    },
  ])("is told as the commands that would make it fit: $name", ({ live, lines }) => {
    expect(misfits(sketched(live))).toEqual(lines);
  });

  it("is told in words where a link has an address that the plan does not know", () => {
    const live = sketched({ links: { ...BASE.links, e1: { on: "other", addresses: ["10.9.0.1/24"] } } });
    expect(misfits(live)[0]).toBe("# left-over address e1 10.9.0.1/24 global");
  });

  it("is told in words where no command helps", () => {
    const live = {
      ...PLANNED,
      links: PLANNED.links.map((link) => (link.name === "e0" ? { ...link, hasCarrier: false } : link)),
    };
    expect(misfits(live)).toEqual(["# `e0` has no carrier"]);
  });

  it("names its host", () => {
    const live = sketched({ routes: [] });
    expect(findMisfits(snapshot(live), snapshot(PLANNED), new Set()).map(({ host }) => host)).toEqual([
      hostId("n1"),
    ]);
  });
});
