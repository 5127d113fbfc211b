import { describe, expect, it } from "vitest";
import { buildSnapshot, type HostSketch, type SnapshotSketch } from "../../test/fleet-builder.js";
import { classifyHosts } from "./classes.js";

/** How many of a, b and c are in one class with a. */
function alike(sketch: SnapshotSketch): number {
  const { hosts, segments } = buildSnapshot(sketch);
  const classes = classifyHosts(
    [...hosts.values()].map((host) => ({ id: host.id, stages: [host] })),
    segments,
  );
  return classes.slice(0, 3).filter((name) => name === classes[0]).length;
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
    const classes = classifyHosts(staged, one.segments);
    expect([classes[0] === classes[1], classes[0] === classes[2]]).toEqual([true, false]);
  });
});
