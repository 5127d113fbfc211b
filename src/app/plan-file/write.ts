import { createHash } from "node:crypto";
import { renderSnapshot } from "#formats/iproute2/index.js";
import type { Fleet, Host, Operation, Snapshot } from "#model/index.js";
import { findDifference } from "#plan/index.js";
import type { PlannedPhase, PlanOutcome } from "../planning/plan-outcome.js";
import { canonicalJson, encodeModel, type Json } from "./encode.js";
import { markOf } from "./helper-stage-marks.js";
import { renderStep } from "./render-step.js";
import { type ChangedFile, type PlanFile, planFileSchema } from "./schema.js";

/** What a plan is made of besides the phases. */
export interface PlanContext {
  readonly version: string;
  readonly fleet: Fleet | null;
  readonly from: string;
  readonly to: string;
  readonly before: Snapshot;
  readonly after: Snapshot;
  readonly assumptions: readonly string[];
  /** The changed configuration files; missing: none is known, as between snapshots. */
  readonly files?: readonly ChangedFile[];
}

type ProvedOutcome = Extract<PlanOutcome, { readonly kind: "proved" }>;

/** Makes the plan file of a plan, with its digest. */
export function buildPlanFile(
  outcome: Extract<PlanOutcome, { readonly kind: "proved" | "nothing-to-do" }>,
  context: PlanContext,
): PlanFile {
  const isProved = outcome.kind === "proved";
  const body = {
    schemaVersion: 1,
    tool: { name: "pointsman", version: context.version },
    fleet: context.fleet?.name ?? "",
    from: context.from,
    to: context.to,
    result: outcome.kind,
    strategy: isProved ? outcome.strategy : null,
    assumptions: context.assumptions,
    operator: context.fleet?.operator ?? null,
    clusters: (context.fleet?.clusters ?? []).map(({ name, servers, agents }) => ({
      name,
      servers: servers.map((member) => member.host),
      agents: agents.map((member) => member.host),
    })),
    invariants: context.fleet?.invariants ?? [],
    hosts: (context.fleet?.hosts ?? []).map(({ id, role, os, ssh }) => ({ name: id, role, os, ssh })),
    helpers: isProved ? outcome.helpers.map(({ kind, host, why }) => ({ kind, host, why })) : [],
    phases: isProved ? outcome.phases.map((phase) => encodePhase(phase, outcome)) : [],
    files: context.files ?? [],
    network: { before: encodeSnapshot(context.before), after: encodeSnapshot(context.after) },
    unmodelled: { before: encodeUnmodelled(context.before), after: encodeUnmodelled(context.after) },
  };
  const json = encodeModel(body);
  return planFileSchema.parse({ ...(json as object), digest: digestOf(json) });
}

/** The text of a plan file. */
export function renderPlanFile(plan: PlanFile): string {
  return `${JSON.stringify(encodeModel(plan), null, 1)}\n`;
}

/** SHA-256 over the canonical JSON, its own field left out. */
export function digestOf(json: Json): string {
  const { digest: _, ...rest } = json as { readonly [key: string]: Json };
  return `sha256:${createHash("sha256").update(canonicalJson(rest)).digest("hex")}`;
}

function encodePhase(phase: PlannedPhase, { change, helpers }: ProvedOutcome): object {
  const changes = new Map(change.changes.map((each) => [each.host, each]));
  return {
    steps: phase.steps.map(({ host, fromStage, toStage }) => {
      const own = changes.get(host);
      return {
        host,
        operations: (own?.operations ?? []).slice(fromStage, toStage).map((operation, index) => {
          const helper = markOf(helpers, host, fromStage + index);
          const command = renderStep(host, operation);
          return helper === null ? { command, operation } : { command, operation, helper };
        }),
        revert: revertCommands(host, own?.stages.slice(fromStage, toStage + 1) ?? []),
      };
    }),
    gate: { consecutive: 3, settleSeconds: 5, timeoutSeconds: 120 },
    proof: phase.effort,
    expected: phase.expected.map(({ count, ...flow }) => (count === 1 ? flow : { ...flow, count })),
  };
}

/**
 * The way back of a step: through its stages in reverse, one after the other, so that a host on its way back is in a state that the
 * proof of the phase has seen. Empty where there is none.
 */
export function revertCommands(host: string, stages: readonly Host[]): readonly string[] {
  return revertOperations(stages).map((operation) => renderStep(host, operation));
}

/** The same as operations. */
export function revertOperations(stages: readonly Host[]): readonly Operation[] {
  const back = stages
    .slice(1)
    .map((stage, index) => findDifference(stage, stages[index] ?? stage))
    .reverse();
  if (back.some((difference) => difference.kind !== "found")) return [];
  return back.flatMap((difference) => (difference.kind === "found" ? difference.operations : []));
}

function encodeUnmodelled(snapshot: Snapshot): Record<string, readonly object[]> {
  return Object.fromEntries(
    [...snapshot.hosts.values()]
      .filter((host) => host.unmodelled.length > 0)
      .map(({ id, unmodelled }) => [id, unmodelled.map(({ code, message }) => ({ code, message }))]),
  );
}

function encodeSnapshot(snapshot: Snapshot): Record<string, unknown> {
  const files = [...renderSnapshot(snapshot)].map(([path, text]) => [
    path,
    path.endsWith(".json") ? JSON.parse(text) : text,
  ]);
  return Object.fromEntries(files) as Record<string, unknown>;
}
