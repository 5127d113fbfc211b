import type { HostId } from "#model/index.js";
import type { HealthReading } from "#rollout/index.js";
import type { HostLogs } from "./logs.js";
import { say } from "./messages.js";

/** Whether the journal of a host has words of distress; each is told once with its count. */
export function judgeLogs(host: HostId, logs: HostLogs): HealthReading {
  if (logs.kind === "not-measured") return { kind: "not-measured", why: say.logs(host, logs.why) };
  const what = [...logs.counts].map(([words, count]) => say.distress(host, words, count));
  return what.length === 0 ? { kind: "healthy" } : { kind: "unhealthy", what };
}
