import { describe, expect, it } from "vitest";
import { linkName, type PortVlans } from "#model/index.js";
import { buildHost, buildSnapshot, type LinkSketch, type SnapshotSketch } from "../../test/fleet-builder.js";
import { compileHost } from "./compiled-host.js";
import { buildLayer2, type Domain, layer2Shape } from "./layer2.js";

const BRIDGE = { kind: "bridge", isVlanAware: false } as const;
const AWARE = { kind: "bridge", isVlanAware: true } as const;

/** The domain of `a`'s link, as `HOST LINK` of its legs. */
function heardBy(sketch: SnapshotSketch, link = "e0"): readonly string[] {
  const names = Object.keys(sketch);
  const domain = domainOf(sketch, link);
  return (domain?.legs ?? []).map((leg) => `${names[leg.host]} ${leg.link}`).sort();
}

function domainOf(sketch: SnapshotSketch, link = "e0"): Domain | null {
  const { hosts, segments } = buildSnapshot(sketch);
  return buildLayer2([...hosts.values()].map(compileHost), segments).domainOf(0, linkName(link));
}

const A = { links: { e0: { on: "s" } } };
const B = { links: { e0: { on: "t" } } };

function bridge(
  ports: Readonly<Record<string, LinkSketch>>,
  link: LinkSketch = {},
): { readonly links: Readonly<Record<string, LinkSketch>> } {
  const slaves = Object.entries(ports).map(([name, port]) => [name, { master: "br0", ...port }] as const);
  return { links: { br0: { type: BRIDGE, ...link }, ...Object.fromEntries(slaves) } };
}

function vlans(
  pvid: number | null,
  tagged: readonly number[] = [],
  untagged = pvid === null ? [] : [pvid],
): PortVlans {
  return { pvid, tagged, untagged };
}

describe("buildLayer2", () => {
  it("joins the links of one segment and keeps segments apart", () => {
    expect(heardBy({ a: A, b: A, c: B })).toEqual(["a e0", "b e0"]);
  });

  it("joins segments through a bridge, whose own leg hears both", () => {
    const sketch = {
      a: A,
      b: B,
      h: bridge(
        { e0: { on: "s", mac: "02:00:00:00:02:01" }, e1: { on: "t", mac: "02:00:00:00:02:01" } },
        { mac: "02:00:00:00:02:01" },
      ),
    };
    expect(heardBy(sketch)).toEqual(["a e0", "b e0", "h br0"]);
  });

  it.each([
    ["is down", { isUp: false }],
    ["has no carrier", { hasCarrier: false }],
  ])("leaves out a bridge port that %s", (_, port) => {
    const mac = "02:00:00:00:02:01";
    expect(
      heardBy({ a: A, b: B, h: bridge({ e0: { on: "s", mac }, e1: { on: "t", mac, ...port } }, { mac }) }),
    ).toEqual(["a e0", "h br0"]);
  });

  it("gives no domain to a link that is down or has no carrier", () => {
    expect(domainOf({ a: { links: { e0: { on: "s", hasCarrier: false } } } })).toBeNull();
    expect(domainOf({ a: { links: { e0: { on: "s", isUp: false } } } })).toBeNull();
  });

  it("keeps two plain legs of a host on one segment apart as legs of one domain, which is no loop", () => {
    const sketch = { a: { links: { e0: { on: "s" }, e1: { on: "s" } } }, b: A };
    expect([heardBy(sketch), domainOf(sketch)?.unknown]).toEqual([["a e0", "a e1", "b e0"], null]);
  });

  it("is unknown where two bridges join the same segments: no spanning tree is modelled", () => {
    const joining = bridge({ e0: { on: "s" }, e1: { on: "t" } });
    expect(domainOf({ a: A, b: B, h: joining, i: joining })?.unknown).toBe(
      "frames can go round through `e1`: spanning tree is not modelled",
    );
  });

  it("is unknown where one bridge has two ports on one segment", () => {
    expect(domainOf({ a: A, h: bridge({ e0: { on: "s" }, e1: { on: "s" } }) })?.unknown).toMatch(/go round/);
  });

  it("is unknown where a bridge has a VXLAN port", () => {
    const port = {
      type: { kind: "vxlan", id: 1, local: null, lower: null, port: 4789, isLearning: true },
    } as const;
    expect(domainOf({ a: A, h: bridge({ e0: { on: "s" }, vx: port }) })?.unknown).toBe(
      "port `vx` of `br0` is not modelled",
    );
  });

  it("takes two slaves of a bond on one segment for one leg", () => {
    const bond = {
      links: {
        bond0: { type: { kind: "bond", mode: "802.3ad" } as const },
        e0: { on: "s", master: "bond0" },
        e1: { on: "s", master: "bond0" },
      },
    };
    expect([heardBy({ a: A, h: bond }), domainOf({ a: A, h: bond })?.unknown]).toEqual([
      ["a e0", "h bond0"],
      null,
    ]);
  });

  it("is unknown where the slaves of a bond are on two segments", () => {
    const bond = {
      links: {
        bond0: { type: { kind: "bond", mode: "active-backup" } as const },
        e0: { on: "s", master: "bond0" },
        e1: { on: "t", master: "bond0" },
      },
    };
    expect(domainOf({ a: A, b: B, h: bond })?.unknown).toBe("`bond0` has slaves on several segments");
  });
});

describe("VLANs", () => {
  const on10 = { type: { kind: "vlan", id: 10, lower: linkName("e0") } } as const;

  it("joins VLAN links of one tag, apart from other tags and from frames without", () => {
    const trunk = { links: { e0: { on: "s" }, v10: on10 } };
    const other = {
      links: { e0: { on: "s" }, v20: { type: { kind: "vlan", id: 20, lower: linkName("e0") } as const } },
    };
    expect(heardBy({ a: trunk, b: trunk, c: other }, "v10")).toEqual(["a v10", "b v10"]);
    expect(heardBy({ a: trunk, b: trunk, c: other })).toEqual(["a e0", "b e0", "c e0"]);
  });

  it("carries tags through a bridge that knows no VLANs", () => {
    const trunk = (segment: string): SnapshotSketch[string] => ({
      links: { e0: { on: segment }, v10: on10 },
    });
    expect(
      heardBy({ a: trunk("s"), b: trunk("t"), h: bridge({ e0: { on: "s" }, e1: { on: "t" } }) }, "v10"),
    ).toEqual(["a v10", "b v10"]);
  });

  it("gives frames of a port's own VLAN link to that link and not to the port's bridge", () => {
    const host = {
      links: {
        ...bridge({ e0: { on: "s" } }).links,
        v10: on10,
        b10: { type: { kind: "vlan", id: 10, lower: linkName("br0") } as const },
      },
    };
    const a = { links: { e0: { on: "s" }, v10: on10 } };
    expect(heardBy({ a, h: host }, "v10")).toEqual(["a v10", "h v10"]);
    expect(domainOf({ h: host }, "b10")?.unknown).toBe("`e0` has a VLAN link of its own for tag 10");
  });

  it("is unknown for a VLAN inside a VLAN link", () => {
    const stacked = {
      links: {
        e0: { on: "s" },
        v10: on10,
        q: { type: { kind: "vlan", id: 20, lower: linkName("v10") } as const },
      },
    };
    expect(domainOf({ a: stacked }, "q")?.unknown).toBe("a VLAN inside the VLAN link `v10` is not modelled");
  });
});

describe("a VLAN-aware bridge", () => {
  const mac = "02:00:00:00:09:01";
  const plain = (segment: string): SnapshotSketch[string] => ({ links: { e0: { on: segment } } });
  function aware(
    own: PortVlans | undefined,
    ports: readonly (readonly [string, PortVlans | undefined])[],
  ): ReturnType<typeof bridge> {
    const slaves = ports.map(([on, bridgeVlans], index) => [`e${index}`, { on, mac, bridgeVlans }] as const);
    return bridge(Object.fromEntries(slaves), { type: AWARE, mac, bridgeVlans: own });
  }

  it("joins ports of one PVID and keeps those of others apart", () => {
    const h = aware(vlans(1), [
      ["s", vlans(1)],
      ["t", vlans(1)],
      ["u", vlans(2)],
    ]);
    expect(heardBy({ a: plain("s"), b: plain("t"), c: plain("u"), h })).toEqual(["a e0", "b e0", "h br0"]);
  });

  it("puts the tag on where a VLAN leaves by a trunk port", () => {
    const trunk = {
      links: { e0: { on: "t" }, v10: { type: { kind: "vlan", id: 10, lower: linkName("e0") } as const } },
    };
    const h = aware(vlans(1), [
      ["s", vlans(10)],
      ["t", vlans(1, [10])],
    ]);
    expect(heardBy({ a: plain("s"), b: trunk, h })).toEqual(["a e0", "b v10"]);
  });

  it("joins two access ports of different hosts through a trunk whose tag nobody has a link for", () => {
    const left = aware(vlans(1), [
      ["s", vlans(10)],
      ["t", vlans(null, [10, 20])],
    ]);
    const right = aware(vlans(1), [
      ["u", vlans(10)],
      ["t", vlans(null, [10, 20])],
    ]);
    expect(heardBy({ a: plain("s"), b: plain("u"), h: left, i: right })).toEqual(["a e0", "b e0"]);
  });

  it("hears only the VLANs it is in itself", () => {
    const v10 = { type: { kind: "vlan", id: 10, lower: linkName("br0") } } as const;
    const h = aware(vlans(null, [10]), [["s", vlans(10)]]);
    expect(heardBy({ a: plain("s"), h: { links: { ...h.links, v10 } } })).toEqual(["a e0", "h v10"]);
  });

  it("is unknown where a port takes a VLAN without a tag and gives it with one", () => {
    const h = aware(vlans(1), [["s", { pvid: 1, untagged: [], tagged: [1] }]]);
    expect(domainOf({ h }, "br0")?.unknown).toBe("`e0` takes and gives VLAN 1 in different ways");
  });

  it("is unknown itself where its VLANs are not known, and leaves the segments around it in the fog", () => {
    const h = aware(undefined, [
      ["s", undefined],
      ["t", undefined],
    ]);
    const why = "which VLANs the ports of `br0` carry is not known";
    expect(domainOf({ h }, "br0")?.unknown).toBe(why);
    const around = domainOf({ a: plain("s"), b: plain("s"), h });
    expect([around?.unknown, around?.fog, around?.legs.length]).toEqual([null, why, 2]);
  });
});

describe("layer2Shape", () => {
  const shape = (link: LinkSketch): string =>
    layer2Shape(compileHost(buildHost("a", { links: { e0: link } })));

  it("differs with carrier, master, MAC and VLANs, and with an MTU too small for a request in a tunnel", () => {
    const shapes = [
      {},
      { hasCarrier: false },
      { master: "br0" },
      { mac: "02:00:00:00:00:99" },
      { bridgeVlans: vlans(1) },
      { mtu: 100 },
    ].map(shape);
    expect(new Set(shapes).size).toBe(6);
  });

  it("does not differ with addresses and ordinary MTUs", () => {
    expect(shape({ addresses: ["10.0.0.1/24"], mtu: 9000 })).toBe(shape({}));
  });
});
