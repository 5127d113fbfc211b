import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { formatIPv4, ipv4, mac, prefix } from "#ip/index.js";
import {
  type Cluster,
  type ClusterMember,
  type Fleet,
  type FleetHost,
  type FleetSegment,
  hostId,
  type Invariant,
  linkName,
  segmentId,
} from "#model/index.js";
import { findContradictions } from "./contradictions.js";
import { parseFleet, renderFleet } from "./index.js";

const source = { file: "f", line: 1, column: 1 };

const name = fc.stringMatching(/^[a-z0-9][A-Za-z0-9_.-]{0,8}$/).map((tail) => `n${tail}`);
const link = fc.stringMatching(/^[a-z][a-z0-9.-]{0,13}$/);
const ip = fc.integer({ min: 0, max: 0xffffffff }).map(ipv4);
const network = fc
  .tuple(ip, fc.integer({ min: 0, max: 32 }))
  .map(([address, length]) => prefix(address, length));
const ethernet = fc.array(fc.integer({ min: 0, max: 255 }), { minLength: 6, maxLength: 6 }).map(mac);
const path = fc
  .array(fc.stringMatching(/^[A-Za-z0-9_ #:'"&*{}[\]-]{1,8}$/), { minLength: 1, maxLength: 3 })
  .map((parts) => parts.join("/"));
const sentence = fc.string({ unit: "grapheme", minLength: 1, maxLength: 40 });
const role = fc.constantFrom("node" as const, "hypervisor" as const, "router" as const, "other" as const);
const backend = fc.constantFrom(
  "vxlan" as const,
  "host-gw" as const,
  "wireguard-native" as const,
  "none" as const,
);

function hostArbitrary(id: string): fc.Arbitrary<FleetHost> {
  return hostWithoutConsole(id).chain((host) =>
    fc
      .option(fc.constantFrom("BMC 10.99.0.7", 'a screen in rack 3: "left"'), { nil: null })
      .map((text) => (text === null ? host : { ...host, console: text })),
  );
}

function hostWithoutConsole(id: string): fc.Arbitrary<FleetHost> {
  return fc.record({
    id: fc.constant(hostId(id)),
    role,
    os: fc.constantFrom("nixos" as const, "proxmox" as const, "openwrt" as const, "other" as const),
    ssh: fc.option(fc.constantFrom("root@a.lan", "b", "ssh://c:22"), { nil: null }),
    configuration: fc
      .array(
        fc.record({
          dialect: fc.constantFrom("nixos" as const, "uci" as const, "k3s" as const),
          path,
          source: fc.constant(source),
        }),
        { maxLength: 3 },
      )
      .chain((files) =>
        fc.tuple(
          ...files.map((file) =>
            fc.option(path, { nil: null }).map((at) => (at === null ? file : { ...file, at: `/${at}` })),
          ),
        ),
      ),
    macs: fc
      .dictionary(link, ethernet, { maxKeys: 3 })
      .map((all) => new Map(Object.entries(all).map(([key, value]) => [linkName(key), value]))),
    sysctls: fc.constantFrom(
      new Map<string, number>(),
      new Map([["ip_forward", 1]]),
      new Map([
        ["conf.eth0/100.rp_filter", 2],
        ["conf.all.arp_ignore", -1],
      ]),
    ),
    source: fc.constant(source),
  });
}

function segmentsArbitrary(ids: readonly string[]): fc.Arbitrary<readonly FleetSegment[]> {
  const plugs = fc.uniqueArray(fc.tuple(fc.constantFrom(...ids), link), {
    maxLength: 6,
    selector: ([host, port]) => `${host} ${port}`,
  });
  const mtu = fc.option(fc.integer({ min: 68, max: 9216 }), { nil: null });
  return fc
    .tuple(plugs, mtu, fc.uniqueArray(name, { minLength: 1, maxLength: 3 }))
    .map(([ports, size, names]) =>
      names.map((id, index) => ({
        id: segmentId(id),
        mtu: size,
        ports: ports
          .filter((_, at) => at % names.length === index)
          .map(([host, port]) => ({ host: hostId(host), link: linkName(port) })),
        source,
      })),
    );
}

function clustersArbitrary(ids: readonly string[]): fc.Arbitrary<readonly Cluster[]> {
  const cluster = fc.record({
    backend,
    serviceCidr: network,
    vip: fc.option(ip, { nil: null }),
    isSliced: fc.boolean(),
    servers: fc.integer({ min: 1, max: ids.length }),
  });
  return cluster.map(({ isSliced, servers, ...rest }) => {
    const members: readonly ClusterMember[] = ids.map((id, index) => ({
      host: hostId(id),
      podCidr: isSliced ? prefix(ipv4(0x0a320000 + index * 256), 24) : null,
      source,
    }));
    const podCidr = prefix(ipv4(0x0a320000), 16);
    return [
      {
        name: "home",
        distribution: "k3s",
        ...rest,
        podCidr,
        servers: members.slice(0, servers),
        agents: members.slice(servers),
        source,
      },
    ];
  });
}

function invariantArbitrary(ids: readonly string[]): fc.Arbitrary<Invariant> {
  const end = fc.oneof(
    fc.constant({ kind: "any" as const }),
    fc.constantFrom(...ids).map((id) => ({ kind: "host" as const, host: hostId(id) })),
  );
  return fc.record({
    from: end,
    to: fc.oneof(
      end,
      network.map((one) => ({ kind: "prefix" as const, prefix: one })),
    ),
    expect: fc.constantFrom("delivered" as const, "lost" as const, "free" as const),
    why: sentence,
    source: fc.constant(source),
  });
}

const fleets: fc.Arbitrary<Fleet> = fc.uniqueArray(name, { minLength: 1, maxLength: 5 }).chain((ids) =>
  fc.record({
    name,
    hosts: fc.tuple(...ids.map(hostArbitrary)),
    segments: fc.oneof(fc.constant([]), segmentsArbitrary(ids)),
    clusters: fc.oneof(fc.constant([]), clustersArbitrary(ids)),
    zones: fc
      .array(fc.record({ prefix: network, roles: fc.array(role, { maxLength: 3 }) }), { maxLength: 3 })
      .map((zones) => zones.map((zone, index) => ({ ...zone, name: `zone${index}`, source }))),
    operator: fc.option(fc.constantFrom(...ids).map(hostId), { nil: null }),
    invariants: fc
      .array(invariantArbitrary(ids), { maxLength: 3 })
      .filter((invariants) => findContradictions(invariants).length === 0),
    assumptions: fc.array(sentence, { maxLength: 3 }),
  }),
);

/** The fleet with every place the same, so that two readings can be compared. */
function withoutPlaces(fleet: Fleet): unknown {
  const strip = (value: unknown): unknown => {
    if (value instanceof Map) return new Map([...value].sort(([a], [b]) => (a < b ? -1 : 1)));
    if (Array.isArray(value)) return value.map(strip);
    if (typeof value !== "object" || value === null) return value;
    return Object.fromEntries(
      Object.entries(value).flatMap(([key, inner]) => (key === "source" ? [] : [[key, strip(inner)]])),
    );
  };
  return strip(fleet);
}

describe("A fleet", () => {
  it("is the same after it was written and read again", () => {
    fc.assert(
      fc.property(fleets, (fleet) => {
        const text = renderFleet(fleet);
        const read = parseFleet(text, "f");
        if (!read.ok) throw new Error(`${text}\n${JSON.stringify(read.error, null, 2)}`);
        expect(withoutPlaces(read.value.fleet)).toEqual(withoutPlaces(fleet));
      }),
      { numRuns: 500 },
    );
  });
});

/** Reads a text and requires an answer: a fleet, or mistakes that each have a place in the text. */
function requireAnswer(text: string): void {
  const read = parseFleet(text, "f");
  if (read.ok) return;
  expect(read.error.length).toBeGreaterThan(0);
  const lineCount = text.split("\n").length + 1;
  for (const issue of read.error) {
    expect(issue.source?.line).toBeGreaterThan(0);
    expect(issue.source?.line).toBeLessThanOrEqual(lineCount);
  }
}

const KEYS = [
  "version",
  "name",
  "hosts",
  "alpha",
  "role",
  "configuration",
  "segments",
  "ports",
  "clusters",
  "servers",
  "flow",
  "invariants",
  "__proto__",
  "constructor",
  "toString",
  "<<",
];

describe("No text makes the reader of fleet files throw", () => {
  it("random text", () => {
    fc.assert(fc.property(fc.string({ unit: "binary", maxLength: 200 }), requireAnswer), { numRuns: 3000 });
  });

  it("random words of the language of fleet files", () => {
    const word = fc.constantFrom(
      ...KEYS,
      "- ",
      ": ",
      "\n",
      "\n  ",
      "\n    ",
      "{",
      "}",
      "[",
      "]",
      ", ",
      "1",
      "node",
      "&a ",
      "*a",
      "!!map ",
      "|\n",
      "'",
      '"',
      "~",
      "#",
      "---\n",
    );
    fc.assert(
      fc.property(
        fc.array(word, { maxLength: 60 }).map((words) => words.join("")),
        requireAnswer,
      ),
      { numRuns: 3000 },
    );
  });

  it("random values under the known keys", () => {
    const tree = fc.letrec((tie) => ({
      node: fc.oneof(
        { maxDepth: 5 },
        fc.oneof(
          fc.constant(null),
          fc.integer(),
          fc.boolean(),
          fc.double(),
          fc.string(),
          ip.map(formatIPv4),
          fc.constantFrom(...KEYS),
        ),
        fc.array(tie("node"), { maxLength: 4 }),
        fc.dictionary(fc.constantFrom(...KEYS), tie("node"), { maxKeys: 6, noNullPrototype: true }),
      ),
    })).node;
    const document = fc.record(
      {
        version: fc.constantFrom(1, 2),
        name: tree,
        hosts: tree,
        segments: tree,
        clusters: tree,
        zones: tree,
        invariants: tree,
        assumptions: tree,
        operator: tree,
      },
      { requiredKeys: ["version"] },
    );
    fc.assert(
      fc.property(document, (value) => requireAnswer(JSON.stringify(value))),
      { numRuns: 3000 },
    );
  });

  it("a mutation of a whole file", () => {
    const cut = fc.tuple(fleets, fc.nat(), fc.nat({ max: 30 }), fc.string({ maxLength: 5 }));
    const mutated = cut.map(([fleet, at, length, text]) => {
      const whole = renderFleet(fleet);
      const from = at % whole.length;
      return whole.slice(0, from) + text + whole.slice(from + length);
    });
    fc.assert(fc.property(mutated, requireAnswer), { numRuns: 1000 });
  });

  it.each([
    [
      "aliases that multiply",
      `a: &a [x,x,x,x,x,x,x,x,x]\n${Array.from({ length: 12 }, (_, i) => `a${i}: &a${i} [${Array.from({ length: 9 }, () => (i === 0 ? "*a" : `*a${i - 1}`)).join(",")}]`).join("\n")}\n`,
    ],
    ["an alias of itself", "hosts: &h\n  a: *h\n"],
    ["deep nesting in brackets", `hosts: ${"[".repeat(50_000)}`],
    ["deep nesting in mappings", `hosts: ${"{a: ".repeat(50_000)}`],
    ["deep nesting by dashes", "- ".repeat(50_000)],
    ["ten megabytes of one line", `name: ${"x".repeat(10_000_000)}`],
    ["ten megabytes of keys", Array.from({ length: 700_000 }, (_, i) => `key${i}: 1`).join("\n")],
    ["binary", String.fromCharCode(...Array.from({ length: 4096 }, (_, i) => (i * 7919) % 256))],
  ])(
    "%s",
    (_, text) => {
      requireAnswer(text);
      expect(parseFleet(text, "f").ok).toBe(false);
    },
    20_000,
  );
});
