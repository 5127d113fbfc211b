import { describe, expect, it } from "vitest";
import { renderCommand } from "./command-script.js";

describe("renderCommand", () => {
  it("is quoted words, with nothing of a word outside the quotes", () => {
    expect(renderCommand({ words: ["echo", "it's", ""], input: null, mark: "pm-1", limitSeconds: 7 })).toBe(
      `wait "$pm_w" 2>/dev/null; pm_l=7\n( pm_do pm-1 pm_go 'echo' 'it'\\''s' ''\n) & pm_w=$!\n`,
    );
  });

  it("prints the input to the byte, NUL by its number", () => {
    expect(renderCommand({ words: ["cat"], input: "a\0'b", mark: "pm-1", limitSeconds: 1 })).toBe(
      `wait "$pm_w" 2>/dev/null; pm_l=1\n( pm_in() {\nprintf %s 'a'\nprintf '\\000'\nprintf %s ''\\''b'\n}\npm_do pm-1 pm_feed 'cat'\n) & pm_w=$!\n`,
    );
  });

  it("gives an empty input as none", () => {
    const of = (input: string | null): string =>
      renderCommand({ words: ["cat"], input, mark: "pm-1", limitSeconds: 1 });
    expect(of("")).toBe(of(null));
  });

  it("does not cut a sign in two where it cuts a long input", () => {
    const input = `${"x".repeat(16_383)}\u{1f600}${"y".repeat(16_384)}`;
    const text = renderCommand({ words: ["cat"], input, mark: "pm-1", limitSeconds: 1 });
    expect(Buffer.from(text).toString()).toBe(text);
    expect([...text.matchAll(/printf %s '([^']*)'\n/g)].map(([, piece]) => piece).join("")).toBe(input);
  });
});
