import { describe, expect, it } from "vitest";
import { linkName } from "#model/index.js";
import {
  buildSnapshot,
  flannelType,
  type HostSketch,
  ip,
  type LinkSketch,
  type SnapshotSketch,
} from "../../test/fleet-builder.js";
import { type Carried, carry } from "./carry.js";
import { buildChooser } from "./chooser.js";
import { type Run, startRun, stateOf } from "./run.js";
import { buildSnapshotWorld } from "./world.js";

interface Outcome {
  readonly carried: Carried;
  readonly run: Run;
}

function carried(sketch: SnapshotSketch, link = "e0", underlay: Carried = { kind: "lost" }): Outcome {
  const run = startRun(buildSnapshotWorld(buildSnapshot(sketch)), buildChooser(), true);
  const out = stateOf(run, 0).linkByName.get(linkName(link));
  if (out === undefined) throw new RangeError(`expected link ${link}`);
  const egress = { host: 0, link: out, nextHop: ip("10.0.0.2"), packetSource: ip("10.0.0.1") };
  return { carried: carry(run, egress, () => underlay), run };
}

function a(link: LinkSketch = {}, more: HostSketch = {}): HostSketch {
  return { links: { e0: { on: "s", addresses: ["10.0.0.1/24"], ...link } }, ...more };
}

const B: HostSketch = { links: { e0: { on: "s", addresses: ["10.0.0.2/24"] } } };

function lastRule({ run }: Outcome): string | undefined {
  return run.hops?.at(-1)?.rule;
}

describe("carry", () => {
  it("brings a packet to the link that has the next hop's MAC", () => {
    expect(carried({ a: a(), b: B }).carried).toEqual({ kind: "arrived", host: 1, link: "e0" });
  });

  it("loses it where no link of the segment has the MAC", () => {
    const outcome = carried({
      a: a({}, { neighbours: ["10.0.0.2 lladdr 02:00:00:00:00:99 dev e0 nud stale"] }),
      b: B,
    });
    expect([outcome.carried.kind, lastRule(outcome)]).toEqual(["lost", "no such MAC"]);
    expect(outcome.run.hops?.at(-1)?.why).toBe("no link of the segment has 02:00:00:00:00:99");
  });

  it.each<[string, LinkSketch]>([
    ["that is down", { isUp: false }],
    ["without carrier", { hasCarrier: false }],
    ["of type dummy", { type: { kind: "dummy" } }],
  ])("sends nothing by a link %s, cached neighbour or not", (_, link) => {
    const neighbours = ["10.0.0.2 lladdr 02:00:00:00:01:01 dev e0 nud reachable"];
    const outcome = carried({ a: a(link, { neighbours }), b: B });
    expect([outcome.carried.kind, lastRule(outcome)]).toEqual(["lost", "no carrier"]);
  });

  it("is unknown for a link that is not modelled", () => {
    expect(carried({ a: a({ type: { kind: "other", name: "wireguard" } }) }).carried).toEqual({
      kind: "unknown",
      why: "link `e0` is not modelled",
    });
  });

  it.each([
    ["the sender's", { a: a({ mtu: 83 }), b: B }],
    ["the receiver's", { a: a(), b: { links: { e0: { on: "s", addresses: ["10.0.0.2/24"], mtu: 83 } } } }],
  ])("is unknown where a packet of 84 bytes does not fit %s MTU", (_, sketch) => {
    const why = "a packet of 84 bytes does not fit the MTU of 83 on `e0`: fragments are not modelled";
    expect(carried(sketch).carried).toEqual({ kind: "unknown", why });
  });

  it("carries a packet of 84 bytes over an MTU of 84", () => {
    expect(carried({ a: a({ mtu: 84 }), b: B }).carried.kind).toBe("arrived");
  });

  it("says so where a bridge draws the frame away from its owner", () => {
    const b = { links: { e0: { on: "t", addresses: ["10.0.0.2/24"], mac: "02:00:00:00:00:0b" } } };
    const entry = {
      mac: "02:00:00:00:00:0b" as never,
      link: linkName("e0"),
      master: linkName("br0"),
      vlan: null,
      remote: null,
      isPermanent: false,
    };
    const mac = "02:00:00:00:09:01";
    const links = {
      br0: { type: { kind: "bridge", isVlanAware: false } as const, mac },
      e0: { on: "s", master: "br0", mac },
      e1: { on: "t", master: "br0", mac },
    };
    const outcome = carried({
      a: a({}, { neighbours: ["10.0.0.2 lladdr 02:00:00:00:00:0b dev e0 nud stale"] }),
      b,
      h: { links, fdb: [entry] },
    });
    expect(outcome.carried.kind).toBe("lost");
    expect(outcome.run.hops?.at(-1)?.why).toMatch(/do not reach its owner: a bridge's forwarding entry/);
  });
});

describe("carry over VXLAN", () => {
  const PEER = "02:00:00:00:00:f2";
  const neighbours = [`10.0.0.2 lladdr ${PEER} dev vx nud permanent`];
  const fdb = [
    {
      mac: PEER as never,
      link: linkName("vx"),
      master: null,
      vlan: null,
      remote: ip("10.1.0.2"),
      isPermanent: true,
    },
  ];

  function vtep(number: number, link: LinkSketch = {}): HostSketch["links"] {
    return {
      e0: { on: "s", addresses: [`10.1.0.${number}/24`] },
      vx: {
        type: flannelType(`10.1.0.${number}`, "e0"),
        addresses: [`10.0.0.${number}/32`],
        mac: `02:00:00:00:00:f${number}`,
        ...link,
      },
    };
  }
  const arrived: Carried = { kind: "arrived", host: 1, link: linkName("e0") };

  it("goes where the neighbour entry and the forwarding entry say, inside a packet of its own", () => {
    const outcome = carried(
      { a: { links: vtep(1) ?? {}, neighbours, fdb }, b: { links: vtep(2) ?? {} } },
      "vx",
      arrived,
    );
    expect(outcome.carried).toEqual({ kind: "arrived", host: 1, link: "vx" });
    expect(outcome.run.hops?.[0]).toMatchObject({
      rule: "vxlan fdb",
      why: `${PEER} is behind \`10.1.0.2\`: the packet goes inside one from \`10.1.0.1\``,
    });
  });

  it.each<[string, HostSketch, HostSketch["links"], string]>([
    ["without a neighbour entry", { links: vtep(1) ?? {}, fdb }, vtep(2), "no neighbour"],
    ["without a forwarding entry", { links: vtep(1) ?? {}, neighbours }, vtep(2), "vxlan fdb"],
    ["to a host without such a link", { links: vtep(1) ?? {}, neighbours, fdb }, { e0: {} }, "vxlan"],
    [
      "to a link with another MAC",
      { links: vtep(1) ?? {}, neighbours, fdb },
      vtep(2, { mac: "02:00:00:00:00:f9" }),
      "other host",
    ],
    [
      "to a link with the sender's MAC",
      { links: vtep(1) ?? {}, neighbours, fdb },
      vtep(2, { mac: "02:00:00:00:00:f1" }),
      "vxlan",
    ],
  ])("is lost %s", (_, sender, links, rule) => {
    const outcome = carried({ a: sender, b: { links: links ?? {} } }, "vx", arrived);
    expect([outcome.carried.kind, lastRule(outcome)]).toEqual(["lost", rule]);
  });

  it("takes its own packet to be 50 bytes longer, and is itself again afterwards", () => {
    const run = startRun(
      buildSnapshotWorld(buildSnapshot({ a: { links: vtep(1) ?? {}, neighbours, fdb } })),
      buildChooser(),
      false,
    );
    const link = stateOf(run, 0).linkByName.get(linkName("vx"));
    if (link === undefined) throw new RangeError("expected link vx");
    const bytes: number[] = [];
    carry(run, { host: 0, link, nextHop: ip("10.0.0.2"), packetSource: ip("10.0.0.1") }, (inner) => {
      bytes.push(inner.packetBytes);
      return { kind: "lost" };
    });
    expect([...bytes, run.packetBytes]).toEqual([134, 84]);
  });

  it("is unknown where the link learns its peers", () => {
    const type = { ...flannelType("10.1.0.1", "e0"), isLearning: true } as LinkSketch["type"];
    const links = { ...vtep(1), vx: { addresses: ["10.0.0.1/32"], ...(type === undefined ? {} : { type }) } };
    expect(carried({ a: { links } }, "vx").carried).toEqual({
      kind: "unknown",
      why: "`vx` learns its peers: that is not modelled",
    });
  });
});
