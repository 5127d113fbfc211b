import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { applySplices, insertLines, lineAt, offsetOf, removeLines, replaceAt } from "./text.js";

const PATH = "f";

describe("Splices of a text", () => {
  it.each([
    {
      name: "in the middle, with the line break of the file",
      text: "a\r\nb\r\n",
      behind: 1,
      result: "a\r\nx\r\nb\r\n",
    },
    { name: "at the beginning", text: "a\nb\n", behind: 0, result: "x\na\nb\n" },
    {
      name: "behind a last line without a break, which stays without",
      text: "a\nb",
      behind: 2,
      result: "a\nb\nx",
    },
    { name: "into an empty text", text: "", behind: 0, result: "x\n" },
  ])("put lines $name", ({ text, behind, result }) => {
    expect(applySplices(text, [insertLines(PATH, text, behind, ["x"])])).toBe(result);
  });

  it("take whole lines out and leave the others as they are", () => {
    const text = "a\r\nb\nc\r\nd";
    const splice = removeLines(PATH, text, { first: 2, last: 3 });
    expect(applySplices(text, splice === null ? [] : [splice])).toBe("a\r\nd");
    expect(removeLines(PATH, text, { first: 4, last: 5 })).toBeNull();
  });

  it("replace only what stands at the place", () => {
    const place = { file: PATH, line: 2, column: 3 };
    expect(replaceAt("a\nb cd", place, { before: "cd", after: "x" })).toEqual({
      path: PATH,
      start: 4,
      end: 6,
      text: "x",
    });
    expect(replaceAt("a\nb cd", place, { before: "ce", after: "x" })).toBeNull();
    expect(replaceAt("a\nb", { ...place, line: 3 }, { before: "b", after: "x" })).toBeNull();
  });

  it("are refused where two touch the same characters, and keep their order at one place", () => {
    const splice = (start: number, end: number, text: string) => ({ path: PATH, start, end, text });
    expect(applySplices("abcd", [splice(0, 2, ""), splice(1, 3, "")])).toBeNull();
    expect(applySplices("abcd", [splice(3, 5, "")])).toBeNull();
    expect(applySplices("abcd", [splice(2, 2, "x"), splice(2, 2, "y"), splice(0, 1, "z")])).toBe("zbxycd");
  });

  it("find the line of every offset", () => {
    const texts = fc
      .array(fc.constantFrom("a", "bc", "\n", "\r\n", ""), { maxLength: 12 })
      .map((parts) => parts.join(""));
    fc.assert(
      fc.property(texts, fc.nat(40), (text, at) => {
        const offset = Math.min(at, text.length);
        const before = text.slice(0, offset).split("\n");
        const place = { line: before.length, column: (before.at(-1) ?? "").length + 1 };
        expect(offsetOf(text, place)).toBe(offset);
        const line = lineAt(text, place.line);
        expect(line?.text).toBe((text.split("\n")[place.line - 1] ?? "").replace(/\r$/, ""));
      }),
      { numRuns: 500 },
    );
  });
});
