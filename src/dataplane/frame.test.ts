import { describe, expect, it } from "vitest";
import { type FdbEntry, linkName } from "#model/index.js";
import { buildSnapshot, type SnapshotSketch } from "../../test/fleet-builder.js";
import { buildChooser } from "./chooser.js";
import { sendBroadcast, sendUnicast } from "./frame.js";
import type { Domain } from "./layer2.js";
import type { Leg } from "./leg.js";
import { domainOf, type Run, startRun } from "./run.js";
import { buildSnapshotWorld } from "./world.js";

const MACS = {
  a: "02:00:00:00:00:0a",
  b: "02:00:00:00:00:0b",
  c: "02:00:00:00:00:0c",
  h: "02:00:00:00:00:1c",
} as const;
const PORT_MAC = "02:00:00:00:00:2c";
type Name = keyof typeof MACS;

function entry(mac: string, link: string, more: Partial<FdbEntry> = {}): FdbEntry {
  return {
    mac: mac as FdbEntry["mac"],
    link: linkName(link),
    master: linkName("br0"),
    vlan: null,
    remote: null,
    isPermanent: false,
    ...more,
  };
}

/** a and c on segment s, b on t, joined by h's bridge: e0 on s, e1 (with an address of its own) on t. */
function bridged(fdb: readonly FdbEntry[], more: SnapshotSketch = {}): Stage {
  return stage({
    a: { links: { e0: { on: "s", mac: MACS.a } } },
    b: { links: { e0: { on: "t", mac: MACS.b } } },
    c: { links: { e0: { on: "s", mac: MACS.c } } },
    h: {
      links: {
        br0: { type: { kind: "bridge", isVlanAware: false }, mac: MACS.h },
        e0: { on: "s", master: "br0", mac: MACS.h },
        e1: { on: "t", master: "br0", mac: PORT_MAC },
      },
      fdb,
    },
    ...more,
  });
}

interface Stage {
  readonly run: Run;
  readonly domain: Domain;
  readonly leg: (name: string) => Leg;
  /** The hosts that take a frame. */
  readonly send: (from: string, mac: string) => string;
}

function stage(sketch: SnapshotSketch): Stage {
  const names = Object.keys(sketch);
  const run = startRun(buildSnapshotWorld(buildSnapshot(sketch)), buildChooser(), false);
  const domain = domainOf(run, 0, linkName("e0"));
  if (domain === null) throw new RangeError("expected a domain");
  const leg = (name: string): Leg => {
    const found = domain.byHost.get(names.indexOf(name))?.find(({ port }) => port === null);
    if (found === undefined) throw new RangeError(`expected a leg of ${name}`);
    return found;
  };
  const send = (from: string, mac: string): string =>
    sendUnicast(run, domain, leg(from), mac as Leg["mac"])
      .map(({ host }) => names[host])
      .join(" ");
  return { run, domain, leg, send };
}

describe("sendUnicast", () => {
  it.each<[Name, Name]>([
    ["a", "b"],
    ["b", "a"],
    ["a", "c"],
    ["a", "h"],
    ["h", "b"],
  ])("brings a frame of %s to %s where no bridge knows better", (from, to) => {
    expect(bridged([]).send(from, MACS[to])).toBe(to);
  });

  it("brings it to nobody where nobody has the address", () => {
    expect(bridged([]).send("a", "02:00:00:00:99:99")).toBe("");
  });

  it("goes only to the port of the bridge's entry, which loses it where the owner is elsewhere", () => {
    const wrong = bridged([entry(MACS.c, "e1")]);
    expect([wrong.send("b", MACS.c), wrong.send("h", MACS.c), wrong.send("a", MACS.c)]).toEqual([
      "",
      "",
      "c",
    ]);
  });

  it("is dropped where the entry names the port that it came in by", () => {
    expect(bridged([entry(MACS.b, "e0")]).send("a", MACS.b)).toBe("");
  });

  it("is dropped by a static entry whose port is down", () => {
    expect(bridged([entry(MACS.b, "e9", { isPermanent: true, isStatic: true })]).send("a", MACS.b)).toBe("");
  });

  it("is taken by the bridge, and then by nobody, for a permanent entry; what the bridge's host sends leaves by its port", () => {
    const own = [entry(MACS.b, "e1", { isPermanent: true })];
    expect([bridged(own).send("a", MACS.b), bridged(own).send("h", MACS.b)]).toEqual(["", "b"]);
  });

  it("reaches a bridge by a port's address through that port only", () => {
    const stage = bridged([]);
    expect([stage.send("b", PORT_MAC), stage.send("a", PORT_MAC), stage.send("h", PORT_MAC)]).toEqual([
      "h",
      "",
      "",
    ]);
  });

  it("notes that its way depended on the frames before it only for addresses that may go astray", () => {
    const wrong = bridged([entry(MACS.b, "e0")]);
    wrong.send("a", MACS.c);
    expect(wrong.run.hasMetStrayAddress).toBe(false);
    wrong.send("a", MACS.b);
    expect(wrong.run.hasMetStrayAddress).toBe(true);
  });

  it("goes to every owner of an address that no switch has heard, and to the last that spoke", () => {
    const twins = { d: { links: { e0: { on: "s", mac: MACS.b } } } };
    const { send, run, domain, leg } = bridged([], twins);
    expect(send("a", MACS.b)).toBe("b d");
    sendBroadcast(run, domain, leg("d"));
    expect(send("a", MACS.b)).toBe("d");
    sendBroadcast(run, domain, leg("b"));
    expect(send("a", MACS.b)).toBe("b");
  });

  it("is never taken by its sender", () => {
    expect(bridged([]).send("a", MACS.a)).toBe("");
  });
});

describe("what a bridge learns within the flow", () => {
  const kinds = {
    dynamic: {},
    static: { isPermanent: true, isStatic: true },
    sticky: { isPermanent: true, isStatic: true, isSticky: true },
    permanent: { isPermanent: true },
  } as const;

  it.each([
    ["dynamic", "b"],
    ["static", "b"],
    ["sticky", ""],
    ["permanent", ""],
  ] as const)(
    "a %s entry for the wrong port: after a broadcast of the owner a frame for it reaches `%s`",
    (kind, taker) => {
      const { send, run, domain, leg } = bridged([entry(MACS.b, "e0", kinds[kind])]);
      sendBroadcast(run, domain, leg("b"));
      expect(send("a", MACS.b)).toBe(taker);
    },
  );

  it("a unicast frame of the owner corrects the bridges on its way", () => {
    const { send } = bridged([entry(MACS.b, "e0")]);
    send("b", MACS.a);
    expect(send("a", MACS.b)).toBe("b");
  });

  it("a unicast frame to a known neighbour on the owner's own segment corrects nobody beyond", () => {
    const { send, run, domain, leg } = bridged([entry(MACS.c, "e1")]);
    sendBroadcast(run, domain, leg("a"));
    send("c", MACS.a);
    expect(send("b", MACS.c)).toBe("");
  });

  it("a unicast frame to an address that no switch has heard goes everywhere and corrects all", () => {
    const { send } = bridged([entry(MACS.c, "e1")]);
    send("c", MACS.a);
    expect(send("b", MACS.c)).toBe("c");
  });

  it("makes a new version of the walk, so that a packet that comes by again is not taken for a loop", () => {
    const { run, domain, leg } = bridged([entry(MACS.b, "e0")]);
    const before = run.version;
    sendBroadcast(run, domain, leg("b"));
    expect(run.version).toBeGreaterThan(before);
  });
});
