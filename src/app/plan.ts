import { ok, type Result } from "#model/index.js";
import type { HelperKind, Strategy } from "#plan/index.js";
import type { Failure } from "./failure.js";
import { type Network, type NetworkSource, openWholeNetwork } from "./network.js";
import { findChangedFiles } from "./plan-file/changed-files.js";
import type { PlanFile } from "./plan-file/schema.js";
import { buildPlanFile } from "./plan-file/write.js";
import { type CheckedChange, checkChange } from "./planning/checked-change.js";
import { findPlan } from "./planning/find-plan.js";
import type { PlanOutcome } from "./planning/plan-outcome.js";
import { type BadState, findBadState } from "./witness-script/bad-state.js";

/** What to plan: both ends, as the operator names them, and how much may be disturbed. */
export interface PlanRequest {
  readonly from: NetworkSource;
  readonly to: NetworkSource;
  /** How the operator wrote the two, for the plan file. */
  readonly names: { readonly from: string; readonly to: string };
  /** `auto`: the least disruptive that is proved. */
  readonly strategy: Strategy | "auto";
  /** The kinds of helper stages that may be used where no order is safe; missing: all of them. */
  readonly helpers?: readonly HelperKind[];
  /** Of the program; it stands in the plan file. */
  readonly version: string;
  /** Plan although the checks refuse the target; the findings stay in the result. */
  readonly overridesChecks: boolean;
}

/** A plan or the reason why there is none, with all that was found on the way. */
export interface PlanResult {
  readonly outcome: PlanOutcome;
  readonly checked: CheckedChange;
  readonly assumptions: readonly string[];
  readonly before: Network;
  readonly after: Network;
  /** null unless there is a plan. */
  readonly file: PlanFile | null;
  /** What stands in the way, as a state that a script can build; null where nothing does. */
  readonly badState: BadState | null;
}

const STRATEGIES: readonly Strategy[] = ["live", "rolling-stop", "full-stop"];

/** Reads both networks, checks the target, finds the way with its proof, and makes the plan file. */
export function plan(request: PlanRequest): Result<PlanResult, Failure> {
  const before = openWholeNetwork(request.from);
  if (!before.ok) return before;
  const after = openWholeNetwork(request.to);
  if (!after.ok) return after;
  const checked = checkChange(before.value, after.value);
  const isRefused = checked.newErrors.length > 0 && !request.overridesChecks;
  const outcome = isRefused ? refuse(checked) : find(request, before.value, after.value);
  const assumptions = [...new Set([...before.value.assumptions, ...after.value.assumptions])];
  const badState = findBadState(outcome, after.value.snapshot);
  const result = { outcome, checked, assumptions, before: before.value, after: after.value, badState };
  return ok({ ...result, file: fileOf(request, result) });
}

function refuse({ newErrors }: CheckedChange): PlanOutcome {
  return { kind: "refused", why: "A check refuses the target.", findings: newErrors, broken: [] };
}

function find(request: PlanRequest, before: Network, after: Network): PlanOutcome {
  const fleet = after.fleet ?? before.fleet;
  return findPlan({
    before: before.snapshot,
    after: after.snapshot,
    clusters: fleet?.clusters ?? [],
    operator: fleet?.operator ?? null,
    invariants: fleet?.invariants ?? [],
    strategies: request.strategy === "auto" ? STRATEGIES : [request.strategy],
    ...(request.helpers === undefined ? {} : { helpers: request.helpers }),
  });
}

function fileOf(
  request: PlanRequest,
  { outcome, before, after, assumptions }: Omit<PlanResult, "file">,
): PlanFile | null {
  if (outcome.kind !== "proved" && outcome.kind !== "nothing-to-do") return null;
  return buildPlanFile(outcome, {
    version: request.version,
    fleet: after.fleet ?? before.fleet,
    ...request.names,
    before: before.snapshot,
    after: after.snapshot,
    assumptions,
    files: findChangedFiles(before, after),
  });
}
