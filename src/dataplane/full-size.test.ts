import { describe, expect, it } from "vitest";
import { hostId } from "#model/index.js";
import {
  buildSnapshot,
  flannelType,
  ip,
  type LinkSketch,
  type SnapshotSketch,
} from "../../test/fleet-builder.js";
import type { Flow, FoldedFlows } from "./fold.js";
import { addFullSize, hasMixedMtus } from "./full-size.js";

function isMixed(sketch: SnapshotSketch): boolean {
  const { hosts, segments } = buildSnapshot(sketch);
  const staged = [...hosts.values()].map((host) => ({ id: host.id, stages: [host] }));
  return hasMixedMtus(staged, segments);
}

const peer: SnapshotSketch = { b: { links: { e0: { on: "s" } } } };
const tunnel = (mtu: number): LinkSketch => ({ type: flannelType("10.0.0.1", "e0"), mtu });

describe("hasMixedMtus", () => {
  it.each<[string, Record<string, LinkSketch>, boolean]>([
    ["one MTU everywhere", { e0: { on: "s" } }, false],
    ["another MTU on a shared segment", { e0: { on: "s", mtu: 9000 } }, true],
    ["a tunnel that leaves room", { e0: { on: "s" }, "flannel.1": tunnel(1450) }, false],
    ["a tunnel that leaves none", { e0: { on: "s" }, "flannel.1": tunnel(1451) }, true],
    [
      "a bridge for pods that no other host is on",
      { e0: { on: "s" }, cni0: { type: bridge(), mtu: 1450 } },
      false,
    ],
    [
      "a bridge whose port is alone on its segment",
      {
        e0: { on: "s" },
        cni0: { type: bridge(), mtu: 1450 },
        pods: { on: "pods", mtu: 1450, master: "cni0" },
      },
      false,
    ],
    [
      "a bridge over a port of a shared segment",
      { e0: { on: "s", master: "br0" }, br0: { type: bridge(), mtu: 1400 } },
      true,
    ],
    ["a link that is plugged into nothing", { e0: { on: "s" }, e1: { mtu: 9000 } }, false],
  ])("%s", (_, links, expected) => {
    expect(isMixed({ a: { links }, ...peer })).toBe(expected);
  });

  it("looks at every stage", () => {
    const { hosts, segments } = buildSnapshot({ a: { links: { e0: { on: "s" } } }, ...peer });
    const staged = [...hosts.values()].map((host) => ({
      id: host.id,
      stages: [host, { ...host, links: host.links.map((link) => ({ ...link, mtu: 9000 })) }],
    }));
    expect(hasMixedMtus(staged, segments)).toBe(true);
  });
});

function bridge(): LinkSketch["type"] & object {
  return { kind: "bridge", isVlanAware: false };
}

describe("addFullSize", () => {
  const small: Flow = { from: hostId("a"), to: ip("10.0.0.2") };
  const kind = { flow: small, key: { host: 0, to: small.to }, demand: "delivered", count: 3 };
  const folded: FoldedFlows<string> = { kinds: [kind], kindOf: () => kind };

  it("asks about each kind twice, and finds each by its size", () => {
    const { kinds, kindOf } = addFullSize(folded, ({ size }) => `${size}`);
    expect(kinds.map(({ key, demand, count }) => [key.size, demand, count])).toEqual([
      [undefined, "delivered", 3],
      ["full", "full", 3],
    ]);
    expect(kindOf(small)).toBe(kind);
    expect(kindOf({ ...small, size: "full" })).toBe(kinds[1]);
  });

  it("leaves out what nobody asks about", () => {
    const { kinds, kindOf } = addFullSize(folded, () => null);
    expect(kinds).toEqual([kind]);
    expect(kindOf({ ...small, size: "full" })).toBeNull();
  });
});
