import { messages } from "../messages.js";
import { append, leaveIfWished, type RunContext, standingOf } from "./context.js";

const LOOK_MS = 2000;

/** What the journal's note of it is called. */
const HEALTH_BEFORE = "health-before";

/**
 * Notes how the cluster is before anything changes: what cannot be measured then is not asked for later, and what is ill is not touched.
 *
 * @returns null, or why the run must not begin.
 */
export async function lookAtHealth(run: RunContext): Promise<string | null> {
  const quorum = await run.ports.health("quorum");
  if (quorum.kind !== "healthy") return messages.noQuorum(quorum);
  const all = await run.ports.health("all");
  if (all.kind === "unhealthy") return messages.unhealthy(all.what);
  const detail = all.kind === "healthy" ? "healthy" : `not measured: ${all.why}`;
  await append(run, { kind: "note", what: HEALTH_BEFORE, detail });
  return null;
}

/**
 * Waits until the cluster is as healthy as it was before, within the policy's time. On the way forward a wish to take everything back ends
 * the waiting; on the way back it is being granted.
 *
 * @returns null, or what is wrong with the cluster.
 */
export async function awaitHealth(run: RunContext, way: "forward" | "back"): Promise<string | null> {
  const { clock, health, emit, control } = run.ports;
  const untilMs = clock.monotonicMs() + run.program.policy.healthTimeoutSeconds * 1000;
  const wasMeasured = standingOf(run).notes.get(HEALTH_BEFORE) === "healthy";
  for (;;) {
    leaveIfWished(run);
    const reading = await health("all");
    if (reading.kind === "healthy" || (reading.kind === "not-measured" && !wasMeasured)) return null;
    const leftMs = untilMs - clock.monotonicMs();
    const why =
      reading.kind === "unhealthy" ? messages.unhealthy(reading.what) : messages.noHealth(reading.why);
    if (leftMs <= 0 || (way === "forward" && control.wish() === "abort")) return why;
    emit({ kind: "waiting", for: why, secondsLeft: Math.round(leftMs / 1000) });
    await clock.sleep(Math.min(LOOK_MS, leftMs));
  }
}

/**
 * Watches what services say for the policy's time. Words in a log are no proof of anything: they are noted, and the cluster and the matrix are
 * measured after them.
 */
export async function watchLogs(run: RunContext): Promise<void> {
  const { clock, health, emit, control } = run.ports;
  const { logWatchSeconds } = run.program.policy;
  if (logWatchSeconds === 0) return;
  const untilMs = clock.monotonicMs() + logWatchSeconds * 1000;
  for (let leftMs = logWatchSeconds * 1000; leftMs > 0; leftMs = untilMs - clock.monotonicMs()) {
    leaveIfWished(run);
    if (control.wish() === "abort") return;
    emit({ kind: "waiting", for: messages.watchingLogs(), secondsLeft: Math.round(leftMs / 1000) });
    await clock.sleep(Math.min(LOOK_MS, leftMs));
  }
  const logs = await health("logs");
  const detail =
    logs.kind === "healthy" ? "nothing" : logs.kind === "unhealthy" ? logs.what.join("; ") : logs.why;
  await append(run, { kind: "note", what: `logs-${logs.kind}`, detail });
}
