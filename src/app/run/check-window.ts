import { err, ok, type Result } from "#model/index.js";
import { type RunProgram, SERVICES_SECONDS } from "#rollout/index.js";
import type { Failure } from "../failure.js";
import { isWithin, parseWindow } from "../hooks/maintenance-window.js";
import { say } from "./messages.js";

/** The longest that a run may take: every phase to its dead-man, services stopped and started, then health and logs. */
export function longestSeconds({ phases, services, policy }: RunProgram): number {
  const health = services.length === 0 ? 0 : policy.healthTimeoutSeconds + 2 * SERVICES_SECONDS;
  return phases.length * policy.deadlineSeconds + health + policy.logWatchSeconds;
}

/** Whether the run, begun now, ends before its window does; no window is always open. */
export function checkWindow(window: string | null, program: RunProgram, now: string): Result<null, Failure> {
  if (window === null) return ok(null);
  const parsed = parseWindow(window);
  if (!parsed.ok) return err(say.noWindow(parsed.error));
  const needed = longestSeconds(program);
  return isWithin(parsed.value, new Date(now), needed) ? ok(null) : err(say.outsideWindow(window, needed));
}
