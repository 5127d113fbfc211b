import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { ConfigurationTree } from "#model/index.js";
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

function treeOf(text: string): ConfigurationTree {
  return { read: () => text, list: () => ["f/etc/network/interfaces.d/a"] };
}

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

const mutated = fc
  .array(fc.tuple(fc.nat(SAMPLE.length), fc.nat(6), fc.string({ unit: "binary", maxLength: 4 })), {
    maxLength: 8,
  })
  .map((edits) =>
    edits.reduce((text, [at, cut, added]) => text.slice(0, at) + added + text.slice(at + cut), SAMPLE),
  );

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

  it("never throws, on random text and on damaged files, and places each issue in the file", () => {
    fc.assert(
      fc.property(
        fc.oneof(fc.string({ unit: "binary" }), mutated),
        fc.constantFrom("ifupdown", "ifupdown2", undefined),
        (text, flavour) => {
          const lines = text.split("\n").length;
          for (const issue of readIfupdown(treeOf(text), "f/etc/network/interfaces", flavour).issues)
            expect(issue.source?.line).toBeLessThanOrEqual(lines);
        },
      ),
      { numRuns: 3000 },
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

  it.each([
    ["one long word", "a".repeat(10_000_000)],
    ["one long value", `auto e\niface e inet static\naddress ${"1".repeat(10_000_000)}`],
    ["one long command", `auto e\niface e inet manual\nup ${"ip ".repeat(3_000_000)}`],
    ["many names", `auto ${"a ".repeat(1_000_000)}`],
    ["many joined lines", "a\\\n".repeat(1_000_000)],
    ["NUL bytes", `auto e\niface e\n${"\0".repeat(5_000_000)}`],
    ["white space", `auto e\niface e inet static\naddress 1${" ".repeat(5_000_000)}x`],
    [
      "many ports",
      `auto e\niface e inet manual\nbridge_ports ${Array.from({ length: 300_000 }, (_, i) => `p${i}`).join(" ")}`,
    ],
    ["many stanzas", "iface e inet dhcp\n".repeat(200_000)],
    ["many options", `auto e\niface e inet static\n${"address 10.0.0.1/8\n".repeat(50_000)}`],
    [
      "a chain of links",
      `auto d0\n${Array.from({ length: 20_000 }, (_, i) => `iface d${i} inet manual\nbridge_ports d${i + 1}\n`).join("")}`,
    ],
    [
      "a chain of stanzas that inherit",
      Array.from({ length: 2_000 }, (_, i) => `iface d${i + 1} inet manual inherits d${i}\nmtu 1\n`).join(""),
    ],
    ["templates", "%for x\n".repeat(200_000)],
  ])("ends in bounded time on %s", (_, text) => {
    const start = performance.now();
    readIfupdown({ read: () => text, list: () => [] }, "f");
    expect(performance.now() - start).toBeLessThan(15_000);
  });
});
