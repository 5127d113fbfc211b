import { planSnapshots } from "#app/index.js";
import { findChanges } from "#plan/index.js";

/**
 * Plans a change and proves it. `difference` is the time to find the operations and stages of each host; `plan` is that of everything, of
 * snapshots that are there already; `proof` is what is left: the flows at both ends, the classes, all states of all phases, and what each
 * gate expects.
 *
 * @param {{ readonly before: import("#model/index.js").Snapshot, readonly after: import("#model/index.js").Snapshot }} ends
 */
export function timePlan({ before, after }) {
  const start = performance.now();
  findChanges(before, after);
  const difference = performance.now() - start;
  const again = performance.now();
  const outcome = planSnapshots({ before, after, clusters: [], invariants: [], strategies: ["live"] });
  const plan = performance.now() - again;
  const phases = outcome.kind === "proved" ? outcome.phases : [];
  return {
    result: outcome.kind,
    hosts: before.hosts.size,
    phases: phases.length,
    stateDigits: Math.max(0, ...phases.map(({ effort }) => effort.states.length)),
    flows: phases[0]?.effort.flows ?? 0,
    classes: phases[0]?.effort.classes ?? 0,
    walks: phases.reduce((sum, { effort }) => sum + effort.walks, 0),
    times: { difference, proof: Math.max(0, plan - difference), plan },
  };
}
