import { describe, expect, it } from "vitest";
import { commentHelper, describeHelped, describeHelper } from "./helper-stage-text.js";

const HELPERS = [
  { kind: "host-route", host: "b", why: "`10.1.0.0/24` goes via `10.0.0.4`: the old next hop" },
  { kind: "flush", host: "c", why: "forgets what it learnt" },
];

describe("The words for helper stages", () => {
  it("name kind, host and reason", () => {
    expect(HELPERS.map(describeHelper)[0]).toBe(
      "host-route on b: `10.1.0.0/24` goes via `10.0.0.4`: the old next hop",
    );
  });

  it("stand behind the commands as comments of the shell", () => {
    const comment = (helper?: { place: number; does: "make" | "unmake" }): string =>
      commentHelper(helper === undefined ? { command: "c" } : { command: "c", helper }, HELPERS);
    expect(comment()).toBe("");
    expect(comment({ place: 0, does: "make" })).toBe("  # helper stage host-route, until the last phase");
    expect(comment({ place: 0, does: "unmake" })).toBe("  # ends helper stage host-route");
    expect(comment({ place: 1, does: "make" })).toBe("  # helper stage flush");
  });

  it("say what was tried, and whether anything is left", () => {
    const effort = { kinds: ["host-route"], sets: 1, proposals: 12, isCut: false };
    expect(describeHelped(effort)).toBe(
      "Other orders of a host's own operations, and helper stages (host-route): 12 proposals of its witnesses looked at, 1 whole plan judged, none helps.",
    );
    expect(describeHelped({ ...effort, kinds: [], isCut: true })).toBe(
      "Other orders of a host's own operations: 12 proposals of its witnesses looked at, 1 whole plan judged, more are left. Helper stages: not allowed.",
    );
  });
});
