import type { Cluster } from "#model/index.js";
import type { HealthReading } from "#rollout/index.js";
import type { HealthBaseline } from "./baseline.js";
import type { KubernetesView } from "./kubernetes.js";
import { named, say } from "./messages.js";

/**
 * Whether nodes and pods are as they were. What was not well before does not count; a pod of a new name counts, because it may stand in for
 * one that ran. Where kubectl did not answer before, or nobody has one, the cluster is not judged by it.
 */
export function judgeKubernetes(
  cluster: Cluster,
  view: KubernetesView,
  baseline: HealthBaseline | null,
): HealthReading {
  const before = baseline?.kubernetes[cluster.name];
  if (baseline !== null && before === undefined) return { kind: "healthy" };
  switch (view.kind) {
    case "absent":
      return before === undefined
        ? { kind: "healthy" }
        : { kind: "not-measured", why: say.apiServer(cluster.name, "there is no kubectl any more") };
    case "not-measured":
      return { kind: "not-measured", why: say.apiServer(cluster.name, view.why) };
    case "seen":
      break;
  }
  const nodes = view.unreadyNodes.filter((name) => before?.nodes.includes(name) !== true);
  // Without a baseline nobody knows which pods ran before.
  const pods = before === undefined ? [] : view.unreadyPods.filter((name) => !before.pods.includes(name));
  const what = [
    ...(nodes.length === 0 ? [] : [say.nodes(cluster.name, named(nodes))]),
    ...(pods.length === 0 ? [] : [say.pods(cluster.name, named(pods))]),
  ];
  return what.length === 0 ? { kind: "healthy" } : { kind: "unhealthy", what };
}
