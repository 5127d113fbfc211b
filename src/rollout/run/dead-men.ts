import type { HostId } from "#model/index.js";
import { messages } from "../messages.js";
import { deadlineKey, leaveIfWished, type RunContext } from "./context.js";

/** A dead-man needs that long to take its change back. */
const GRACE_MS = 2000;
const LOOK_MS = 1000;

/**
 * Waits until the dead-men of these hosts have fired, where they were armed at all. One whose time nobody knows, as after a resume, may have
 * been told just before: it has its whole time.
 */
export async function waitForDeadMen(
  run: RunContext,
  record: string,
  hosts: readonly HostId[],
): Promise<void> {
  const { clock, emit } = run.ports;
  const latestOf = (host: HostId): number =>
    run.deadlines.get(deadlineKey(record, host))?.latestMs ??
    clock.monotonicMs() + run.program.policy.deadlineSeconds * 1000;
  const untilMs = Math.max(...hosts.map(latestOf)) + GRACE_MS;
  for (;;) {
    leaveIfWished(run);
    const leftMs = untilMs - clock.monotonicMs();
    if (leftMs <= 0) return;
    emit({ kind: "waiting", for: messages.deadMen(hosts), secondsLeft: Math.round(leftMs / 1000) });
    await clock.sleep(Math.min(LOOK_MS, leftMs));
  }
}
