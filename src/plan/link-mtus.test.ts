import { describe, expect, it } from "vitest";
import type { Host, Operation } from "#model/index.js";
import { buildHost, type HostSketch } from "../../test/fleet-builder.js";
import { findDifference } from "./difference.js";

const VLAN = { kind: "vlan", id: 5, lower: "br0" as Host["links"][number]["name"] } as const;

/** A bridge over two ports, with a VLAN on it, and a tunnel on a third link. */
function host(mtus: { readonly under: number; readonly over: number }): Host {
  const sketch: HostSketch = {
    links: {
      br0: { type: { kind: "bridge", isVlanAware: false }, mtu: mtus.under },
      "br0.5": { type: VLAN, mtu: mtus.under },
      p0: { on: "s", master: "br0", mtu: mtus.under },
      p1: { on: "t", master: "br0", mtu: mtus.under },
      "flannel.1": {
        type: { kind: "vxlan", id: 1, local: null, lower: e0, port: 8472, isLearning: false },
        mtu: mtus.over,
        isUp: false,
      },
      e0: { on: "u", mtu: mtus.under },
    },
  };
  return buildHost("h", sketch);
}

const e0 = "e0" as Host["links"][number]["name"];

function order(before: Host, after: Host): string {
  const difference = findDifference(before, after);
  if (difference.kind !== "found") return JSON.stringify(difference);
  return difference.operations.map(describeOperation).join(", ");
}

function describeOperation(operation: Operation): string {
  return operation.kind === "link-mtu" ? `${operation.link} ${operation.mtu}` : operation.kind;
}

describe("MTUs of links that stand on each other", () => {
  it("rise from below", () => {
    const [low, high] = [host({ under: 1500, over: 1450 }), host({ under: 9000, over: 8950 })];
    expect(order(low, high)).toBe("p0 9000, p1 9000, e0 9000, br0 9000, flannel.1 8950, br0.5 9000");
  });

  it("fall from above", () => {
    const [low, high] = [host({ under: 1500, over: 1450 }), host({ under: 9000, over: 8950 })];
    expect(order(high, low)).toBe("br0.5 1500, br0 1500, flannel.1 1450, p0 1500, p1 1500, e0 1500");
  });
});
