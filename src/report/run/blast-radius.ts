import type { PlanView } from "../plan-view.js";
import { counted } from "../style-text.js";
import { isByHand } from "../wiring-text.js";

/** Changes the default route of a host, in one of its two spellings. */
const GATEWAY = /^ip route \S+ (?:default|0\.0\.0\.0\/0)(?: |$)/;

/** What a plan reaches of a fleet of so many hosts, in one line: hosts, cluster members, gateways, and how much stands still. */
export function describeBlastRadius(plan: PlanView, fleetSize: number): string {
  const steps = plan.phases.flatMap((phase) => phase.steps.filter((step) => !isByHand(step)));
  const hosts = new Set(steps.map(({ host }) => host));
  const gateways = new Set(
    steps
      .filter(({ operations }) => operations.some(({ command }) => GATEWAY.test(command)))
      .map(({ host }) => host),
  );
  return [
    `${hosts.size} of ${counted(fleetSize, "host")}`,
    ...plan.clusters.map(({ name, servers }) => {
      const changed = servers.filter((server) => hosts.has(server));
      return `${changed.length} of ${servers.length} etcd members${plan.clusters.length > 1 ? ` of ${name}` : ""}`;
    }),
    ...(gateways.size === 0 ? [] : [`gateway changes on ${counted(gateways.size, "host")}`]),
    STILL[plan.strategy ?? "live"] ?? STILL["live"] ?? "",
  ].join(", ");
}

const STILL: Readonly<Record<string, string>> = {
  live: "nothing stands still",
  "rolling-stop": "one member's services stand still at a time",
  "full-stop": "the cluster stands still",
};

/** The first characters of a digest: enough to show that this plan is meant, and no other. */
export function shortDigest(digest: string): string {
  return digest.replace(/^sha256:/, "").slice(0, 8);
}
