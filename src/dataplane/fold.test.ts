import { describe, expect, it } from "vitest";
import { hostId, type Snapshot } from "#model/index.js";
import { buildSnapshot, ip, type SnapshotSketch } from "../../test/fleet-builder.js";
import { classifyHosts, type FleetClasses } from "./classes.js";
import { type FoldedFlows, foldFlows, labelClasses } from "./fold.js";
import { buildSnapshotWorld } from "./world.js";

/** A router and this many nodes that are alike. */
function flat(nodes: number): SnapshotSketch {
  const alike = Array.from({ length: nodes }, (_, index) => {
    return [`n${index}`, { links: { e0: { on: "s", addresses: [`10.0.0.${index + 10}/24`] } } }] as const;
  });
  return {
    r: { links: { e0: { on: "s", addresses: ["10.0.0.1/24"] } }, sysctls: { ip_forward: 1 } },
    ...Object.fromEntries(alike),
  };
}

function classesOf({ hosts, segments }: Snapshot): FleetClasses {
  return classifyHosts(
    [...hosts.values()].map((host) => ({ id: host.id, stages: [host] })),
    segments,
  );
}

function folded(nodes: number): FoldedFlows<string> {
  const snapshot = buildSnapshot(flat(nodes));
  return foldFlows({
    world: buildSnapshotWorld(snapshot),
    classes: classesOf(snapshot),
    demandOf: () => "any",
  });
}

describe("foldFlows", () => {
  it("has one flow for each pair of classes and relation of the ends, however many hosts there are", () => {
    expect([folded(4).kinds.length, folded(40).kinds.length]).toEqual([5, 5]);
  });

  it("counts the flows that each stands for: together all pairs of host and address", () => {
    for (const nodes of [2, 9]) {
      const total = folded(nodes).kinds.reduce((sum, { count }) => sum + count, 0);
      expect(total).toBe((nodes + 1) ** 2);
    }
  });

  it("finds the kind of any flow, the same one for flows that are alike", () => {
    const { kindOf } = folded(9);
    const kind = (from: string, to: string): unknown => kindOf({ from: hostId(from), to: ip(to) })?.flow;
    expect(kind("n3", "10.0.0.15")).toBe(kind("n7", "10.0.0.11"));
    expect(kind("n3", "10.0.0.13")).not.toBe(kind("n3", "10.0.0.15"));
    expect([kind("nobody", "10.0.0.13"), kind("n3", "9.9.9.9")]).toEqual([undefined, undefined]);
  });

  it("leaves out flows of which nothing is demanded", () => {
    const snapshot = buildSnapshot(flat(3));
    const none = foldFlows({
      world: buildSnapshotWorld(snapshot),
      classes: classesOf(snapshot),
      demandOf: () => null,
    });
    expect(none.kinds).toEqual([]);
  });
});

describe("labelClasses", () => {
  it("tells hosts apart wherever their labels differ", () => {
    const hosts = ["a", "b", "c"].map((id) => ({ id: hostId(id) }));
    const labels = new Map([[hostId("b"), "server"]]);
    const fleet = { names: ["x", "x", "x"], homes: { homeOf: () => null, placeInNetwork: () => null } };
    const { names } = labelClasses(fleet, hosts, labels);
    expect([names[0] === names[2], names[0] === names[1]]).toEqual([true, false]);
  });
});
