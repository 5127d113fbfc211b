import { describe, expect, it } from "vitest";
import { linkName } from "#model/index.js";
import { buildSnapshot, type SnapshotSketch } from "../../test/fleet-builder.js";
import { compileHost } from "./compiled-host.js";
import { DomainGraph } from "./domain-graph.js";

function graphOf(sketch: SnapshotSketch): DomainGraph {
  const { hosts, segments } = buildSnapshot(sketch);
  const graph = new DomainGraph([...hosts.values()].map(compileHost), segments);
  graph.joinPorts();
  return graph;
}

const HYPERVISOR = {
  links: {
    br0: { type: { kind: "bridge", isVlanAware: false } as const },
    e0: { on: "s", master: "br0" },
    e1: { on: "t", master: "br0" },
    e2: {},
    lo9: { type: { kind: "dummy" } as const },
  },
};

describe("DomainGraph", () => {
  it("names the place that each link sends into, tag by tag", () => {
    const graph = graphOf({ h: HYPERVISOR });
    const plugs = ["br0", "e0", "e2", "lo9", "none"].map((name) => graph.plugOf(0, linkName(name)));
    expect(plugs).toEqual(["bridge 0 br0 0", "segment s 0", "unwired 0 e2 0", null, null]);
    expect(graph.plugOf(0, linkName("e0"), 10)).toBe("segment s 10");
  });

  it("joins what a bridge joins and remembers by which port", () => {
    const graph = graphOf({ h: HYPERVISOR });
    expect(graph.find("segment s 0")).toBe(graph.find("segment t 0"));
    expect(graph.edgesOf("bridge 0 br0 0")).toEqual([
      { to: "segment s 0", port: "e0" },
      { to: "segment t 0", port: "e1" },
    ]);
    expect(graph.edgesOf("segment s 0")).toEqual([{ to: "bridge 0 br0 0", port: null }]);
  });

  it("marks a ring instead of joining it a second time", () => {
    const graph = graphOf({ h: HYPERVISOR, i: HYPERVISOR });
    expect([...graph.marks().unknown.keys()]).toEqual([graph.find("segment s 0")]);
  });

  it("marks a bridge with a port too small for a request inside a tunnel", () => {
    const links = { ...HYPERVISOR.links, e1: { on: "t", master: "br0", mtu: 133 } };
    const graph = graphOf({ h: { links } });
    expect([...graph.marks().unknown.values()]).toEqual(["port `e1` has an MTU of 133"]);
  });
});
