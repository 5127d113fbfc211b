import type { HostId } from "#model/index.js";
import type { HealthReading, HostServices } from "#rollout/index.js";
import type { HealthBaseline } from "./baseline.js";
import { say } from "./messages.js";
import type { HostUnits } from "./units.js";

/** What runs where nobody noted what ran before: the two services that k3s installs. */
const OF_K3S = ["k3s.service", "k3s-agent.service"];

/** Whether the units run that stood still, and those that ran before. */
export function judgeUnits(given: {
  readonly host: HostId;
  readonly seen: HostUnits;
  readonly services: readonly HostServices[];
  readonly baseline: HealthBaseline | null;
}): HealthReading {
  const { host, seen, services, baseline } = given;
  const stopped = services.flatMap((service) => (service.host === host ? service.units : []));
  if (seen.kind === "not-measured") {
    // A router or a host without systemd has nothing that could be asked for.
    const isNeeded = stopped.length > 0 || (baseline?.units[host]?.length ?? 0) > 0;
    return isNeeded ? { kind: "not-measured", why: say.units(host, seen.why) } : { kind: "healthy" };
  }
  const ran = baseline?.units[host] ?? OF_K3S.filter((unit) => seen.states.has(unit));
  const what = [...new Set([...stopped, ...ran])].flatMap((unit) => {
    const state = seen.states.get(unit) ?? "unknown";
    return state === "active" ? [] : [say.unit(host, unit, state)];
  });
  return what.length === 0 ? { kind: "healthy" } : { kind: "unhealthy", what };
}
