import { describe, expect, it } from "vitest";
import { hostId, linkName } from "#model/index.js";
import { isAsPromised, type TwinState } from "./rehearsal.js";

const state = (whole: TwinState["whole"], ...absent: readonly string[]): TwinState => ({
  whole,
  strange: [],
  absent: absent.map(hostId),
});

const place = { host: hostId("n1"), link: linkName("eth0") };

describe("the promise of a run", () => {
  it.each([
    ["done and all new", 0, state("new"), true],
    ["done and all old", 0, state("old"), false],
    ["done and neither", 0, state("neither"), false],
    ["done while a host is without power", 0, state("new", "n1"), false],
    ["rolled back and all old", 4, state("old"), true],
    ["rolled back and all new", 4, state("new"), false],
    ["rolled back and neither", 4, state("neither"), false],
    ["refused and all old", 3, state("old"), true],
    ["refused and all new", 3, state("new"), false],
    ["incomplete, the others old, while a host is without power", 5, state("old", "n1"), true],
    ["incomplete with every host there", 5, state("old"), false],
    ["unknown, the others old, while a host is without power", 8, state("old", "n1"), true],
    ["unknown with every host there", 8, state("old"), false],
    ["killed", null, state("old"), false],
    ["a bug", 1, state("old"), false],
  ] as const)("%s: %s", (_name, code, twin, kept) => {
    expect(isAsPromised(code, twin, null)).toBe(kept);
  });

  it("may be a rollback that nobody can call complete while a cable is cut, where every host is old", () => {
    const fault = { kind: "link-cut", phase: 1, moment: "switched", ...place } as const;
    expect(isAsPromised(5, state("old"), fault)).toBe(true);
    expect(isAsPromised(5, state("neither"), fault)).toBe(false);
    expect(isAsPromised(5, state("old"), { ...fault, kind: "session-reset" })).toBe(false);
  });
});
