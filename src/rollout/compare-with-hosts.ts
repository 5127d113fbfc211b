import type { HostId } from "#model/index.js";
import type { HostRecord, HostStatus } from "./host-record.js";
import { messages } from "./messages.js";
import { claimedHosts, type HostWords, type Standing } from "./where-it-stood.js";

/**
 * Whether a host contradicts the journal: it knows what the journal never announced, or does not know any more what the journal never put
 * away. A journal that was cut between two lines, or is an old copy, shows in nothing else. Deeds by hand at a console show here, too.
 *
 * @returns null where all fits; else what does not, in words.
 */
export function contradiction(standing: Standing, host: HostId, status: HostStatus): string | null {
  const { runId } = standing.program;
  const words = new Map(
    standing.records.flatMap(({ id, hosts }) => {
      const said = hosts.get(host);
      return said === undefined ? [] : [[id, said] as const];
    }),
  );
  const known = status.records.filter(({ id }) => id.startsWith(`${runId}-`));
  return (
    notClaimed(standing, host, status) ??
    known.map((record) => unannounced(host, record, words.get(record.id))).find(isSaid) ??
    (isGivenBack(standing, host)
      ? null
      : [...words].map(([id, said]) => vanished(host, { id, said, known })).find(isSaid)) ??
    null
  );
}

function isSaid(problem: string | null): problem is string {
  return problem !== null;
}

function notClaimed(standing: Standing, host: HostId, { claim }: HostStatus): string | null {
  const words = standing.claims.get(host);
  const isHeld = words?.get("claim") === "done" && words.get("unclaim") === undefined;
  if (isHeld && claim !== standing.program.runId) return messages.claimGone(host, claim);
  const isKnown = claimedHosts(standing).includes(host) || words?.get("unclaim") !== undefined;
  return claim === standing.program.runId && !isKnown && words?.get("claim") === undefined
    ? messages.claimUnannounced(host)
    : null;
}

function unannounced(host: HostId, record: HostRecord, words: HostWords | undefined): string | null {
  if (words?.get("arm") === undefined) return messages.recordUnannounced(host, record.id);
  const isConfirmed = record.state === "confirmed" && words.get("confirm") === undefined;
  return isConfirmed ? messages.confirmUnannounced(host, record.id) : null;
}

/** Whoever claims a host that may have been given back puts the records of finished runs away. */
function isGivenBack({ claims }: Standing, host: HostId): boolean {
  return claims.get(host)?.get("unclaim") !== undefined;
}

interface Kept {
  readonly id: string;
  readonly said: HostWords;
  readonly known: readonly HostRecord[];
}

function vanished(host: HostId, { id, said, known }: Kept): string | null {
  const isThere = known.some((record) => record.id === id);
  const mustBe = said.get("arm") === "done" && said.get("release") === undefined;
  return mustBe && !isThere ? messages.recordVanished(host, id) : null;
}
