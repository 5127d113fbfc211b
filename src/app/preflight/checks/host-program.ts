import { inParallel } from "#probe/index.js";
import type { Check, Finding } from "../check.js";
import { failed, fine } from "../finding.js";
import { say } from "../messages.js";

/** The host program can be installed and answers: its folder can be written to, and what it needs is there. */
export const hostProgram: Check = {
  name: "host-program",
  look: async ({ program, statusOf }) => {
    const found = await inParallel(program.hosts, 8, async (host): Promise<readonly Finding[]> => {
      const status = await statusOf(host);
      return status.ok ? [] : [failed(say.noProgram(host, status.error), say.noProgramHint)];
    });
    const findings = found.flat();
    return findings.length === 0 ? [fine(say.program(program.hosts.length))] : findings;
  },
};

/** Boot ids and monotonic clocks can be read, and the clocks go forward. */
export const bootIds: Check = {
  name: "boot-id",
  look: async ({ program, statusOf }) => {
    const found = await inParallel(program.hosts, 8, async (host): Promise<readonly Finding[]> => {
      const first = await statusOf(host);
      const second = await statusOf(host);
      // A host that does not answer has failed the check of the host program already.
      if (!first.ok || !second.ok) return [];
      const isBoot = first.value.bootId !== "" && first.value.bootId === second.value.bootId;
      const isForward =
        first.value.uptimeSeconds > 0 && second.value.uptimeSeconds >= first.value.uptimeSeconds;
      return isBoot && isForward ? [] : [failed(say.noClocks(host), say.noClocksHint)];
    });
    const findings = found.flat();
    return findings.length === 0 ? [fine(say.clocks)] : findings;
  },
};
