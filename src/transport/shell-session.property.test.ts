import fc from "fast-check";
import { afterAll, describe, expect, it } from "vitest";
import { hostId } from "#model/index.js";
import { openLocalReach } from "./open-local-reach.js";

const ALPHA = hostId("alpha");

/** Any text but NUL, rich in what shells read. */
const word = fc.oneof(
  fc.string({ unit: "binary", maxLength: 40 }),
  fc.string({
    unit: fc.constantFrom(..."'\"\\$`;&|<>()[]{}*?~!#%=- \t\n\r\u0001\u007f\u0081\u0088é\u{1f600}EOF"),
    maxLength: 40,
  }),
);

describe.each([["dash"], ["bash"], ["busybox", "ash"]] as const)("a session of %s %s", (...shell) => {
  const reach = openLocalReach(ALPHA, shell);
  afterAll(async () => {
    await reach.close();
  });

  it("hands any words and any input over as they are", { timeout: 120_000 }, async () => {
    const opened = await reach.open(ALPHA, "probe");
    if (!opened.ok) throw new Error(opened.error.why);
    const session = opened.value;
    const words = fc.array(
      word.map((text) => text.replaceAll("\0", "")),
      { minLength: 1, maxLength: 4 },
    );
    await fc.assert(
      fc.asyncProperty(words, word, async (given, input) => {
        const answer = await session.run({
          words: ["sh", "-c", 'printf "%s\\0" "$@"; cat >&2', "sh", ...given],
          input,
          timeoutMs: 60_000,
        });
        const stdout = given.map((text) => `${text}\0`).join("");
        expect(answer).toEqual({ kind: "ended", code: 0, stdout, stderr: input });
      }),
      { numRuns: 60 },
    );
  });
});
