import { describe, expect, it } from "vitest";
import { mac } from "#ip/index.js";
import { hostId, linkName } from "#model/index.js";
import { buildSnapshot, flannelType, ip, type SnapshotSketch } from "../../test/fleet-builder.js";
import { type FlowResult, judgeFlow } from "./flow.js";
import type { FlowSize } from "./sized-flow.js";
import { buildSnapshotWorld } from "./world.js";

/** The numbers were measured with `ping -M do` in namespaces, on Linux 6.18. */
function ask(sketch: SnapshotSketch, from: string, to: string, size: FlowSize): FlowResult {
  const world = buildSnapshotWorld(buildSnapshot(sketch));
  return judgeFlow(world, { host: world.indexOf.get(hostId(from)) ?? -1, to: ip(to), size }, true);
}

function verdicts(
  sketch: SnapshotSketch,
  [from, to]: readonly [string, string],
  sizes: readonly FlowSize[],
): string {
  return sizes.map((size) => `${size} ${ask(sketch, from, to, size).verdict}`).join(", ");
}

const flat = (a: number, b: number): SnapshotSketch => ({
  a: { links: { e0: { on: "s", mtu: a, addresses: ["10.0.0.1/24"] } } },
  b: { links: { e0: { on: "s", mtu: b, addresses: ["10.0.0.2/24"] } } },
});

const bridged = (near: number, far: number, own: number): SnapshotSketch => ({
  ...flat(9000, 9000),
  b: { links: { e0: { on: "t", mtu: 9000, addresses: ["10.0.0.2/24"] } } },
  h: {
    links: {
      br0: { type: { kind: "bridge", isVlanAware: false }, mtu: own, addresses: ["10.0.0.9/24"] },
      p0: { on: "s", mtu: near, master: "br0" },
      p1: { on: "t", mtu: far, master: "br0" },
    },
  },
});

/** a - r - b, with an MTU for each of the four legs. */
const routed = (
  mtus: readonly [number, number, number, number],
  extra: readonly string[] = [],
): SnapshotSketch => ({
  a: {
    links: { e0: { on: "s", mtu: mtus[0], addresses: ["10.0.1.1/24"] } },
    routes: ["default via 10.0.1.9"],
  },
  r: {
    links: {
      e0: { on: "s", mtu: mtus[1], addresses: ["10.0.1.9/24"] },
      e1: { on: "t", mtu: mtus[2], addresses: ["10.0.2.9/24"] },
    },
    sysctls: { ip_forward: 1 },
    routes: extra,
  },
  b: {
    links: { e0: { on: "t", mtu: mtus[3], addresses: ["10.0.2.1/24"] } },
    routes: ["default via 10.0.2.9"],
  },
});

interface OverlayMtus {
  readonly links: readonly [number, number];
  readonly tunnels: readonly [number, number];
}

const overlay = ({ links, tunnels }: OverlayMtus): SnapshotSketch => {
  const node = (own: 1 | 2, peer: 1 | 2): SnapshotSketch[string] => ({
    links: {
      e0: { on: "s", mtu: links[own - 1] ?? 0, addresses: [`10.0.0.${own}/24`] },
      "flannel.1": {
        type: flannelType(`10.0.0.${own}`, "e0"),
        mac: `02:aa:00:00:00:0${own}`,
        mtu: tunnels[own - 1] ?? 0,
        addresses: [`10.42.${own}.0/32`],
      },
    },
    routes: [`10.42.${peer}.0/24 via 10.42.${peer}.0 dev flannel.1 onlink`],
    neighbours: [`10.42.${peer}.0 lladdr 02:aa:00:00:00:0${peer} dev flannel.1 nud permanent`],
    fdb: [
      {
        link: linkName("flannel.1"),
        mac: mac([2, 0xaa, 0, 0, 0, peer]),
        remote: ip(`10.0.0.${peer}`),
        master: null,
        vlan: null,
        isPermanent: true,
      },
    ],
  });
  return { a: node(1, 2), b: node(2, 1) };
};

describe("a packet of a given size on one segment", () => {
  it("is taken by the receiver up to four bytes above its MTU, and refused at its sender above that of the sender", () => {
    expect(verdicts(flat(9000, 1500), ["a", "10.0.0.2"], [1500, 1504, 1505, 9000, 9001])).toBe(
      "1500 delivered, 1504 delivered, 1505 lost, 9000 lost, 9001 lost",
    );
    expect(verdicts(flat(9000, 1500), ["b", "10.0.0.1"], [1500, 1501])).toBe("1500 delivered, 1501 lost");
  });

  it("is explained where it is dropped", () => {
    expect(ask(flat(9000, 1500), "a", "10.0.0.2", 9000).hops.at(-1)).toEqual({
      host: "b",
      link: "e0",
      decision: "drop",
      rule: "MTU",
      why: "a frame with 9000 bytes is longer than `e0` takes with an MTU of 1500: nobody is told",
    });
    expect(ask(flat(9000, 1500), "b", "10.0.0.1", 1501).hops.at(-1)).toMatchObject({
      host: "b",
      decision: "drop",
      why: "a packet of 1501 bytes that must not be cut does not fit the MTU of 1500",
    });
  });

  it("is as large as the smaller MTU of both ends where it is full", () => {
    const result = ask(flat(9000, 1500), "a", "10.0.0.2", "full");
    expect([result.verdict, result.size, result.bytes]).toEqual(["delivered", "full", 1500]);
  });

  it("is what a small one is where nothing leaves the host, or a small one is lost", () => {
    expect(ask(flat(9000, 1500), "a", "10.0.0.1", "full")).toMatchObject({
      verdict: "delivered",
      size: "full",
    });
    expect(ask(flat(9000, 1500), "a", "10.0.0.7", "full")).toMatchObject({ verdict: "lost", size: "full" });
  });

  it("is unknown where an MTU is", () => {
    expect(verdicts(flat(9000, 0), ["a", "10.0.0.2"], ["full"])).toBe("full unknown");
    expect(verdicts(flat(0, 1500), ["a", "10.0.0.2"], [1500])).toBe("1500 unknown");
  });
});

describe("a packet of a given size through a bridge", () => {
  it("is dropped without a word by the port that it leaves by", () => {
    expect(verdicts(bridged(9000, 1500, 1500), ["a", "10.0.0.2"], [1504, 1505, "full"])).toBe(
      "1504 delivered, 1505 lost, full lost",
    );
    expect(ask(bridged(9000, 1500, 1500), "a", "10.0.0.2", "full").hops.at(-1)).toMatchObject({
      host: "h",
      link: "p1",
      decision: "drop",
      rule: "MTU",
    });
  });

  it("is dropped by the port that it comes in by", () => {
    expect(verdicts(bridged(1500, 9000, 1500), ["a", "10.0.0.2"], [1504, 1505])).toBe(
      "1504 delivered, 1505 lost",
    );
  });

  it("does not care for the MTU of the bridge itself, not even where the packet is for it", () => {
    expect(verdicts(bridged(9000, 9000, 1400), ["a", "10.0.0.2"], [9000])).toBe("9000 delivered");
    expect(verdicts(bridged(9000, 1500, 1400), ["a", "10.0.0.9"], [9000])).toBe("9000 delivered");
  });

  it("is dropped by a port when the bridge's own host sends more than the port takes", () => {
    expect(verdicts(bridged(9000, 9000, 20000), ["h", "10.0.0.1"], [9004, 9005])).toBe(
      "9004 delivered, 9005 lost",
    );
  });
});

describe("a packet of a given size through a router", () => {
  it("is refused by a message that makes a full-size sender go on with less", () => {
    const fleet = routed([9000, 9000, 1500, 9000]);
    expect(verdicts(fleet, ["a", "10.0.2.1"], [1500, 1501])).toBe("1500 delivered, 1501 lost");
    const full = ask(routed([9000, 9000, 1500, 1600]), "a", "10.0.2.1", "full");
    expect([full.verdict, full.bytes]).toEqual(["delivered", 1500]);
    expect(full.findings).toEqual(["`r` tells `10.0.1.1` that the path MTU is 1500"]);
  });

  it("is lost in silence where the router's own link does not take it", () => {
    expect(verdicts(routed([9000, 1500, 9000, 9000]), ["a", "10.0.2.1"], ["full"])).toBe("full lost");
    expect(verdicts(routed([9000, 9000, 9000, 1500]), ["b", "10.0.1.1"], ["full"])).toBe("full delivered");
  });

  it("is cut on its way back, where a reply may be", () => {
    expect(verdicts(routed([9000, 9000, 9000, 1500]), ["b", "10.0.1.1"], [1500])).toBe("1500 delivered");
    const cut = ask(routed([1500, 9000, 1500, 1500]), "b", "10.0.1.1", 1400);
    expect(cut.verdict).toBe("delivered");
  });

  it("is lost for ever where the message does not arrive", () => {
    const { a, b, r } = routed([9000, 9000, 1500, 1600], ["blackhole 10.0.1.1/32"]);
    const back = {
      e0: { on: "s", mtu: 9000, addresses: ["10.0.1.8/24"] },
      e1: { on: "t", mtu: 9000, addresses: ["10.0.2.8/24"] },
    };
    const fleet = {
      ...{ a: a ?? {}, r: r ?? {}, way: { links: back, sysctls: { ip_forward: 1 } } },
      b: { ...b, routes: ["default via 10.0.2.8"] },
    };
    const result = ask(fleet, "a", "10.0.2.1", "full");
    expect([result.verdict, result.bytes]).toEqual(["lost", 1600]);
    expect(result.findings).toEqual([
      "`r` tells `10.0.1.1` that the path MTU is 1500, and the message does not arrive",
    ]);
  });

  it("may be cut after all below 552 bytes", () => {
    const result = ask(routed([1500, 1500, 400, 404]), "a", "10.0.2.1", "full");
    expect([result.verdict, result.bytes]).toEqual(["delivered", 404]);
  });
});

describe("a packet of a given size in a tunnel", () => {
  it("is cut outside where the link below is too small, and reassembled", () => {
    const fleet = overlay({ links: [1500, 1500], tunnels: [8950, 8950] });
    expect(verdicts(fleet, ["a", "10.42.2.0"], [1450, 1451, 8950, 8951])).toBe(
      "1450 delivered, 1451 delivered, 8950 delivered, 8951 lost",
    );
  });

  it("does not care for the MTU of the tunnel's far end", () => {
    const fleet = overlay({ links: [9000, 9000], tunnels: [8950, 1450] });
    expect(verdicts(fleet, ["a", "10.42.2.0"], [8950])).toBe("8950 delivered");
  });

  it("is dropped where the far end's link below is too small", () => {
    const fleet = overlay({ links: [9000, 1500], tunnels: [8950, 1450] });
    expect(verdicts(fleet, ["a", "10.42.2.0"], [1454, 1455, 8950])).toBe(
      "1454 delivered, 1455 lost, 8950 lost",
    );
  });

  it("is as large as the sender's tunnel where it is full, whatever the far end's is", () => {
    const fleet = overlay({ links: [9000, 1500], tunnels: [8950, 1450] });
    expect(verdicts(fleet, ["a", "10.42.2.0"], ["full"])).toBe("full lost");
    expect(verdicts(fleet, ["b", "10.42.1.0"], ["full"])).toBe("full delivered");
  });

  it("passes or not as its fragments do: 1455 bytes go whole and are dropped, 1456 in two that are not", () => {
    const fleet = overlay({ links: [1505, 1500], tunnels: [1458, 1450] });
    expect(verdicts(fleet, ["a", "10.42.2.0"], [1454, 1455, 1456, 1458])).toBe(
      "1454 delivered, 1455 lost, 1456 delivered, 1458 delivered",
    );
  });
});
