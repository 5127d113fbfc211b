import { describe, expect, it } from "vitest";
import {
  buildSnapshot,
  flannelType,
  type HostSketch,
  ip,
  type SnapshotSketch,
} from "../../test/fleet-builder.js";
import { classifyHosts } from "./classes.js";
import type { Mention } from "./fact-words.js";
import { refineClasses } from "./refine.js";

/** How many of a, b and c are in one class with a. */
function alike(sketch: SnapshotSketch): number {
  const { hosts, segments } = buildSnapshot(sketch);
  const { names } = classifyHosts(
    [...hosts.values()].map((host) => ({ id: host.id, stages: [host] })),
    segments,
  );
  return names.slice(0, 3).filter((name) => name === names[0]).length;
}

function node(number: number, more: HostSketch = {}): HostSketch {
  return { links: { e0: { on: "s", addresses: [`10.0.0.${number}/24`] } }, ...more };
}

const SAME = { a: node(1), b: node(2), c: node(3) };

describe("classifyHosts", () => {
  it("takes hosts that differ in nothing but their own addresses and MACs as one class", () => {
    expect(alike(SAME)).toBe(3);
  });

  it.each<[string, HostSketch]>([
    ["a route", node(3, { routes: ["default via 10.0.0.9"] })],
    ["a sysctl", node(3, { sysctls: { ip_forward: 1 } })],
    ["a prefix length", { links: { e0: { on: "s", addresses: ["10.0.0.3/16"] } } }],
    ["its segment", { links: { e0: { on: "t", addresses: ["10.0.0.3/24"] } } }],
    ["an MTU", { links: { e0: { on: "s", addresses: ["10.0.0.3/24"], mtu: 9000 } } }],
    [
      "a VLAN of a port",
      {
        links: {
          e0: { on: "s", addresses: ["10.0.0.3/24"], bridgeVlans: { pvid: 1, untagged: [1], tagged: [] } },
        },
      },
    ],
  ])("tells a host apart by %s", (_, c) => {
    expect(alike({ ...SAME, c })).toBe(2);
  });

  it.each<[string, HostSketch]>([
    ["address in a route", node(9, { routes: ["10.7.0.0/16 via 10.0.0.3"] })],
    [
      "address in a neighbour entry",
      node(9, { neighbours: ["10.0.0.3 lladdr 02:00:00:00:00:99 dev e0 nud stale"] }),
    ],
    [
      "MAC in a neighbour entry",
      node(9, { neighbours: ["10.7.0.9 lladdr 02:00:00:00:02:01 dev e0 nud stale"] }),
    ],
  ])("leaves a host alone whose %s another host names", (_, other) => {
    expect(alike({ ...SAME, other })).toBe(2);
  });

  it("tells hosts apart where some prefix of the fleet does", () => {
    const other = {
      links: { e0: { on: "t", addresses: ["10.7.0.1/24"] } },
      routes: ["10.0.0.2/31 via 10.7.0.9"],
    };
    expect(alike({ ...SAME, other })).toBe(1);
  });

  it("compares every stage of a host", () => {
    const [one, two] = [
      buildSnapshot(SAME),
      buildSnapshot({ ...SAME, c: node(3, { sysctls: { ip_forward: 1 } }) }),
    ];
    const staged = [...one.hosts].map(([id, host]) => ({ id, stages: [host, two.hosts.get(id) ?? host] }));
    const { names } = classifyHosts(staged, one.segments);
    expect([names[0] === names[1], names[0] === names[2]]).toEqual([true, false]);
  });
});

/** A node of flannel: its pods' network, and a way to each peer through the tunnel. */
function meshNode(number: number, peers: readonly number[]): HostSketch {
  return {
    links: {
      e0: { on: "s", addresses: [`10.0.0.${number}/24`] },
      "flannel.1": {
        type: flannelType(`10.0.0.${number}`, "e0"),
        mac: `02:01:00:00:00:0${number}`,
        addresses: [`10.42.${number}.0/32`],
      },
      cni0: { type: { kind: "bridge", isVlanAware: false }, addresses: [`10.42.${number}.1/24`] },
    },
    routes: peers.map((peer) => `10.42.${peer}.0/24 via 10.42.${peer}.0 dev flannel.1 onlink`),
    neighbours: peers.map(
      (peer) => `10.42.${peer}.0 lladdr 02:01:00:00:00:0${peer} dev flannel.1 nud permanent`,
    ),
  };
}

describe("classifyHosts in a full mesh", () => {
  const whole = { a: meshNode(1, [2, 3]), b: meshNode(2, [1, 3]), c: meshNode(3, [1, 2]) };

  it("takes nodes that each name all others as one class", () => {
    expect(alike(whole)).toBe(3);
  });

  it("tells a node apart that another one does not name", () => {
    expect(alike({ ...whole, b: meshNode(2, [1]) })).toBe(1);
  });

  it("tells a node apart whose pods have another place in their network", () => {
    const c = meshNode(3, [1, 2]);
    const cni0 = {
      type: { kind: "bridge", isVlanAware: false } as const,
      addresses: ["10.42.3.9/24"],
    };
    expect(alike({ ...whole, c: { ...c, links: { ...c.links, cni0 } } })).toBe(2);
  });

  it("takes nodes as one class whose pods a router reaches through each of them", () => {
    const routes = [1, 2, 3].map((node) => `10.42.${node}.0/24 via 10.0.0.${node}`);
    expect(alike({ ...whole, r: node(9, { routes }) })).toBe(3);
    expect(alike({ ...whole, r: node(9, { routes: routes.slice(0, 2) }) })).toBe(2);
  });

  it("gives the networks of a node's pods a home, and no address that several hosts have", () => {
    const { hosts, segments } = buildSnapshot({ ...whole, d: node(4), e: node(4) });
    const staged = [...hosts.values()].map((host) => ({ id: host.id, stages: [host] }));
    const { homes } = classifyHosts(staged, segments);
    expect(homes.homeOf(ip("10.42.2.77"))?.host).toBe(1);
    expect(homes.homeOf(ip("10.0.0.3"))?.host).toBe(2);
    expect(homes.homeOf(ip("10.0.0.4"))).toBeNull();
    expect(homes.homeOf(ip("10.0.0.255"))).toBeNull();
  });
});

describe("refineClasses", () => {
  it("splits a class of which a host names some and not all, and those who name different classes", () => {
    const names = (fact: number, ...hosts: readonly number[]): readonly Mention[] => [{ fact, hosts }];
    const classes = refineClasses(["n", "n", "n", "x", "x"], [[], [], [], names(1, 0), names(1, 0)]);
    expect([classes[1] === classes[2], classes[0] === classes[1], classes[3] === classes[4]]).toEqual([
      true,
      false,
      true,
    ]);
    const others = refineClasses(["n", "n", "x", "x"], [[], [], names(1, 0, 1), names(2, 0, 1)]);
    expect([others[0] === others[1], others[2] === others[3]]).toEqual([true, false]);
  });
});
