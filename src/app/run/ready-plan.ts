import { err, type HostId, ok, type Result, type Snapshot } from "#model/index.js";
import { type HostChange, joinWiring, type Phase } from "#plan/index.js";
import type { Failure } from "../failure.js";
import { parsePlanFile } from "../plan-file/read.js";
import { replayPlan } from "../plan-file/replay.js";
import { reprovePlan } from "../plan-file/reprove.js";
import type { PlanFile } from "../plan-file/schema.js";
import { MAX_SNAPSHOT_BYTES, readNamedFile } from "../tree/folder-tree.js";
import { say } from "./messages.js";
import { findHandwork } from "./run-commands.js";

/** A plan whose proof was made again here, with its way carried out on the model of the kernel. */
export interface ReadyPlan {
  /** As it was read, byte for byte. */
  readonly text: string;
  readonly plan: PlanFile;
  readonly changes: ReadonlyMap<HostId, HostChange>;
  readonly phases: readonly Phase[];
  /** The network before the first phase, and after each. */
  readonly states: readonly [Snapshot, ...Snapshot[]];
}

/** Reads a plan file and proves it again from nothing but its own text. What is not proved, or needs a person's hands, does not run. */
export function readReadyPlan(path: string): Result<ReadyPlan, Failure> {
  const text = readNamedFile(path, "plan file", MAX_SNAPSHOT_BYTES);
  if (!text.ok) return text;
  const read = parsePlanFile(text.value, path);
  if (!read.ok) return read;
  const reproof = reprovePlan(read.value);
  if (reproof.kind === "altered") return err(say.alteredPlan(path));
  if (reproof.kind !== "proved") return err(say.notProved(path, reproof.kind, reproof.problem));
  if (!read.value.isIntact) return err(say.alteredPlan(path));
  const wiring = joinWiring(read.value.before, read.value.after);
  const replay = replayPlan({ ...read.value, ...wiring });
  if (replay.kind === "stuck")
    return err(say.notProved(path, "refuted", `\`${replay.host}\`: ${replay.problem}`));
  const changes = new Map(replay.changes.map((change) => [change.host, change]));
  const handwork = replay.phases.flatMap(({ steps }) =>
    steps.flatMap((step) => {
      const change = changes.get(step.host);
      return change === undefined ? [] : (findHandwork(step, change) ?? []);
    }),
  );
  if (handwork.length > 0) return err(say.handwork(path, handwork));
  const states = statesOf(wiring.before, replay.phases, changes);
  return ok({ text: text.value, plan: read.value.plan, changes, phases: replay.phases, states });
}

function statesOf(
  before: Snapshot,
  phases: readonly Phase[],
  changes: ReadonlyMap<HostId, HostChange>,
): readonly [Snapshot, ...Snapshot[]] {
  const states: [Snapshot, ...Snapshot[]] = [before];
  let hosts = before.hosts;
  for (const { steps } of phases) {
    const moved = steps.flatMap(({ host, toStage }) => {
      const stage = changes.get(host)?.stages[toStage];
      return stage === undefined ? [] : [[host, stage] as const];
    });
    hosts = new Map([...hosts, ...moved]);
    states.push({ hosts, segments: before.segments });
  }
  return states;
}
