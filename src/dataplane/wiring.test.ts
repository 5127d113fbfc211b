import { describe, expect, it } from "vitest";
import { type FdbEntry, linkName } from "#model/index.js";
import { buildSnapshot, type SnapshotSketch } from "../../test/fleet-builder.js";
import { compileHost } from "./compiled-host.js";
import { buildLayer2 } from "./layer2.js";
import type { Wiring } from "./wiring.js";

const B_MAC = "02:00:00:00:00:0b";
const H_MAC = "02:00:00:00:00:0c";

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

/** a on s, b on t, joined by h's bridge (e0 on s, e1 on t). */
function fleet(fdb: readonly FdbEntry[], portMac = H_MAC): SnapshotSketch {
  const port = (on: string): object => ({ on, master: "br0", mac: portMac });
  return {
    a: { links: { e0: { on: "s" } } },
    b: { links: { e0: { on: "t", mac: B_MAC } } },
    h: {
      links: {
        br0: { type: { kind: "bridge", isVlanAware: false }, mac: H_MAC },
        e0: port("s"),
        e1: port("t"),
      },
      fdb,
    },
  };
}

function wiringOf(sketch: SnapshotSketch): Wiring | null {
  const { hosts, segments } = buildSnapshot(sketch);
  return (
    buildLayer2([...hosts.values()].map(compileHost), segments).domainOf(0, linkName("e0"))?.wiring ?? null
  );
}

describe("buildWiring", () => {
  it("is not needed where no bridge has an entry", () => {
    expect(wiringOf(fleet([]))).toBeNull();
  });

  it("is not needed where all entries lead to the owners of their addresses, or to addresses that nobody has", () => {
    expect(
      wiringOf(fleet([entry(B_MAC, "e1"), entry("02:00:00:00:99:99", "e0", { isPermanent: true })])),
    ).toBeNull();
  });

  it.each([
    ["leads away from the owner", entry(B_MAC, "e0")],
    ["leads to a port that is no longer there", entry(B_MAC, "e7")],
    ["makes another host's address the bridge's own", entry(B_MAC, "e1", { isPermanent: true })],
  ])("is needed for an address whose entry %s", (_, wrong) => {
    expect([...(wiringOf(fleet([wrong]))?.strays ?? [])]).toEqual([B_MAC]);
  });

  it("passes over the bridge's own addresses, entries of other bridges and of VLANs that the bridge does not know", () => {
    const others = [
      entry(H_MAC, "e0", { isPermanent: true }),
      entry(B_MAC, "e0", { master: linkName("br9") }),
      entry(B_MAC, "e0", { vlan: 1 }),
    ];
    expect(wiringOf(fleet(others))).toBeNull();
  });

  it("is needed for the address of a port: its bridge takes frames for it from that port only", () => {
    expect([...(wiringOf(fleet([], "02:00:00:00:00:0d"))?.strays ?? [])]).toEqual(["02:00:00:00:00:0d"]);
  });

  it("knows the next place on the way to another, both ways", () => {
    const wiring = wiringOf(fleet([entry(B_MAC, "e0")]));
    const steps = [
      ["segment s 0", "segment t 0"],
      ["bridge 2 br0 0", "segment t 0"],
      ["segment t 0", "segment s 0"],
      ["segment s 0", "segment s 0"],
    ].map(([from = "", to = ""]) => wiring?.stepTowards(from, to));
    expect(steps).toEqual(["bridge 2 br0 0", "segment t 0", "bridge 2 br0 0", null]);
  });
});
