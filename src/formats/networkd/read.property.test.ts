import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { ConfigurationTree, HostConfiguration } from "#model/index.js";
import { readNetworkd } from "./index.js";

const PATH = "etc/systemd/network/a.network";

function treeOf(text: string): ConfigurationTree {
  return { read: (path) => (path === PATH ? text : null), list: () => [] };
}

function read(text: string): HostConfiguration {
  return readNetworkd(treeOf(text), PATH);
}

/** Every place must be a line of the file, or line 1 of an empty one. */
function placesOf(configuration: HostConfiguration): readonly number[] {
  return [...configuration.issues, ...configuration.steps, ...configuration.dynamicLinks].map(
    ({ source }) => source?.line ?? 0,
  );
}

/** A text that is correct, to be damaged. */
const SAMPLE = `[Match]
Name=eth0 en*

[Network]
Address=10.10.0.2/16
Gateway=10.10.0.1
DHCP=ipv4
VLAN=v5
Bridge=br0
DHCPServer=yes

[Address]
Address=10.0.0.1/32
Peer=10.0.0.2/32

[Route]
Destination=10.0.0.0/8
Gateway=10.0.0.1
GatewayOnLink=yes
MultiPathRoute=1.2.3.4@eth1 5

[RoutingPolicyRule]
From=10.0.0.0/8
Table=7

[DHCPServer]
PoolOffset=10
PoolSize=5
`;

const WORDS = SAMPLE.split(/(\s+|[=:,[\]{}])/).filter((word) => word !== "");

const damaged = fc
  .array(
    fc.tuple(
      fc.nat(SAMPLE.length),
      fc.nat(12),
      fc.oneof(fc.constantFrom(...WORDS), fc.string({ maxLength: 6 })),
    ),
    { maxLength: 8 },
  )
  .map((edits) =>
    edits.reduce(
      (text, [at, length, insert]) => text.slice(0, at) + insert + text.slice(at + length),
      SAMPLE,
    ),
  );

const shuffled = fc
  .array(fc.constantFrom(...WORDS, "\n", "  ", "\t", "\\\n", "#", "&a ", "*a", "<<: "), { maxLength: 200 })
  .map((words) => words.join(""));

describe("readNetworkd on any text", () => {
  it.each([
    ["random characters", fc.string({ unit: "binary", maxLength: 2000 })],
    ["damaged configuration", damaged],
    ["shuffled words", shuffled],
  ])("reads %s without a throw, and every place is a line of the file", (_, texts) => {
    fc.assert(
      fc.property(texts, (text) => {
        const lineCount = text.split("\n").length;
        for (const line of placesOf(read(text))) expect(line >= 1 && line <= lineCount).toBe(true);
      }),
      { numRuns: 300 },
    );
  });

  it.each([
    ["10 MB of one letter", "a".repeat(10_000_000)],
    ["10 MB of lines", "a: b\n".repeat(2_000_000)],
    ["10 MB of assignments", "[Route]\nGateway=1.2.3.4\n".repeat(400_000)],
    ["a million NUL bytes", "\0".repeat(1_000_000)],
    ["50,000 names", `[Match]\nName=${Array.from({ length: 50_000 }, (_, n) => `e${n}`).join(" ")}\n`],
    [
      "names and patterns",
      `[Match]\nName=${Array.from({ length: 20_000 }, (_, n) => `e${n} f${n}*`).join(" ")}\n`,
    ],
    ["deep brackets", "[".repeat(200_000)],
    ["deep mappings", "{a: ".repeat(100_000)],
    ["deep sequences", "- ".repeat(100_000)],
    [
      "a bomb of aliases",
      Array.from(
        { length: 30 },
        (_, n) =>
          `k${n}: &a${n} [${Array(9)
            .fill(n === 0 ? "x" : `*a${n - 1}`)
            .join(", ")}]`,
      ).join("\n"),
    ],
    ["one line that goes on", "\\\n".repeat(300_000)],
  ])("reads %s in bounded time", (_, text) => {
    const started = performance.now();
    const configuration = read(text);
    expect(performance.now() - started).toBeLessThan(20_000);
    expect(configuration.issues.length).toBeLessThanOrEqual(1001);
  });
});
