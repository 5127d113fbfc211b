import type { HostId } from "#model/index.js";
import type { KubernetesView } from "./kubernetes.js";
import type { Members } from "./quorum.js";
import type { HostUnits } from "./units.js";

/** How clusters were before anything changed; plain JSON without a secret, so that a journal can keep it. */
export interface HealthBaseline {
  /** Servers where an etcd member listened. */
  readonly members: readonly HostId[];
  /** By host: seconds since 1970 by its own clock. */
  readonly clocks: Readonly<Record<string, number>>;
  /** By host: the units of k3s that were active. */
  readonly units: Readonly<Record<string, readonly string[]>>;
  /** By cluster, where kubectl answered: what was not well. */
  readonly kubernetes: Readonly<Record<string, Unready>>;
}

/** Nodes and pods that are not well. */
export interface Unready {
  readonly nodes: readonly string[];
  readonly pods: readonly string[];
}

/** What was seen before, as it is kept. */
export function noteBaseline(seen: {
  readonly members: Members;
  readonly units: ReadonlyMap<HostId, HostUnits>;
  readonly views: ReadonlyMap<string, KubernetesView>;
}): HealthBaseline {
  const units = [...seen.units].flatMap(([host, state]) =>
    state.kind === "seen" ? [[host, state] as const] : [],
  );
  return {
    members: [...seen.members].flatMap(([host, { kind }]) =>
      kind === "healthy" || kind === "unhealthy" ? [host] : [],
    ),
    clocks: Object.fromEntries(units.map(([host, { clock }]) => [host, clock])),
    units: Object.fromEntries(units.map(([host, { states }]) => [host, activeOf(states)])),
    kubernetes: Object.fromEntries(
      [...seen.views].flatMap(([cluster, view]) =>
        view.kind === "seen"
          ? [[cluster, { nodes: view.unreadyNodes, pods: view.unreadyPods }] as const]
          : [],
      ),
    ),
  };
}

function activeOf(states: ReadonlyMap<string, string>): readonly string[] {
  return [...states].flatMap(([unit, state]) => (state === "active" ? [unit] : []));
}
