import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { parseChange } from "#formats/change/index.js";
import { type Fence, fences, pages } from "./markdown.js";
import { ROOT } from "./root.js";

/** The blocks of the documentation that are whole change files. */
const CHANGES: readonly Fence[] = pages()
  .flatMap(fences)
  .filter((fence) => fence.language === "yaml" && fence.lines.includes("changes:"));
const EXAMPLES = join(ROOT, "examples", "inc-0004", "changes");

describe("The change files in the documentation", () => {
  it("are there", () => {
    expect(CHANGES.length).toBeGreaterThan(1);
  });

  it.each(CHANGES)("are read without a mistake: $page:$line", ({ lines }) => {
    const read = parseChange(lines.join("\n"), "change.yaml");
    expect(read.ok ? [] : read.error).toEqual([]);
  });

  it.each(readdirSync(EXAMPLES))("are read without a mistake: %s of the example", (file) => {
    const read = parseChange(readFileSync(join(EXAMPLES, file), "utf8"), file);
    expect(read.ok ? [] : read.error).toEqual([]);
  });
});
