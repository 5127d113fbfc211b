import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { ConfigurationTree, HostConfiguration, Source } from "#model/index.js";

/** A reader and texts of its dialect. */
export interface ReaderCase {
  readonly name: string;
  readonly read: (tree: ConfigurationTree, path: string) => HostConfiguration;
  /** The paths at which each text is read: a dialect may tell its kinds of file by their names. */
  readonly paths: readonly string[];
  /** Texts that are right, to be damaged. */
  readonly samples: readonly string[];
  /** Signs and words of the language that the samples do not show alone. */
  readonly tokens?: readonly string[];
  /** Long texts that ask for much work in this language. */
  readonly heavy?: readonly HeavyText[];
  /** Where reading leads to other files, as by `source`. */
  readonly treeOf?: (path: string, text: string) => ConfigurationTree;
}

type HeavyText = readonly [name: string, build: () => string];

/** What a reader says after so many issues is cut. */
const MOST_ISSUES = 1100;

/** Many runs on a machine that does other work too; what takes seconds alone must not fail there. */
const BUSY_MACHINE_MS = 180_000;

/** What holds for the reader of every dialect, on any text. */
export function describeReader(given: ReaderCase): void {
  const { name, read, paths, treeOf = onlyFile } = given;
  const path = fc.constantFrom(...paths);
  const readText = (at: string, text: string): HostConfiguration => read(treeOf(at, text), at);
  const readInTime = (at: string, text: string): HostConfiguration["issues"] => {
    const started = performance.now();
    const { issues } = readText(at, text);
    expect(performance.now() - started).toBeLessThan(20_000);
    return issues;
  };

  describe(`${name}, as any reader`, { timeout: BUSY_MACHINE_MS }, () => {
    it.each([
      ["random characters", fc.string({ unit: "binary", maxLength: 2000 })],
      ["damaged files", damaged(given)],
      ["shuffled words", shuffled(given)],
    ])("reads %s without a throw, twice to the same, with each place within the file", (_, texts) => {
      fc.assert(
        fc.property(path, texts, (at, text) => {
          const configuration = readText(at, text);
          const lines = text.split("\n");
          for (const place of placesOf(configuration)) expectPlace(place, lines);
          expect(readText(at, text)).toEqual(configuration);
        }),
        { numRuns: 500 },
      );
    });

    it.each(paths.flatMap((at) => HEAVY.map(([text, build]) => [text, at, build] as const)))(
      "reads %s at %s in bounded time, and cuts what it says of it",
      (_, at, build) => {
        const issues = readInTime(at, build());
        expect(issues.length).toBeLessThanOrEqual(MOST_ISSUES);
        for (const { code } of issues) expect(code).toMatch(/^[a-z0-9]+\/[a-z0-9-]+$/);
      },
    );

    it.each(given.heavy ?? [])("reads %s in bounded time, with few more issues than lines", (_, build) => {
      const text = build();
      const issues = readInTime(paths[0] ?? "", text);
      expect(issues.length).toBeLessThanOrEqual(MOST_ISSUES + text.split("\n").length);
    });

    it.each(paths)("reports that there is no file at %s", (at) => {
      const { issues, steps } = read({ read: () => null, list: () => [] }, at);
      expect(steps).toEqual([]);
      expect(issues.map(({ severity, source }) => [severity, source?.line])).toEqual([["error", 1]]);
    });
  });
}

function onlyFile(path: string, text: string): ConfigurationTree {
  return { read: (other) => (other === path ? text : null), list: () => [] };
}

function placesOf(configuration: HostConfiguration): readonly Source[] {
  const { issues, steps, dynamicLinks, ipv6, dhcpRanges, k3s } = configuration;
  const facts = [
    ...issues,
    ...steps,
    ...dynamicLinks,
    ...ipv6,
    ...dhcpRanges,
    ...(k3s === null ? [] : [k3s]),
  ];
  return facts.flatMap(({ source }) => (source === null ? [] : [source]));
}

function expectPlace({ line, column }: Source, lines: readonly string[]): void {
  expect(line).toBeGreaterThanOrEqual(1);
  expect(line).toBeLessThanOrEqual(lines.length);
  expect(column).toBeGreaterThanOrEqual(1);
  expect(column).toBeLessThanOrEqual((lines[line - 1] ?? "").length + 1);
}

/** A sample with some pieces cut out and others put in. */
function damaged(given: ReaderCase): fc.Arbitrary<string> {
  const piece = fc.oneof(fc.constantFrom(...wordsOf(given)), fc.string({ unit: "binary", maxLength: 6 }));
  const cut = fc.tuple(fc.nat(10_000), fc.nat(12), piece);
  return fc.tuple(fc.constantFrom(...given.samples), fc.array(cut, { maxLength: 8 })).map(([sample, cuts]) =>
    cuts.reduce((text, [at, length, added]) => {
      const start = at % (text.length + 1);
      return text.slice(0, start) + added + text.slice(start + length);
    }, sample),
  );
}

function shuffled(given: ReaderCase): fc.Arbitrary<string> {
  const signs = ["\n", "\r\n", "  ", "\t", "\\\n", "#", "'", '"', "&a ", "*a", "<<: "];
  return fc
    .array(fc.constantFrom(...wordsOf(given), ...signs), { maxLength: 200 })
    .map((words) => words.join(""));
}

function wordsOf({ samples, tokens = [] }: ReaderCase): readonly string[] {
  const words = samples.flatMap((sample) => sample.split(/(\s+|[=:,;[\]{}()'"])/));
  return [...new Set([...words, ...tokens])].filter((word) => word !== "");
}

/** Built when they are needed: together they would fill the memory. */
const HEAVY: readonly HeavyText[] = [
  ["10 MB of one letter", () => "a".repeat(10_000_000)],
  ["2 MB of lines", () => "a: b\n".repeat(400_000)],
  ["2 MB of assignments", () => "[Route]\nGateway=1.2.3.4\n".repeat(80_000)],
  ["a million NUL bytes", () => "\0".repeat(1_000_000)],
  ["5 MB of white space in a line", () => `a${" ".repeat(5_000_000)}x`],
  ["deep brackets", () => "[".repeat(200_000)],
  ["deep mappings", () => "{a: ".repeat(100_000)],
  ["deep sequences", () => "- ".repeat(100_000)],
  ["one line that goes on", () => "\\\n".repeat(300_000)],
  [
    "a bomb of aliases",
    () =>
      Array.from({ length: 30 }, (_, n) => {
        const inner = Array(9).fill(n === 0 ? "x" : `*a${n - 1}`);
        return `k${n}: &a${n} [${inner.join(", ")}]`;
      }).join("\n"),
  ],
];
