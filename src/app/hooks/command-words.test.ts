import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseCommandWords } from "./command-words.js";

describe("A command of the operator", () => {
  it.each([
    ["notify", ["notify"]],
    ["  notify   --text  'change begins' ", ["notify", "--text", "change begins"]],
    ['say "a \\"b\\" \\$c \\n" d\\ e', ["say", 'a "b" $c \\n', "d e"]],
    ["say '' \"\"", ["say", "", ""]],
    ["a'b'\"c\"d", ["abcd"]],
    ["say $(reboot) * ; | `x` ~", ["say", "$(reboot)", "*", ";", "|", "`x`", "~"]],
  ])("`%s` is words, and nothing in it is expanded", (text, words) => {
    expect(parseCommandWords(text)).toEqual({ ok: true, value: words });
  });

  it.each(["say 'a", 'say "a', "say a\\"])("is refused where a quote of `%s` does not end", (text) => {
    expect(parseCommandWords(text)).toEqual({
      ok: false,
      error: `Expected a command in words, found a quote that does not end in \`${text}\`.`,
    });
  });

  it.each(["", "   ", "''"])("is refused where `%s` names no program", (text) => {
    expect(parseCommandWords(text)).toEqual({ ok: false, error: "Expected a command in words, found none." });
  });

  it("gives any words back that were quoted as sh quotes them", () => {
    const quote = (word: string): string => `'${word.replaceAll("'", "'\\''")}'`;
    fc.assert(
      fc.property(fc.string({ minLength: 1 }), fc.array(fc.string()), (program, rest) => {
        const words = [program, ...rest];
        expect(parseCommandWords(words.map(quote).join(" "))).toEqual({ ok: true, value: words });
      }),
    );
  });
});
