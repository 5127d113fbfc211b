import type { RunPhase, RunPolicy } from "#rollout/index.js";

/** How long one round of measuring the matrix may take, with what is lost asked for twice. */
const PROBE_SECONDS = 5;

/** What a phase asks of the time between arming and the dead-man, in seconds. */
export interface DeadlineBudget {
  /** The least with which a phase can be confirmed at all: the gate passes at its first try. */
  readonly least: number;
  /** With all the patience that the gates have. */
  readonly patient: number;
}

type Timing = Pick<RunPolicy, "requestTimeoutMs" | "confirmMarginSeconds" | "order">;

/**
 * The time that the slowest phase needs from the arming of its first host to the confirmation of its last:
 *
 * `least = request (arming the others) + request x turns (switching) + settle + probes x 5 s + request (confirming) + margin`
 *
 * where `turns` is 1 in lock-step and the number of hosts one by one. `patient` adds how long the gate may wait for agreement. The
 * dead-man is armed for `patient` unless the operator says otherwise.
 */
export function deadlineBudget(
  phases: readonly Pick<RunPhase, "steps" | "gate">[],
  timing: Timing,
): DeadlineBudget {
  const needed = phases.map(({ steps, gate }) => {
    const request = Math.ceil(timing.requestTimeoutMs / 1000);
    const turns = timing.order === "one-by-one" ? Math.max(1, steps.length) : 1;
    const quiet = gate.settleSeconds + gate.consecutive * PROBE_SECONDS;
    const least = request * (2 + turns) + quiet + timing.confirmMarginSeconds;
    return { least, patient: least + gate.timeoutSeconds };
  });
  return {
    least: Math.max(0, ...needed.map(({ least }) => least)),
    patient: Math.max(0, ...needed.map(({ patient }) => patient)),
  };
}
