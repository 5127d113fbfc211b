import { existsSync } from "node:fs";
import { dirname, join, normalize } from "node:path";
import { describe, expect, it } from "vitest";
import { anchors, pages, prose } from "./markdown.js";
import { ROOT } from "./root.js";

/** What is wrong with a link to another page or file of the repository, or null. */
function problem(page: string, target: string): string | null {
  if (/^[a-z]+:/i.test(target)) return null;
  const [path = "", anchor = ""] = target.split("#");
  const file = path === "" ? page : normalize(join(dirname(page), decodeURIComponent(path)));
  if (!existsSync(join(ROOT, file))) return `${page}: \`${target}\` leads to no file`;
  if (anchor !== "" && file.endsWith(".md") && !anchors(file).has(anchor))
    return `${page}: \`${target}\` leads to no heading`;
  return null;
}

describe("The documentation", () => {
  it.each(pages())("%s exists and each of its links leads somewhere", (page) => {
    expect(existsSync(join(ROOT, page))).toBe(true);
    const targets = [...prose(page).matchAll(/\]\(<?([^)\s>]+)>?(?:\s+"[^"]*")?\)/g)].map(
      (match) => match[1] ?? "",
    );
    expect(targets.map((target) => problem(page, target)).filter((one) => one !== null)).toEqual([]);
  });

  it("numbers its decisions without a gap", () => {
    const numbers = pages()
      .map((page) => /^docs\/adr\/(\d{4})-/.exec(page)?.[1])
      .filter((one) => one !== undefined);
    expect(numbers.map(Number)).toEqual(numbers.map((_, index) => index + 1));
  });
});
