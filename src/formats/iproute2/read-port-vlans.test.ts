import { describe, expect, it } from "vitest";
import { type FdbEntry, type Host, hostId, type Issue, type Link, linkName } from "#model/index.js";
import { buildSnapshot } from "../../../test/fleet-builder.js";
import { readSnapshot, renderSnapshot } from "./index.js";

const AWARE = { type: { kind: "bridge", isVlanAware: true } } as const;
const SNAPSHOT = buildSnapshot({
  h: {
    links: { br0: AWARE, e0: { on: "s", master: "br0" }, e1: { on: "t", master: "br0" }, e2: { on: "u" } },
  },
});

interface Read {
  readonly host: Host | null;
  readonly issues: readonly Issue[];
}

/** The snapshot's directory with this `vlan.json` in it. */
function read(vlans: string | null, other: Readonly<Record<string, string>> = {}): Read {
  const files = new Map([...renderSnapshot(SNAPSHOT), ...Object.entries(other)]);
  if (vlans !== null) files.set("hosts/h/vlan.json", vlans);
  const reading = readSnapshot({
    read: (path) => files.get(path) ?? null,
    list: (folder) => [...files.keys()].filter((path) => path.startsWith(`${folder}/`)).sort(),
  });
  return reading.ok
    ? { host: reading.value.snapshot.hosts.get(hostId("h")) ?? null, issues: reading.value.issues }
    : { host: null, issues: reading.error };
}

function vlansOf(vlans: unknown, link: string): Link["bridgeVlans"] {
  return read(JSON.stringify(vlans)).host?.links.find(({ name }) => name === link)?.bridgeVlans;
}

describe("vlan.json", () => {
  const vlans = [
    {
      ifname: "e0",
      vlans: [{ vlan: 1, flags: ["PVID", "Egress Untagged"] }, { vlan: 10 }, { vlan: 20, vlanEnd: 22 }],
    },
    { ifname: "br0", vlans: [{ vlan: 1, flags: ["PVID", "Egress Untagged"] }] },
    { ifname: "e2", vlans: [{ vlan: 1, flags: ["PVID", "Egress Untagged"] }] },
  ];

  it("gives each port of a VLAN-aware bridge and the bridge itself their VLANs, ranges written out", () => {
    expect(vlansOf(vlans, "e0")).toEqual({ pvid: 1, untagged: [1], tagged: [10, 20, 21, 22] });
    expect(vlansOf(vlans, "br0")).toEqual({ pvid: 1, untagged: [1], tagged: [] });
  });

  it("puts a port that it does not list in no VLAN", () => {
    expect(vlansOf(vlans, "e1")).toEqual({ pvid: null, untagged: [], tagged: [] });
  });

  it("says nothing of links that are in no VLAN-aware bridge", () => {
    expect(vlansOf(vlans, "e2")).toBeUndefined();
  });

  it("is missed where a bridge is VLAN-aware, and the host itself stays known", () => {
    const { host, issues } = read(null);
    expect(host?.unmodelled).toEqual([]);
    expect(issues.map(({ code, message, hint }) => [code, message, hint])).toEqual([
      [
        "iproute2/missing-port-vlans",
        "Expected `hosts/h/vlan.json` for the VLAN-aware bridge `br0`, found no such file; which VLANs its ports carry is unknown.",
        "Run `bridge -j vlan show` on the host and keep its output there; until then flows through the bridge are unknown.",
      ],
    ]);
  });

  it.each([
    [
      "a range that ends before it begins",
      [{ ifname: "e0", vlans: [{ vlan: 9, vlanEnd: 7 }] }],
      "Expected a range of VLANs, found `9-7`.",
    ],
    [
      "a VLAN that there is not",
      [{ ifname: "e0", vlans: [{ vlan: 1e9 }] }],
      /^Expected the output that docs\/formats\/iproute2.md shows; at `0.vlans.0.vlan`/,
    ],
  ])("is wrong with %s", (_, wrong, message) => {
    expect(read(JSON.stringify(wrong)).issues[0]?.message).toMatch(message);
  });

  it("is the same after it was written and read", () => {
    const { host } = read(JSON.stringify(vlans));
    if (host === null) throw new RangeError("expected a host");
    const files = renderSnapshot({ ...SNAPSHOT, hosts: new Map([[host.id, host]]) });
    const again = read(files.get("hosts/h/vlan.json") ?? null).host;
    expect(again?.links.map(({ bridgeVlans }) => bridgeVlans)).toEqual(
      host.links.map(({ bridgeVlans }) => bridgeVlans),
    );
  });
});

describe("fdb.json", () => {
  const raw = (state: string, flags: readonly string[] = []): object => {
    return { mac: "02:00:00:00:00:99", ifname: "e0", flags, master: "br0", state };
  };
  const entry = {
    mac: "02:00:00:00:00:99",
    link: linkName("e0"),
    master: linkName("br0"),
    vlan: null,
    remote: null,
  };

  it.each<[string, object, Partial<FdbEntry>]>([
    ["learnt", raw(""), { isPermanent: false }],
    ["static", raw("static"), { isPermanent: true, isStatic: true }],
    ["sticky", raw("static", ["sticky"]), { isPermanent: true, isStatic: true, isSticky: true }],
    ["permanent", raw("permanent"), { isPermanent: true }],
  ])("tells a %s entry of a bridge from others, and writes it back as it was", (_, element, expected) => {
    const { host } = read("[]", { "hosts/h/fdb.json": JSON.stringify([element]) });
    expect(host?.fdb).toEqual([{ ...entry, ...expected }]);
    if (host === null) throw new RangeError("expected a host");
    const written = renderSnapshot({ ...SNAPSHOT, hosts: new Map([[host.id, host]]) }).get(
      "hosts/h/fdb.json",
    );
    expect(JSON.parse(written ?? "")).toEqual([element]);
  });
});
