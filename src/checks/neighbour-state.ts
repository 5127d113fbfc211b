import type { Neighbour } from "#model/index.js";

/** Whether the kernel sends by this entry without asking first; include/net/neighbour.h, NUD_VALID. */
export function isInUse(entry: Neighbour): boolean {
  const isResolved = entry.state !== "failed" && entry.state !== "incomplete";
  return !entry.isProxy && entry.mac !== null && isResolved;
}
