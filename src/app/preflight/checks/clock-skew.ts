import { askHost, inParallel } from "#probe/index.js";
import type { Check, Finding } from "../check.js";
import { fine, warning } from "../finding.js";
import { say } from "../messages.js";

const TOLERATED_SECONDS = 5;
const CLOCK_MS = 10_000;

/** The clocks of hosts and of this machine agree. Nothing is decided by them; people read logs by them. */
export const clockSkew: Check = {
  name: "clock-skew",
  look: async ({ program, sessionOf, nowMs }) => {
    const found = await inParallel(program.hosts, 8, async (host): Promise<readonly Finding[]> => {
      const before = nowMs();
      const answer = await askHost(sessionOf, host, { script: "date +%s", words: [], timeoutMs: CLOCK_MS });
      if (!answer.ok) return [warning(say.noClock(host, answer.error), "")];
      const seconds = skewSeconds(Number(answer.value.stdout.trim()), before, nowMs());
      return seconds > TOLERATED_SECONDS ? [warning(say.skew(host, seconds), say.skewHint)] : [];
    });
    const findings = found.flat();
    return findings.length === 0 ? [fine(say.noSkew)] : findings;
  },
};

/** How far a clock is off the interval in which it was read, in whole seconds; a text that is no number is as far as can be. */
export function skewSeconds(clock: number, fromMs: number, toMs: number): number {
  if (Number.isNaN(clock)) return Number.MAX_SAFE_INTEGER;
  const early = fromMs / 1000 - (clock + 1);
  const late = clock - toMs / 1000;
  return Math.max(0, Math.ceil(early), Math.ceil(late));
}
