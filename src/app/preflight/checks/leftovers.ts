import type { HostId } from "#model/index.js";
import { inParallel } from "#probe/index.js";
import type { HostRecord, HostStatus } from "#rollout/index.js";
import type { Check, Finding } from "../check.js";
import { failed, fine, warning } from "../finding.js";
import { say } from "../messages.js";

/** No host is claimed by another run, and none has a change that is not finished. */
export const leftovers: Check = {
  name: "leftovers",
  look: async ({ program, statusOf }) => {
    const found = await inParallel(program.hosts, 8, async (host): Promise<readonly Finding[]> => {
      const status = await statusOf(host);
      return status.ok ? judgeStatus(host, status.value, program.runId) : [];
    });
    const findings = found.flat();
    return findings.length === 0 ? [fine(say.clear)] : findings;
  },
};

function judgeStatus(host: HostId, { claim, records }: HostStatus, runId: string): readonly Finding[] {
  const isForeign = claim !== null && claim !== runId;
  return [
    ...(isForeign ? [failed(say.claimed(host, claim), say.claimedHint(host, claim))] : []),
    ...records.flatMap((record) => judgeRecord(host, record)),
  ];
}

function judgeRecord(host: HostId, { id, state, persisted }: HostRecord): readonly Finding[] {
  switch (state) {
    case "armed":
    case "switching":
    case "switched":
    case "reverting":
    case "failed":
      return [failed(say.leftover(host, id, state), say.leftoverHint(host, id))];
    case "confirmed":
      return persisted === "failed" ? [warning(say.unpersisted(host, id), say.leftoverHint(host, id))] : [];
    case "reverted":
      return [];
  }
}
