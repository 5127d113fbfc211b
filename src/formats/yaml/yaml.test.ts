import { describe, expect, it } from "vitest";
import { entryOf, MAX_YAML_LENGTH, mergeYamlTrees, parseYaml, type YamlTree } from "./index.js";

/** The tree without its places, as plain values. */
function plain(tree: YamlTree | null): unknown {
  if (tree === null) return null;
  if (tree.kind === "scalar") return tree.text;
  if (tree.kind === "list") return tree.items.map(plain);
  return Object.fromEntries(tree.entries.map((entry) => [entry.key, plain(entry.value)]));
}

function problemsOf(text: string): readonly string[] {
  return parseYaml(text, "f.yaml").problems.map(
    (problem) => `${problem.source.line}:${problem.source.column} ${problem.kind}: ${problem.message}`,
  );
}

describe("parseYaml", () => {
  it("keeps scalars as text, whatever YAML's schema would make of them", () => {
    const { tree } = parseYaml("a: yes\nb: 0x10\nc: 1e3\nd: ~\ne:\nf: 10.0.0.1/24\n", "f.yaml");
    expect(plain(tree)).toEqual({ a: "yes", b: "0x10", c: "1e3", d: "~", e: "", f: "10.0.0.1/24" });
  });

  it("gives file, line and column of keys and values, counted from 1", () => {
    const { tree } = parseYaml("# comment\nnetwork:\n  mtu: 9000\n", "dir/f.yaml");
    const network = tree?.kind === "map" ? entryOf(tree, "network") : null;
    const mtu = network?.value.kind === "map" ? entryOf(network.value, "mtu") : null;
    expect(network?.source).toEqual({ file: "dir/f.yaml", line: 2, column: 1 });
    expect(mtu?.source).toEqual({ file: "dir/f.yaml", line: 3, column: 3 });
    expect(mtu?.value.source).toEqual({ file: "dir/f.yaml", line: 3, column: 8 });
  });

  it("tells a quoted scalar from a bare one", () => {
    const { tree } = parseYaml('["", 10, "10"]', "f.yaml");
    const quoted =
      tree?.kind === "list" ? tree.items.map((item) => item.kind === "scalar" && item.isQuoted) : [];
    expect(quoted).toEqual([true, false, true]);
  });

  it("writes aliases out", () => {
    expect(plain(parseYaml("a: &x [1, 2]\nb: *x\n", "f.yaml").tree)).toEqual({
      a: ["1", "2"],
      b: ["1", "2"],
    });
  });

  it("reports a syntax error with its place and gives no tree", () => {
    expect(parseYaml("a: [1, 2\nb: 3\n", "f.yaml").tree).toBeNull();
    expect(problemsOf("a: [1, 2\nb: 3\n")[0]).toMatch(/^2:1 syntax: Expected YAML, found a syntax error: /);
  });

  it("keeps the later of two equal keys and reports it", () => {
    expect(plain(parseYaml("a: 1\na: 2\n", "f.yaml").tree)).toEqual({ a: "2" });
    expect(problemsOf("a: 1\na: 2\n")).toEqual([
      "2:1 duplicate: Expected each key once, found `a` again: the later one is taken",
    ]);
  });

  it("reports an alias without an anchor, and one inside its own anchor", () => {
    expect(problemsOf("a: *x\n")[0]).toMatch(/^1:4 syntax/);
    expect(problemsOf("a: &x [*x]\n")).toEqual([
      "1:8 syntax: Expected an anchor that ends before its alias, found `*x`",
    ]);
  });

  it("ends a bomb of aliases in one problem", () => {
    const levels = Array.from(
      { length: 20 },
      (_, n) =>
        `k${n}: &a${n} [${Array(10)
          .fill(n === 0 ? "x" : `*a${n - 1}`)
          .join(", ")}]`,
    );
    const bomb = parseYaml(levels.join("\n"), "f.yaml");
    expect(bomb.tree).toBeNull();
    expect(bomb.problems.map((problem) => problem.kind)).toEqual(["size"]);
  });

  it.each([
    ["brackets", "[".repeat(100_000)],
    ["maps", "{a: ".repeat(50_000)],
    ["sequences", "- ".repeat(100_000)],
    ["one key a level", Array.from({ length: 600 }, (_, n) => `${" ".repeat(n)}a:`).join("\n")],
  ])("refuses nesting without end: %s", (_, text) => {
    expect(parseYaml(text, "f.yaml")).toMatchObject({ tree: null, problems: [{ kind: "size" }] });
  });

  it("refuses a text longer than any configuration", () => {
    expect(parseYaml("#".repeat(MAX_YAML_LENGTH + 1), "f.yaml").problems[0]?.message).toBe(
      "Expected at most 2097152 characters of YAML, found `2097153`",
    );
  });

  it.each(["", "\n\n", "# only a comment\n", "---\n"])("gives no tree and no problem for %j", (text) => {
    expect(parseYaml(text, "f.yaml")).toEqual({ tree: null, problems: [] });
  });

  it("reads the first document of several", () => {
    expect(plain(parseYaml("a: 1\n---\na: 2\n", "f.yaml").tree)).toEqual({ a: "1" });
  });
});

describe("mergeYamlTrees", () => {
  it("joins mappings, concatenates sequences and replaces the rest", () => {
    const read = (text: string): YamlTree => {
      const { tree } = parseYaml(text, "f.yaml");
      if (tree === null) throw new Error("the fixture has a tree");
      return tree;
    };
    const merged = mergeYamlTrees(read("a: {x: 1, l: [1]}\nb: 1\n"), read("a: {x: 2, l: [2], y: 3}\nc: 4\n"));
    expect(plain(merged)).toEqual({ a: { x: "2", l: ["1", "2"], y: "3" }, b: "1", c: "4" });
  });
});
