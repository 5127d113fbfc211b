import type { HostId, Snapshot } from "#model/index.js";
import { findMisfits } from "../run/live-fit.js";
import type { TwinState } from "./rehearsal.js";

/** The two ends of a plan. */
export interface PlanEnds {
  readonly before: Snapshot;
  readonly after: Snapshot;
}

/**
 * Which of its two ends a twin is at.
 *
 * @param live What its hosts have now.
 * @param absent Hosts without power: they are judged when they are back.
 */
export function judgeTwin(live: Snapshot, { before, after }: PlanEnds, absent: readonly HostId[]): TwinState {
  const gone = new Set(absent);
  const powered = (state: Snapshot): Snapshot => ({
    ...state,
    hosts: new Map([...state.hosts].filter(([id]) => !gone.has(id))),
  });
  const fromOld = findMisfits(live, powered(before), NONE);
  if (fromOld.length === 0) return { whole: "old", strange: [], absent };
  const fromNew = findMisfits(live, powered(after), NONE);
  if (fromNew.length === 0) return { whole: "new", strange: [], absent };
  const isNotNew = new Set(fromNew.map(({ host }) => host));
  return { whole: "neither", strange: fromOld.filter(({ host }) => isNotNew.has(host)), absent };
}

/** In a twin no virtual address moves: nobody is there who moves it. */
const NONE: ReadonlySet<never> = new Set();
