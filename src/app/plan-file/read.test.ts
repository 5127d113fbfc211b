import { describe, expect, it } from "vitest";
import { buildSnapshot } from "../../../test/fleet-builder.js";
import { findPlan } from "../planning/find-plan.js";
import type { Json } from "./encode.js";
import { parsePlanFile } from "./read.js";
import { buildPlanFile, digestOf, renderPlanFile } from "./write.js";

/** A plan file that has nothing to do for one host, changed as JSON text and given a digest that fits. */
function planText(host: string, change: (text: string) => string = (text) => text): string {
  const network = buildSnapshot({ [host]: { links: { e0: { on: "main", addresses: ["10.0.0.1/24"] } } } });
  const found = findPlan({
    before: network,
    after: network,
    clusters: [],
    invariants: [],
    strategies: ["live"],
  });
  if (found.kind !== "nothing-to-do") throw new Error(found.kind);
  const context = { version: "0", fleet: null, from: "", to: "", before: network, after: network };
  const json = JSON.parse(change(renderPlanFile(buildPlanFile(found, { ...context, assumptions: [] }))));
  return JSON.stringify({ ...json, digest: digestOf(json as Json) });
}

function problemOf(text: string): string {
  const read = parsePlanFile(text, "plan.json");
  return read.ok ? "" : read.error.message;
}

describe("A plan file with names that JavaScript keeps for itself", () => {
  it("is read where a host is called `constructor`", () => {
    const read = parsePlanFile(planText("constructor"), "plan.json");
    expect(read.ok && [...read.value.before.hosts.keys()]).toEqual(["constructor"]);
  });

  it.each(["constructor", "toString", "__proto__"])(
    "is damaged where a key `%s` is added at its top",
    (key) => {
      const text = planText("a", (plan) => plan.replace("{", `{"${key}": null,`));
      expect(problemOf(text)).toBe(
        `Expected a plan file, found one that is damaged: at its top, Unrecognized key: "${key}".`,
      );
    },
  );

  it("is damaged where a value of another type has a key `constructor`", () => {
    const text = planText("a", (plan) =>
      plan.replace('"assumptions": []', '"assumptions": {"constructor": null}'),
    );
    expect(problemOf(text)).toBe(
      "Expected a plan file, found one that is damaged: at `assumptions`, expected array, received object.",
    );
  });

  it("is damaged where a segment is called `__proto__`, which would be left out", () => {
    const text = planText("a", (plan) => plan.replaceAll('"main": [', '"__proto__": ['));
    expect(problemOf(text)).toBe(
      "Expected a plan file, found one that is damaged: its network before: Expected a name as a key, found `__proto__`, which JavaScript keeps for itself.",
    );
  });
});
