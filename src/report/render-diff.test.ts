import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { compareLines } from "./line-difference.js";
import { renderDiff } from "./render-diff.js";

describe("renderDiff", () => {
  it("writes hunks with three lines around each change, and joins those that touch", () => {
    const before = "1\n2\n3\n4\n5\n6\n7\n8\n9\n10\n11\n12\n";
    const after = "1\n2\n3\n4\n5\nsix\n7\n8\n9\n10\n11\n12\n13\n";
    expect(renderDiff([{ path: "a/b", before, after }])).toBe(`--- a/a/b
+++ b/a/b
@@ -3,10 +3,11 @@
 3
 4
 5
-6
+six
 7
 8
 9
 10
 11
 12
+13
`);
  });

  it("says where a file has no line break at its end", () => {
    expect(renderDiff([{ path: "f", before: "a", after: "a\n" }])).toBe(
      "--- a/f\n+++ b/f\n@@ -1 +1 @@\n-a\n\\ No newline at end of file\n+a\n",
    );
  });

  it("leaves out files that are the same", () => {
    expect(renderDiff([{ path: "f", before: "a\n", after: "a\n" }])).toBe("");
  });
});

const text = fc
  .tuple(fc.array(fc.constantFrom("a", "b", "c", "", "  d\r", "-e", "+f"), { maxLength: 14 }), fc.boolean())
  .map(([lines, isClosed]) => lines.join("\n") + (isClosed && lines.length > 0 ? "\n" : ""));

describe("A diff", () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), "pointsman-diff-"));
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it("holds the two texts", () => {
    fc.assert(
      fc.property(text, text, (before, after) => {
        const lines = compareLines(before, after);
        const joined = (kind: string): string =>
          lines
            .filter((each) => each.kind === "same" || each.kind === kind)
            .map(({ line }) => line)
            .join("");
        expect(joined("removed")).toBe(before);
        expect(joined("added")).toBe(after);
      }),
    );
  });

  it("is taken by `git apply` and by `patch -p1`, whatever the texts and names", () => {
    const name = fc.constantFrom("f", "folder/f.nix", "with blank.conf", "ünicode");
    fc.assert(
      fc.property(name, text, text, (path, before, after) => {
        fc.pre(before !== after && before !== "" && after !== "");
        const diff = renderDiff([{ path, before, after }]);
        for (const command of [
          ["git", "apply", "--whitespace=nowarn", "-"],
          ["patch", "--binary", "-s", "-p1"],
        ]) {
          const file = join(folder, path);
          mkdirSync(dirname(file), { recursive: true });
          writeFileSync(file, before);
          const [program = "", ...args] = command;
          const done = spawnSync(program, args, { cwd: folder, input: diff, encoding: "utf8" });
          expect(done.stderr).toBe("");
          expect(readFileSync(file, "utf8")).toBe(after);
        }
      }),
      { numRuns: 40 },
    );
  });
});
