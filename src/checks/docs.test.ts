import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { RULES, renderRuleTable } from "./index.js";

const FOLDER = new URL("../../docs/checks/", import.meta.url);

function page(name: string): string {
  return readFileSync(new URL(name, FOLDER), "utf8");
}

describe("docs/checks", () => {
  it("has a page for each rule and no other", () => {
    const pages = readdirSync(FOLDER).filter((name) => name !== "README.md");
    expect(pages.sort()).toEqual(RULES.map((rule) => `${rule.name}.md`).sort());
  });

  it("lists the rules as the code does: replace the table by what this prints when it is stale", () => {
    expect(page("README.md")).toContain(renderRuleTable(RULES));
  });

  it.each(RULES.map((rule) => [rule.name, rule] as const))("explains %s in its four parts", (name, rule) => {
    const text = page(`${name}.md`);
    expect(text).toMatch(new RegExp(`^# ${name}\\n\\n${rule.title.replaceAll(/[()]/g, "\\$&")}\\.\\n`));
    const headings = [...text.matchAll(/^## (.+)$/gm)].map((match) => match[1]);
    expect(headings).toEqual(["What it means", "Why it matters", "Example", "Way out"]);
    const example = new RegExp(`^(?:error|warning|note) ${name}: (.+)$`, "m").exec(text)?.[1] ?? "no example";
    const test = readFileSync(new URL(`rules/${name}.test.ts`, import.meta.url), "utf8");
    expect(test.replaceAll("\\`", "`"), "the example is a message that the rule's test expects").toContain(
      example,
    );
  });
});

describe("The rules", () => {
  it("have names of their own in kebab-case, and explain themselves in sentences", () => {
    expect(new Set(RULES.map((rule) => rule.name)).size).toBe(RULES.length);
    for (const { name, title, explanation } of RULES) {
      expect(name).toMatch(/^[a-z]+(?:-[a-z]+)*$/);
      expect(title).toMatch(/^\S.*[^.]$/);
      expect(explanation).toMatch(/^.{80,}\.$/);
    }
  });
});
