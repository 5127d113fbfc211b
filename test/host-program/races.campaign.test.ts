import { describe, expect, it } from "vitest";
import { killVerb, raceClaims, raceConfirm } from "./race-cases.js";

describe("The host program in a race", () => {
  it("decides once between a confirm and the dead-man in 200 races of -500 to +500 ms", async () => {
    const { kept, reverted } = await raceConfirm(200);
    console.log(`confirm against expiry: ${kept} kept, ${reverted} reverted`);
    expect(kept).toBeGreaterThan(10);
    expect(reverted).toBeGreaterThan(10);
  });

  it.each(["switch", "confirm", "revert"] as const)(
    "%s: revert or the dead-man bring the old state back, 34 times of 34",
    (verb) => killVerb(verb, 34),
  );

  it("is claimed by one of two runs in 100 races", () => raceClaims(100));
});
