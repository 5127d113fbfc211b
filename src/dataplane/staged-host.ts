import type { Host, HostId } from "#model/index.js";
import type { Way } from "./ages.js";

/** One host with the states that it may be in: one for a snapshot, several while a change is under way. */
export interface StagedHost {
  readonly id: HostId;
  /** At least one. */
  readonly stages: readonly Host[];
  /** How it came to them; without it nobody remembers anything of it. */
  readonly way?: Way;
}

/** The stages that it has left, the oldest first, and those that it may be in. */
export function everyStage({ stages, way }: StagedHost): readonly Host[] {
  return way === undefined || way.left.length === 0 ? stages : [...way.left, ...stages];
}
