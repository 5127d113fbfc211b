import { describe, expect, it } from "vitest";
import { findUntrueMark, type HelperMark } from "./helper-stage-marks.js";
import type { PlanFile } from "./schema.js";

type Step = PlanFile["phases"][number]["steps"][number];

function step(host: string, ...does: readonly (HelperMark | null)[]): Step {
  const operation = { kind: "sysctl", key: "k", value: 1 } as const;
  return {
    host,
    revert: [],
    operations: does.map((helper, index) =>
      helper === null
        ? { command: `c${index}`, operation }
        : { command: `c${index}`, operation, helper: { ...helper } },
    ),
  };
}

function problem(kind: "host-route" | "flush", ...phases: readonly (readonly Step[])[]): string | null {
  const gate = { consecutive: 3, settleSeconds: 5, timeoutSeconds: 120 };
  const proof = { states: "1", flows: 0, classes: 0, walks: 0 };
  return findUntrueMark({
    helpers: [{ kind, host: "a", why: "" }],
    phases: phases.map((steps) => ({ steps: [...steps], gate, proof, expected: [] })),
  });
}

const MAKE: HelperMark = { place: 0, does: "make" };
const UNMAKE: HelperMark = { place: 0, does: "unmake" };

describe("findUntrueMark", () => {
  it("has nothing to say of helpers that are made first and taken back last", () => {
    expect(problem("host-route", [step("a", MAKE, null)], [step("b", null)], [step("a", UNMAKE)])).toBeNull();
  });

  it("lets a flush stand anywhere", () => {
    expect(problem("flush", [step("a", null, MAKE)], [step("b", null)])).toBeNull();
  });

  it("says which helper is taken back too early", () => {
    expect(problem("host-route", [step("a", MAKE, null)], [step("a", UNMAKE)], [step("b", null)])).toBe(
      "Host `a`: `c0` takes a helper stage back in phase 2, before the change is over.",
    );
  });

  it("says which helper is made too late", () => {
    expect(problem("host-route", [step("a", null, MAKE)], [step("a", UNMAKE)])).toBe(
      "Host `a`: `c1` makes a helper stage after operations of the change.",
    );
  });

  it("says which command belongs to no helper of its host", () => {
    expect(problem("host-route", [step("b", MAKE)])).toBe(
      "Host `b`: `c0` is said to belong to a helper stage that the host does not have.",
    );
  });

  it("says which helper is not taken back", () => {
    expect(problem("host-route", [step("a", MAKE, null)])).toBe(
      "Host `a`: its helper stage `host-route` is not both made and taken back.",
    );
  });
});
