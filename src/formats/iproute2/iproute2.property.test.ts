import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { broadcastOf, type IPv4, ipv4, mac, prefix } from "#ip/index.js";
import {
  applyOperation,
  bootHost,
  type ConfigurationTree,
  emptyConfiguration,
  type Host,
  hostId,
  linkName,
  type Operation,
  operation,
  type Snapshot,
  segmentId,
} from "#model/index.js";
import { readSnapshot, renderSnapshot } from "./index.js";
import { scanJson } from "./json-position.js";

function treeOf(files: ReadonlyMap<string, string>): ConfigurationTree {
  return {
    read: (path) => files.get(path) ?? null,
    list: (folder) => [...files.keys()].filter((path) => path.startsWith(`${folder}/`)),
  };
}

const links = fc.constantFrom("e0", "e1", "br0", "vx0").map(linkName);
const ips: fc.Arbitrary<IPv4> = fc.integer({ min: 0x0a000001, max: 0x0a00ffff }).map(ipv4);
const lengths = fc.constantFrom(8, 16, 24, 30, 31, 32);
const macs = fc.integer({ min: 1, max: 255 }).map((last) => mac([2, 0, 0, 0, 0, last]));

const added: fc.Arbitrary<Operation> = fc
  .record({ link: links, ip: ips, length: lengths, hasNoPrefixRoute: fc.boolean() })
  .map((given) => ({
    kind: "address-add",
    address: operation.address({
      ...given,
      broadcast: given.length < 31 ? broadcastOf(given.ip, given.length) : null,
    }),
  }));
const routed: fc.Arbitrary<Operation> = fc
  .record({
    ip: ips,
    length: lengths,
    gateway: ips,
    link: links,
    metric: fc.nat(9),
    table: fc.constantFrom(254, 100),
  })
  .map(({ ip, length, ...rest }) => ({
    kind: "route-add",
    route: operation.route({ destination: prefix(ip, length), isOnlink: true, ...rest }),
  }));
const learnt: fc.Arbitrary<Operation> = fc
  .record({
    link: links,
    ip: ips,
    mac: macs,
    state: fc.constantFrom("permanent", "stale", "reachable"),
    isProxy: fc.constant(false),
  })
  .map((neighbour) => ({ kind: "neighbour-replace", neighbour }));
const tuned: fc.Arbitrary<Operation> = fc
  .record({
    key: fc.constantFrom("ip_forward", "conf.e0.rp_filter", "conf.all.arp_ignore"),
    value: fc.nat(2),
  })
  .map((given) => ({ kind: "sysctl", ...given }));
const ruled: fc.Arbitrary<Operation> = fc
  .record({ ip: ips, length: lengths, priority: fc.integer({ min: 1, max: 32000 }) })
  .map(({ ip, length, priority }) => ({
    kind: "rule-add",
    rule: {
      priority,
      isInverted: length === 8,
      from: prefix(ip, length),
      to: null,
      incoming: null,
      outgoing: length === 16 ? linkName("e0") : null,
      mark: length === 24 ? { value: 1, mask: 255 } : null,
      action: { kind: "lookup", table: 100, suppressPrefixLength: length === 30 ? 0 : null },
    },
  }));
const raised: fc.Arbitrary<Operation> = links.map((link) => ({ kind: "link-up", link }));

const plain = { mtu: 1500, isUp: false, hasCarrier: false, master: null, isNoArp: false, source: null };
const BARE: Host = bootHost({
  id: hostId("h"),
  configuration: emptyConfiguration(),
  hardware: [
    { ...plain, name: linkName("e0"), type: { kind: "ethernet" }, mac: mac([2, 0, 0, 0, 0, 1]) },
    { ...plain, name: linkName("e1"), type: { kind: "ethernet" }, mac: mac([2, 0, 0, 0, 0, 2]) },
    {
      ...plain,
      name: linkName("br0"),
      type: { kind: "bridge", isVlanAware: false },
      mac: mac([2, 0, 0, 0, 0, 3]),
    },
    {
      ...plain,
      name: linkName("vx0"),
      type: {
        kind: "vxlan",
        id: 1,
        local: ipv4(0x0a000001),
        lower: linkName("e0"),
        port: 8472,
        isLearning: false,
      },
      mac: mac([2, 0, 0, 0, 0, 4]),
    },
  ],
  sysctls: new Map(),
}).host;

const hosts: fc.Arbitrary<Host> = fc
  .array(fc.oneof(added, routed, learnt, tuned, ruled, raised), { maxLength: 20 })
  .map((operations) =>
    operations.reduce((host, next) => {
      const result = applyOperation(host, next);
      return result.ok ? result.value : host;
    }, BARE),
  );

/** Which line of a file a fact stood on is not written into the next file. */
function sourceless(value: unknown): unknown {
  const text = JSON.stringify(value, (key, part) =>
    key === "source" ? null : part instanceof Map ? [...part] : part,
  );
  return JSON.parse(text);
}

describe("a snapshot directory", () => {
  it("read after it was written is the same snapshot", () => {
    fc.assert(
      fc.property(hosts, (host) => {
        const snapshot: Snapshot = {
          hosts: new Map([[host.id, host]]),
          segments: [{ id: segmentId("main"), ports: [{ host: host.id, link: linkName("e0") }] }],
        };
        const reading = readSnapshot(treeOf(renderSnapshot(snapshot)));
        expect(reading.ok && sourceless(reading.value.snapshot)).toEqual(sourceless(snapshot));
      }),
    );
  });

  it("of any content makes nothing throw", () => {
    const name = fc.constantFrom(
      "wiring.json",
      ...[
        "addr.json",
        "route.json",
        "rule.json",
        "neigh.json",
        "proxy-neigh.json",
        "fdb.json",
        "vlan.json",
        "nft.json",
        "sysctl.txt",
        "addr.txt",
        "route.txt",
        "rule.txt",
        "neigh.txt",
      ].map((file) => `hosts/h/${file}`),
    );
    const text = fc.oneof(fc.string({ unit: "binary" }), fc.json(), fc.string({ unit: "grapheme-ascii" }));
    fc.assert(
      fc.property(fc.dictionary(name, text), (files) => {
        const reading = readSnapshot(treeOf(new Map(Object.entries(files))));
        expect(reading.ok || reading.error.length > 0).toBe(true);
      }),
      { numRuns: 500 },
    );
  });

  it("cut off or damaged anywhere makes nothing throw", () => {
    const files = renderSnapshot({ hosts: new Map([[BARE.id, BARE]]), segments: [] });
    const damage = fc.record({
      path: fc.constantFrom(...files.keys()),
      at: fc.double({ min: 0, max: 1, noNaN: true }),
      put: fc.string({ maxLength: 3 }),
    });
    fc.assert(
      fc.property(damage, fc.boolean(), ({ path, at, put }, isCut) => {
        const text = files.get(path) ?? "";
        const offset = Math.floor(at * text.length);
        const damaged = text.slice(0, offset) + put + (isCut ? "" : text.slice(offset + put.length));
        const reading = readSnapshot(treeOf(new Map([...files, [path, damaged]])));
        expect(reading.ok || reading.error.length > 0).toBe(true);
      }),
      { numRuns: 500 },
    );
  });
});

describe("the JSON scanner", () => {
  it("finds an error where, and only where, JSON.parse does", () => {
    const damaged = fc.tuple(fc.json(), fc.nat(), fc.string({ maxLength: 2 })).map(([text, at, put]) => {
      const offset = at % (text.length + 1);
      return text.slice(0, offset) + put + text.slice(offset);
    });
    fc.assert(
      fc.property(fc.oneof(fc.json(), damaged), (text) => {
        let isJson = true;
        try {
          JSON.parse(text);
        } catch {
          isJson = false;
        }
        expect(scanJson(text, []).errorAt === null).toBe(isJson);
      }),
      { numRuns: 1000 },
    );
  });
});
