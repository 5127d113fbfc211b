import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { MarkedStream } from "./marked-stream.js";

const MARK = `pm-${"0123456789abcdef".repeat(2)}`;

describe("MarkedStream", () => {
  it("finds what stands between the marks, in whatever pieces it comes and whatever is around it", async () => {
    const text = fc.string({ unit: "grapheme", maxLength: 300 });
    const cuts = fc.array(fc.nat({ max: 700 }), { maxLength: 30 });
    await fc.assert(
      fc.asyncProperty(text, text, fc.nat({ max: 255 }), cuts, async (noise, said, code, at) => {
        const stream = new MarkedStream();
        const answer = stream.read(MARK);
        const bytes = Buffer.from(`${noise}\n${MARK}<\n${said}\n${MARK}>${code}\n${noise}`);
        for (const piece of piecesOf(bytes, at)) stream.push(piece);
        expect(await answer).toEqual({ text: said, code });
      }),
    );
  });

  it("takes neither another command's marks nor its own in another order for its end", async () => {
    const stream = new MarkedStream();
    const other = MARK.replaceAll("0", "1");
    const answer = stream.read(MARK);
    stream.push(Buffer.from(`\n${MARK}>7\n\n${MARK}<\n\n${other}>1\n\n${MARK}<\nx${MARK}>2\n\n${MARK}>3\n`));
    expect(await answer).toEqual({ text: `\n${other}>1\n\n${MARK}<\nx${MARK}>2\n`, code: 3 });
  });

  it("keeps nothing of what comes between two commands", async () => {
    const stream = new MarkedStream();
    const first = stream.read(MARK);
    stream.push(Buffer.from(`\n${MARK}<\na\n${MARK}>0\nlate`));
    expect(await first).toEqual({ text: "a", code: 0 });
    stream.push(Buffer.from("later"));
    const second = stream.read(MARK);
    stream.push(Buffer.from(`latest\n${MARK}<\nb\n${MARK}>0\n`));
    expect(await second).toEqual({ text: "b", code: 0 });
  });

  it("answers null for more than 64 MiB, and holds no more than that", async () => {
    const stream = new MarkedStream();
    const answer = stream.read(MARK);
    stream.push(Buffer.from(`\n${MARK}<\n`));
    const piece = Buffer.alloc(1024 * 1024, "x");
    for (let pieces = 0; pieces <= 64; pieces += 1) stream.push(piece);
    expect(await answer).toBe(null);
  });
});

function piecesOf(bytes: Buffer, at: readonly number[]): readonly Buffer[] {
  const cuts = [0, ...at.filter((cut) => cut < bytes.length).toSorted((a, b) => a - b), bytes.length];
  return cuts.slice(1).map((cut, index) => bytes.subarray(cuts[index], cut));
}
