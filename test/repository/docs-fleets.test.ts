import { describe, expect, it } from "vitest";
import { parseFleet } from "#formats/fleet/index.js";
import { formatSource } from "#model/index.js";
import { type Fence, fences, pages } from "./markdown.js";

/** The blocks of the documentation that are whole fleet files. */
const FLEETS: readonly Fence[] = pages()
  .flatMap(fences)
  .filter((fence) => fence.language === "yaml" && fence.lines[0]?.startsWith("# yaml-language-server:"));

describe("The fleet files in the documentation", () => {
  it.each(FLEETS)("are read without a mistake or a warning: $page:$line", ({ lines }) => {
    const read = parseFleet(lines.join("\n"), "pointsman.yaml");
    expect(read.ok ? read.value.issues : read.error).toEqual([]);
  });

  it("show the mistake that the page quotes", () => {
    const [page] = FLEETS.filter((fence) => fence.page === "docs/formats/fleet.md");
    const text =
      page?.lines.join("\n").replace("{ host: node-1, link: enp1s0 }", "{ host: node1, link: enp1s0 }") ?? "";
    const read = parseFleet(text, "pointsman.yaml");
    const [mistake] = read.ok ? [] : read.error;
    const quote = fences("docs/formats/fleet.md").find((fence) => fence.language === "text")?.lines[0];
    expect(quote).toBe(
      `${mistake?.source ? formatSource(mistake.source) : ""}: ${mistake?.message} ${mistake?.hint.split("? ")[0]}?`,
    );
  });
});
