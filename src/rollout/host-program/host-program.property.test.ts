import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseArmed, parseStatus, whyOf } from "./parse-answers.js";
import { renderCommands, stagePersist } from "./stage-text.js";

const line = fc.oneof(
  fc.string({ unit: "binary", maxLength: 40 }),
  fc.constantFrom("host pointsman-host 1", "boot 1b", "uptime 3", "claim -", "record a armed rebooted no"),
);
const text = fc.array(line, { maxLength: 8 }).map((lines) => lines.join("\n"));

describe("Any text as an answer", () => {
  it("gives a value or an error in words, and never throws", () => {
    fc.assert(
      fc.property(text, (answer) => {
        for (const result of [parseStatus(answer), parseArmed(answer)]) {
          if (!result.ok) expect(result.error).toMatch(/^Expected /);
        }
        expect(whyOf(answer)).toBeTypeOf("string");
      }),
    );
  });
});

describe("Any words as commands", () => {
  it("are refused, or read back by TABs and line feeds exactly as they were", () => {
    const command = fc
      .tuple(fc.constantFrom("ip", "bridge", "sysctl"), fc.array(fc.string({ unit: "binary" })))
      .map(([first, rest]): [string, ...string[]] => [first, ...rest]);
    fc.assert(
      fc.property(fc.array(command), (lines) => {
        const rendered = renderCommands(lines);
        const bad = lines.flat().some((word) => word === "" || /[\t\n\0]/.test(word));
        expect(rendered.ok).toBe(!bad);
        if (rendered.ok) {
          const read = rendered.value.split("\n").slice(0, -1);
          expect(read.map((one) => one.split("\t"))).toEqual(lines);
        }
      }),
    );
  });
});

describe("Any path as an item", () => {
  it("stays one line of as many words as the kind has", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (path) => {
        const { persist } = stagePersist([{ kind: "file", path, before: null, text: "" }]);
        expect(persist.split("\n")).toHaveLength(2);
        expect(persist.split("\t")).toHaveLength(4);
      }),
    );
  });
});
