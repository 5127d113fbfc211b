import { describe, expect, it } from "vitest";
import { buildSnapshot, type HostSketch, ip, type SnapshotSketch } from "../../test/fleet-builder.js";
import { buildChooser } from "./chooser.js";
import { MAX_HOPS, type Way } from "./packet.js";
import { startRun } from "./run.js";
import { walkPacket } from "./walk.js";
import { buildSnapshotWorld } from "./world.js";

function walk(sketch: SnapshotSketch, to: string, source: string | null = null): Way {
  const run = startRun(buildSnapshotWorld(buildSnapshot(sketch)), buildChooser(), false);
  return walkPacket(run, { host: 0, source: source === null ? null : ip(source), destination: ip(to) });
}

function host(number: number, more: HostSketch = {}): HostSketch {
  return { links: { e0: { on: "s", addresses: [`10.0.0.${number}/24`] } }, ...more };
}

const FORWARDING = { ip_forward: 1 };

describe("walkPacket", () => {
  it("ends at the neighbour that owns the address", () => {
    expect(walk({ a: host(1), b: host(2) }, "10.0.0.2")).toMatchObject({
      end: "accepted",
      path: [1],
      at: { host: 1, link: "e0" },
      source: ip("10.0.0.1"),
    });
  });

  it("ends at the sender for an own address, on its loopback link", () => {
    expect(walk({ a: host(1) }, "10.0.0.1")).toMatchObject({
      end: "accepted",
      path: [0],
      at: { host: 0, link: "lo" },
      isLocal: true,
    });
  });

  it("is lost to an own address while the loopback link is down", () => {
    const snapshot = buildSnapshot({ a: host(1) });
    const [one] = snapshot.hosts.values();
    if (one === undefined) throw new RangeError("expected a host");
    const links = one.links.map((link) => (link.type.kind === "loopback" ? { ...link, isUp: false } : link));
    const run = startRun(
      buildSnapshotWorld({ ...snapshot, hosts: new Map([[one.id, { ...one, links }]]) }),
      buildChooser(),
      false,
    );
    expect(walkPacket(run, { host: 0, source: null, destination: ip("10.0.0.1") })).toMatchObject({
      end: "lost",
      path: [],
    });
  });

  it("goes through routers to where it is accepted", () => {
    const router = {
      links: { e0: { on: "s", addresses: ["10.0.0.9/24"] }, e1: { on: "t", addresses: ["10.1.0.9/24"] } },
      sysctls: FORWARDING,
    };
    const far = { links: { e0: { on: "t", addresses: ["10.1.0.2/24"] } } };
    expect(
      walk({ a: host(1, { routes: ["default via 10.0.0.9"] }), r: router, b: far }, "10.1.0.2"),
    ).toMatchObject({ end: "accepted", path: [1, 2] });
  });

  it("is a loop where it comes to a place again with nothing learnt since", () => {
    const one = host(2, { sysctls: FORWARDING, routes: ["default via 10.0.0.3"] });
    const two = host(3, { sysctls: FORWARDING, routes: ["default via 10.0.0.2"] });
    const way = walk({ a: host(1, { routes: ["default via 10.0.0.2"] }), one, two }, "9.9.9.9");
    expect([way.end, way.path.slice(0, 3)]).toEqual(["loop", [1, 2, 1]]);
  });

  it("is lost after 64 hops", () => {
    const count = MAX_HOPS + 2;
    const row = Array.from({ length: count }, (_, index): [string, HostSketch] => {
      const left = { on: `s${index}`, addresses: [`10.${index}.0.2/24`] };
      const right = { on: `s${index + 1}`, addresses: [`10.${index + 1}.0.1/24`] };
      return [
        `h${index}`,
        { links: { e0: left, e1: right }, sysctls: FORWARDING, routes: [`default via 10.${index + 1}.0.2`] },
      ];
    });
    const way = walk(Object.fromEntries(row), `10.${count}.0.1`);
    expect([way.end, way.path.length]).toEqual(["lost", MAX_HOPS]);
  });

  it("drops a reply whose source is no longer an own address", () => {
    expect(walk({ a: host(1), b: host(2) }, "10.0.0.2", "10.0.0.77").end).toBe("lost");
  });

  it("is heard by its owner where the next hop is a broadcast address, and forwarded by nobody", () => {
    const narrow = {
      links: { e0: { on: "s", addresses: ["10.0.0.1/29"] } },
      routes: ["10.9.0.0/16 via 10.0.0.7 dev e0 onlink"],
    };
    const owner = { links: { e0: { on: "s", addresses: ["10.9.0.5/24"] } } };
    const router = host(3, { sysctls: FORWARDING, routes: ["10.9.0.0/16 dev e0"] });
    expect(walk({ a: narrow, r: router, b: owner }, "10.9.0.5")).toMatchObject({
      end: "accepted",
      path: [2],
    });
    expect(walk({ a: narrow, r: router }, "10.9.0.5")).toMatchObject({ end: "lost", path: [] });
  });

  it("is unknown from a host of which something is not modelled", () => {
    const issue = { code: "x/y", severity: "unmodelled", message: "", source: null, hint: "" } as const;
    expect(walk({ a: host(1, { unmodelled: [issue] }), b: host(2) }, "10.0.0.2").end).toBe("unknown");
  });
});
