import type { FleetClasses, StagedHost } from "#dataplane/index.js";
import type { AlikeHosts } from "./rate-flows.js";

/**
 * Which hosts of a phase are alike, from what is known of the whole change: hosts that are alike in all their stages are so in the same
 * part of them. null where a host of the phase has stages that the change does not have.
 */
export function classesOfPhase(
  { staged, classes }: AlikeHosts,
  hosts: readonly StagedHost[],
): FleetClasses | null {
  if (hosts.length !== staged.length) return null;
  const names: string[] = [];
  for (const [index, host] of hosts.entries()) {
    const part = partOf(staged[index], host);
    if (part === null) return null;
    names.push(`${classes.names[index]} ${part}`);
  }
  return { names, homes: classes.homes };
}

/** From which of its stages to which one a host goes, and in which of them phases began; null where they are not its stages. */
function partOf(whole: StagedHost | undefined, { id, stages, way }: StagedHost): string | null {
  const [first] = stages;
  if (whole === undefined || whole.id !== id || first === undefined) return null;
  const from = way?.left.length ?? whole.stages.indexOf(first);
  const isPart = stages.every((stage, index) => whole.stages[from + index] === stage);
  return isPart ? `${from}-${from + stages.length} ${way?.starts.join() ?? ""}` : null;
}
