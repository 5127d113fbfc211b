import { describe, expect, it } from "vitest";
import { type FdbEntry, linkName } from "#model/index.js";
import { buildSnapshot, type HostSketch, ip, type SnapshotSketch } from "../../test/fleet-builder.js";
import { buildChooser } from "./chooser.js";
import { type Resolution, resolveNeighbour } from "./resolve.js";
import { cachedMac, type Run, startRun, stateOf } from "./run.js";
import { buildSnapshotWorld } from "./world.js";

const B_MAC = "02:00:00:00:00:0b";
const A: HostSketch = { links: { e0: { on: "s", addresses: ["10.0.0.1/24"] } } };
const B: HostSketch = { links: { e0: { on: "s", addresses: ["10.0.0.2/24"], mac: B_MAC } } };

interface Asked {
  readonly resolution: Resolution;
  readonly run: Run;
}

/** Every way in which `a` may resolve the address. */
function ask(sketch: SnapshotSketch, address = "10.0.0.2", packetSource = "10.0.0.1"): readonly Asked[] {
  const world = buildSnapshotWorld(buildSnapshot(sketch));
  const chooser = buildChooser();
  const asked: Asked[] = [];
  do {
    const run = startRun(world, chooser, true);
    const link = stateOf(run, 0).linkByName.get(linkName("e0"));
    if (link === undefined) throw new RangeError("expected link e0");
    const egress = { host: 0, link, nextHop: ip(address), packetSource: ip(packetSource) };
    asked.push({ resolution: resolveNeighbour(run, egress), run });
  } while (chooser.advance());
  return asked;
}

function resolved(sketch: SnapshotSketch, address?: string): readonly string[] {
  return ask(sketch, address).map(({ resolution }) => described(resolution));
}

function described(resolution: Resolution): string {
  switch (resolution.kind) {
    case "resolved":
      return resolution.mac;
    case "failed":
      return "failed";
    case "unknown":
      return resolution.why;
  }
}

function withCache(state: string, mac = "02:00:00:00:00:99"): HostSketch {
  return { ...A, neighbours: [`10.0.0.2 lladdr ${mac} dev e0 nud ${state}`] };
}

describe("resolveNeighbour", () => {
  it("asks the segment and takes the owner's answer", () => {
    expect(resolved({ a: A, b: B })).toEqual([B_MAC]);
  });

  it.each(["permanent", "reachable", "stale", "delay"])(
    "uses a %s entry without asking, right or wrong",
    (state) => {
      expect(resolved({ a: withCache(state), b: B })).toEqual(["02:00:00:00:00:99"]);
    },
  );

  it.each(["failed", "incomplete"])("asks again where an entry is %s", (state) => {
    expect(resolved({ a: withCache(state), b: B })).toEqual([B_MAC]);
  });

  it("fails where nobody answers, and says what was asked", () => {
    const [asked] = ask({ a: A, b: B }, "10.0.0.9");
    expect(asked?.resolution).toEqual({ kind: "failed" });
    expect(asked?.run.hops?.at(-1)).toMatchObject({
      rule: "no neighbour",
      why: "nobody answered `10.0.0.1` asking for `10.0.0.9`",
    });
  });

  it("takes any of several answers", () => {
    const twin = { links: { e0: { on: "s", addresses: ["10.0.0.2/24"], mac: "02:00:00:00:00:0c" } } };
    const asked = ask({ a: A, b: B, c: twin });
    expect(asked.map(({ resolution }) => resolution.kind === "resolved" && resolution.mac)).toEqual([
      B_MAC,
      "02:00:00:00:00:0c",
    ]);
    expect([...(asked[0]?.run.findings ?? [])]).toEqual(["2 hosts answer ARP for `10.0.0.2`"]);
  });

  it("hears a host answer on both of its legs on one segment, with either MAC", () => {
    const legs = {
      links: {
        e0: { on: "s", addresses: ["10.0.0.2/24"], mac: B_MAC },
        e1: { on: "s", mac: "02:00:00:00:00:0d" },
      },
    };
    expect(resolved({ a: A, b: legs })).toEqual([B_MAC, "02:00:00:00:00:0d"]);
  });

  it("hears it on one leg only with arp_ignore 1 or arp_filter", () => {
    const legs = {
      e0: { on: "s", addresses: ["10.0.0.2/24"], mac: B_MAC },
      e1: { on: "s", mac: "02:00:00:00:00:0d" },
    };
    for (const key of ["conf.all.arp_ignore", "conf.all.arp_filter"]) {
      expect(resolved({ a: A, b: { links: legs, sysctls: { [key]: 1 } } })).toEqual([B_MAC]);
    }
  });

  it("says where a proxy answers", () => {
    const proxy = {
      links: {
        e0: { on: "s", addresses: ["10.0.0.3/24"], mac: B_MAC },
        e1: { addresses: ["10.0.0.128/25"] },
      },
      sysctls: { ip_forward: 1, "conf.e0.proxy_arp": 1 },
    };
    const [asked] = ask({ a: A, p: proxy }, "10.0.0.200");
    expect(asked?.resolution).toEqual({ kind: "resolved", mac: B_MAC });
    expect([...(asked?.run.findings ?? [])]).toEqual(["`p` answers ARP for `10.0.0.200` as a proxy"]);
  });

  it("teaches the host that answers the address of the asker", () => {
    const [asked] = ask({ a: A, b: B });
    if (asked === undefined) throw new RangeError("expected an answer");
    const link = stateOf(asked.run, 1).linkByName.get(linkName("e0"));
    expect(link === undefined ? null : cachedMac(asked.run, 1, link, ip("10.0.0.1"))).toBe(
      "02:00:00:00:00:01",
    );
  });

  it("fails on a link without carrier", () => {
    expect(
      resolved({ a: { links: { e0: { on: "s", addresses: ["10.0.0.1/24"], hasCarrier: false } } }, b: B }),
    ).toEqual(["failed"]);
  });

  it("does not take an answer with the asker's own MAC: no switch brings it back", () => {
    expect(
      resolved({ a: { links: { e0: { on: "s", addresses: ["10.0.0.1/24"], mac: B_MAC } } }, b: B }),
    ).toEqual(["failed"]);
  });

  it("does not know whether a host without sysctls answers", () => {
    const issue = { code: "x/y", severity: "unmodelled", message: "", source: null, hint: "" } as const;
    expect(resolved({ a: A, b: { ...B, unmodelled: [issue] } })).toEqual([
      "whether `10.0.0.2` is answered for is not known",
    ]);
  });
});

describe("an answer and what bridges remember", () => {
  /** a on s, b on t, joined by h's bridge, which has a's address at the port of t. */
  function behindBridge(more: Partial<FdbEntry>): SnapshotSketch {
    const entry = {
      mac: "02:00:00:00:00:01" as never,
      link: linkName("e1"),
      master: linkName("br0"),
      vlan: null,
      remote: null,
      isPermanent: true,
      ...more,
    };
    const h = {
      links: {
        br0: { type: { kind: "bridge", isVlanAware: false } as const, mac: "02:00:00:00:09:01" },
        e0: { on: "s", master: "br0", mac: "02:00:00:00:09:01" },
        e1: { on: "t", master: "br0", mac: "02:00:00:00:09:01" },
      },
      fdb: [entry],
    };
    return { a: A, b: { links: { e0: { on: "t", addresses: ["10.0.0.2/24"], mac: B_MAC } } }, h };
  }

  it("comes back through a bridge whose entry the request corrected", () => {
    expect(resolved(behindBridge({ isPermanent: false }))).toEqual([B_MAC]);
    expect(resolved(behindBridge({ isStatic: true }))).toEqual([B_MAC]);
  });

  it("is lost at a bridge with a sticky entry that leads away from the asker", () => {
    expect(resolved(behindBridge({ isStatic: true, isSticky: true }))).toEqual(["failed"]);
  });
});

describe("an answer and a VLAN-aware bridge of unknown VLANs", () => {
  const why = "which VLANs the ports of `br0` carry is not known";
  const h: HostSketch = {
    links: {
      br0: { type: { kind: "bridge", isVlanAware: true } },
      e0: { on: "s", master: "br0" },
      e1: { on: "t", master: "br0" },
    },
  };
  const far = { links: { e0: { on: "t", addresses: ["10.0.0.2/24"] } } };

  it("is taken where the owner is on the segment and nobody behind the bridge has the address", () => {
    expect(resolved({ a: A, b: B, h })).toEqual([B_MAC]);
  });

  it("is unknown where nobody answers, or somebody behind the bridge may answer too", () => {
    expect(resolved({ a: A, h }, "10.0.0.9")).toEqual([why]);
    expect(resolved({ a: A, b: far, h })).toEqual([why]);
    expect(resolved({ a: A, b: B, c: far, h })).toEqual([why]);
  });
});
