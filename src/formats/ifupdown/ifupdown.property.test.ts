import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { describeReader } from "../../../test/contract/reader-contract.js";
import { matchesGlob } from "./glob.js";
import { parseInterfaces, readIfupdown, renderInterfaces, type Stanza } from "./index.js";

const SAMPLE = `source /etc/network/interfaces.d/*
auto lo bond0.7
iface lo inet loopback
auto vmbr0
iface vmbr0 inet static
	address 10.0.0.2/16
	gateway 10.0.0.1
	bridge-ports eno1 bond0
	bridge-vlan-aware yes
	post-up ip route add 10.0.0.0/8 via 10.0.0.1 dev $IFACE || true
	up echo 1 > /proc/sys/net/ipv4/ip_forward
iface bond0 inet manual
	bond-slaves a b
iface bond0.7 inet6 static inherits vmbr0
	up route add -net 10.0.0.0 netmask 255.0.0.0 gw 10.0.0.1
mapping x
	script y
%for i in x:
%endfor
`;

const source = { file: "f", line: 1, column: 1 };
const word = fc.stringMatching(/^[A-Za-z0-9_.:-]{1,8}$/).filter((text) => text !== "inherits");
const placed = word.map((text) => ({ text, source }));
const RESERVED = /^(?:iface|auto|mapping|source|source-directory|no-auto-down|no-scripts|allow-.*)$/;
const option = fc.record({
  name: placed.filter(({ text }) => !RESERVED.test(text)),
  value: fc.string({ unit: "binary" }).map((text) => ({
    text: text
      .replaceAll("\n", " ")
      .trim()
      .replace(/[\\\r]+$/, "x"),
    source,
  })),
});
const options = fc.array(option, { maxLength: 5 });
const head = fc.oneof(
  fc.record({ family: fc.constantFrom("inet", "inet6"), method: word }),
  fc.constant({ family: null, method: null }),
);
const stanza: fc.Arbitrary<Stanza> = fc.oneof(
  fc.record({
    kind: fc.constant("names" as const),
    keyword: fc.constantFrom("auto", "allow-hotplug", "no-auto-down"),
    names: fc.array(placed, { minLength: 1, maxLength: 3 }),
    source: fc.constant(source),
  }),
  fc.record({
    kind: fc.constant("source" as const),
    isDirectory: fc.boolean(),
    pattern: placed,
    source: fc.constant(source),
  }),
  fc.record({
    kind: fc.constant("mapping" as const),
    names: fc.array(placed, { minLength: 1, maxLength: 2 }),
    options,
    source: fc.constant(source),
  }),
  fc
    .record({
      kind: fc.constant("iface" as const),
      name: placed,
      inherits: fc.option(word),
      options,
      source: fc.constant(source),
      head,
    })
    .map(({ head: { family, method }, ...rest }) => ({ ...rest, family, method })),
);

function withoutPlaces(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value, (key, inner: unknown) => (key === "source" ? undefined : inner)));
}

describe("ifupdown, any input", () => {
  it("reads back what it writes", () => {
    fc.assert(
      fc.property(fc.array(stanza, { maxLength: 6 }), (stanzas) => {
        expect(withoutPlaces(parseInterfaces(renderInterfaces({ stanzas }), "f").stanzas)).toEqual(
          withoutPlaces(stanzas),
        );
      }),
      { numRuns: 1000 },
    );
  });

  it("matches patterns as a search through all splits would", () => {
    const slow = (pattern: string, path: string): boolean => {
      if (pattern === "") return path === "";
      if (pattern.startsWith("*"))
        return (
          slow(pattern.slice(1), path) ||
          (path !== "" && !path.startsWith("/") && slow(pattern, path.slice(1)))
        );
      return (
        path !== "" &&
        (pattern[0] === path[0] || (pattern[0] === "?" && path[0] !== "/")) &&
        slow(pattern.slice(1), path.slice(1))
      );
    };
    const text = fc.stringMatching(/^[ab/]{0,8}$/);
    fc.assert(
      fc.property(
        fc.stringMatching(/^[ab/*?]{0,6}$/),
        text,
        (pattern, path) => matchesGlob(pattern, path) === slow(pattern, path),
      ),
      { numRuns: 5000 },
    );
  });
});

const HEAVY = [
  ["one long value", () => `auto e\niface e inet static\naddress ${"1".repeat(10_000_000)}`],
  ["one long command", () => `auto e\niface e inet manual\nup ${"ip ".repeat(3_000_000)}`],
  ["many names", () => `auto ${"a ".repeat(1_000_000)}`],
  ["many joined lines", () => "a\\\n".repeat(1_000_000)],
  ["NUL bytes", () => `auto e\niface e\n${"\0".repeat(5_000_000)}`],
  ["white space", () => `auto e\niface e inet static\naddress 1${" ".repeat(5_000_000)}x`],
  ["many ports", () => `auto e\niface e inet manual\nbridge_ports ${numbered(300_000, (i) => `p${i} `)}`],
  ["many stanzas", () => "iface e inet dhcp\n".repeat(200_000)],
  ["many options", () => `auto e\niface e inet static\n${"address 10.0.0.1/8\n".repeat(50_000)}`],
  [
    "a chain of links",
    () => `auto d0\n${numbered(20_000, (i) => `iface d${i} inet manual\nbridge_ports d${i + 1}\n`)}`,
  ],
  [
    "a chain of stanzas that inherit",
    () => numbered(2_000, (i) => `iface d${i + 1} inet manual inherits d${i}\nmtu 1\n`),
  ],
  ["templates", () => "%for x\n".repeat(200_000)],
] as const;

function numbered(count: number, build: (index: number) => string): string {
  return Array.from({ length: count }, (_, index) => build(index)).join("");
}

for (const flavour of ["ifupdown", "ifupdown2", undefined] as const)
  describeReader({
    name: `ifupdown (${flavour ?? "as the file says"})`,
    read: (tree, path) => readIfupdown(tree, path, flavour),
    paths: ["f/etc/network/interfaces"],
    samples: [SAMPLE],
    heavy: flavour === undefined ? HEAVY : [],
    treeOf: (_, text) => ({ read: () => text, list: () => ["f/etc/network/interfaces.d/a"] }),
  });
