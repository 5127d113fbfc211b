import { describe, expect, it } from "vitest";
import { renderPlanText, renderRunbook } from "#report/index.js";
import { buildSnapshot, type SnapshotSketch } from "../../../test/fleet-builder.js";
import { findPlan } from "../planning/find-plan.js";
import type { Json } from "./encode.js";
import { parsePlanFile } from "./read.js";
import { type Reproof, reprovePlan } from "./reprove.js";
import type { PlanFile } from "./schema.js";
import { buildPlanFile, digestOf, renderPlanFile } from "./write.js";

/** The gateway's address has to go before it comes back with another scope. */
function lan(address: string): SnapshotSketch {
  return {
    r: {
      links: {
        lan: { on: "lan", addresses: [address] },
        up: { on: "up", addresses: ["192.168.0.2/24"] },
      },
      routes: ["default via 192.168.0.1"],
      sysctls: { ip_forward: 1 },
    },
    isp: {
      links: { e0: { on: "up", addresses: ["192.168.0.1/24"] } },
      routes: ["10.0.0.0/24 via 192.168.0.2"],
    },
    a: { links: { e0: { on: "lan", addresses: ["10.0.0.2/24"] } }, routes: ["default via 10.0.0.1"] },
  };
}

function buildPlan(): PlanFile {
  const [before, after] = [buildSnapshot(lan("10.0.0.1/24 scope link")), buildSnapshot(lan("10.0.0.1/24"))];
  const outcome = findPlan({ before, after, clusters: [], invariants: [], strategies: ["live"] });
  if (outcome.kind !== "proved") throw new Error(`expected a plan, found ${outcome.kind}`);
  const from = { version: "0.0.0", fleet: null, from: "old", to: "new", before, after, assumptions: [] };
  return buildPlanFile(outcome, from);
}

function reprove(plan: PlanFile): Reproof {
  const json = JSON.parse(renderPlanFile(plan)) as Json;
  const signed = JSON.stringify({ ...(json as object), digest: digestOf(json) });
  const read = parsePlanFile(signed, "plan.json");
  if (!read.ok) throw new Error(read.error.message);
  return reprovePlan(read.value);
}

describe("A plan file with helper stages", () => {
  const plan = buildPlan();

  it("says which operations make and unmake them", () => {
    expect(plan.helpers).toEqual([
      { kind: "both-prefixes", host: "r", why: "`10.0.0.1/23` stands beside `/24`" },
    ]);
    const marks = plan.phases.map(({ steps }) =>
      steps.flatMap(({ operations }) => operations.map(({ helper }) => helper?.does ?? null)),
    );
    expect(marks).toEqual([["make", null, null], ["unmake"]]);
  });

  it("is proved again from its text", () => {
    expect(reprove(plan)).toMatchObject({ kind: "proved", phases: [{ states: "4" }, { states: "2" }] });
  });

  it("is refuted where it calls an operation of the change part of a helper", () => {
    const [first, ...rest] = plan.phases;
    if (first === undefined) throw new Error("expected a phase");
    const steps = first.steps.map((step) => ({
      ...step,
      operations: step.operations.map((each) => ({ ...each, helper: { place: 0, does: "unmake" } as const })),
    }));
    const forged = reprove({ ...plan, phases: [{ ...first, steps }, ...rest] });
    expect(forged).toMatchObject({
      kind: "refuted",
      problem: "Host `r`: its helper stage `both-prefixes` is not both made and taken back.",
    });
  });

  it("shows them in text and runbook", () => {
    const text = renderPlanText(plan);
    expect(text).toContain(
      "Helper stages, made before the change, taken back when every host is done (1):\n  - both-prefixes on r: `10.0.0.1/23` stands beside `/24`",
    );
    expect(text).toContain(
      "    ip addr add 10.0.0.1/23 dev lan  # helper stage both-prefixes, until the last phase",
    );
    expect(renderRunbook(plan)).toContain(
      "ip addr del 10.0.0.1/23 dev lan  # ends helper stage both-prefixes",
    );
  });
});
