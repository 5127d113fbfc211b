import { describe, expect, it } from "vitest";
import { renderPlanText, renderRunbook } from "#report/index.js";
import { buildSnapshot, type HostSketch, type SnapshotSketch } from "../../../test/fleet-builder.js";
import { findPlan } from "../planning/find-plan.js";
import type { Json } from "./encode.js";
import { parsePlanFile } from "./read.js";
import { type Reproof, reprovePlan } from "./reprove.js";
import type { PlanFile } from "./schema.js";
import { buildPlanFile, digestOf, renderPlanFile } from "./write.js";

/** `r1` once sent redirects to `r2`, takes another way then, and `r2` stops forwarding. */
function network(route: string, forwards: number): SnapshotSketch {
  const router = (lan: string, wan: string, rest: Pick<HostSketch, "routes" | "sysctls">): HostSketch => ({
    links: { lan: { on: "lan", addresses: [lan] }, wan: { on: "wan", addresses: [wan] } },
    ...rest,
  });
  return {
    h: { links: { e0: { on: "lan", addresses: ["10.0.0.9/24"] } }, routes: ["default via 10.0.0.1"] },
    r1: router("10.0.0.1/24", "10.9.0.1/24", { routes: [route], sysctls: { ip_forward: 1 } }),
    r2: router("10.0.0.2/24", "10.9.0.2/24", {
      routes: ["10.8.0.9/32 via 10.9.0.3"],
      sysctls: { ip_forward: forwards },
    }),
    s: {
      links: { e0: { on: "wan", addresses: ["10.9.0.3/24", "10.8.0.9/32"] } },
      routes: ["10.0.0.0/24 via 10.9.0.1"],
    },
  };
}

function buildPlan(): PlanFile {
  const before = buildSnapshot(network("10.8.0.9/32 via 10.0.0.2", 1));
  const after = buildSnapshot(network("10.8.0.9/32 via 10.9.0.3", 0));
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

describe("A plan file with a flush", () => {
  const plan = buildPlan();
  const commands = plan.phases.map(({ steps }) =>
    steps.flatMap(({ host, operations }) => operations.map(({ command }) => `${host}: ${command}`)),
  );

  it("has the flush between the change that makes a redirect old and the one that lets it lead nowhere", () => {
    expect(commands).toEqual([
      ["r1: ip route replace 10.8.0.9/32 via 10.9.0.3 dev wan"],
      ["h: ip route flush cache"],
      ["r2: sysctl -w net.ipv4.ip_forward=0"],
    ]);
    expect(plan.helpers.map(({ kind, host }) => `${kind} ${host}`)).toEqual(["flush h"]);
  });

  it("is proved again from its text, and shown with its command", () => {
    expect(reprove(plan)).toMatchObject({ kind: "proved" });
    expect(renderPlanText(plan)).toContain("ip route flush cache");
    expect(renderRunbook(plan)).toContain("ip route flush cache");
  });

  it("is refuted where the flush comes in the phase in which the redirect is not old yet", () => {
    const [first, flush, ...rest] = plan.phases;
    if (first === undefined || flush === undefined) throw new Error("expected three phases");
    const joined = { ...plan, phases: [{ ...first, steps: [...first.steps, ...flush.steps] }, ...rest] };
    expect(reprove(joined)).toMatchObject({ kind: "refuted" });
  });
});
