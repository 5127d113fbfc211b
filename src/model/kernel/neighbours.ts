import type { IPv4 } from "#ip/index.js";
import type { Neighbour } from "../host.js";
import type { LinkName } from "../identifiers.js";
import { type Draft, findLink, keep } from "./draft.js";
import { refuse } from "./messages.js";
import type { Refusal } from "./refusal.js";

/** `ip neigh replace` (net/core/neighbour.c, neigh_add). */
export function replaceNeighbour(draft: Draft, neighbour: Neighbour): Refusal | null {
  if (findLink(draft, neighbour.link) === null) return refuse.noSuchLink(neighbour.link);
  if (neighbour.mac === null && !neighbour.isProxy && NEEDS_MAC.has(neighbour.state))
    return refuse.neighbourWithoutMac();
  const at = draft.neighbours.findIndex((other) => isSameEntry(other, neighbour));
  draft.neighbours = at < 0 ? [...draft.neighbours, neighbour] : draft.neighbours.with(at, neighbour);
  return null;
}

/** NUD_VALID: states in which packets are sent to the entry's Ethernet address. */
const NEEDS_MAC: ReadonlySet<string> = new Set([
  "permanent",
  "noarp",
  "reachable",
  "probe",
  "stale",
  "delay",
]);

function isSameEntry(a: Neighbour, b: Pick<Neighbour, "link" | "ip" | "isProxy">): boolean {
  return a.link === b.link && a.ip === b.ip && a.isProxy === b.isProxy;
}

/** `ip neigh del`. */
export function deleteNeighbour(
  draft: Draft,
  key: { readonly link: LinkName; readonly ip: IPv4; readonly isProxy?: boolean },
): Refusal | null {
  if (findLink(draft, key.link) === null) return refuse.noSuchLink(key.link);
  const isProxy = key.isProxy ?? false;
  const kept = keep(draft.neighbours, (other) => !isSameEntry(other, { ...key, isProxy }));
  if (kept === draft.neighbours) return refuse.noSuchNeighbour();
  draft.neighbours = kept;
  return null;
}

/** `ip neigh flush`: permanent, noarp and proxy entries stay. */
export function flushNeighbours(draft: Draft, link: LinkName | null): Refusal | null {
  if (link !== null && findLink(draft, link) === null) return refuse.noSuchLink(link);
  draft.neighbours = keep(
    draft.neighbours,
    (entry) =>
      entry.isProxy ||
      entry.state === "permanent" ||
      entry.state === "noarp" ||
      (link !== null && entry.link !== link),
  );
  return null;
}
