import { type CheckResult, type RunProgram, show } from "#app/index.js";
import { describeBlastRadius, describeCheck, shortDigest, type TextStyle } from "#report/index.js";
import { orFail } from "../command-failure.js";
import { blastRadius, digestQuestion, planChanged, wrongDigest } from "./messages.js";
import type { Watch } from "./watch-run.js";

/** Which plan somebody agrees to, and where. */
export interface ConsentOptions {
  /** Of the plan file. */
  readonly path: string;
  /** Whether it was given beforehand, with `--yes`. */
  readonly isGiven: boolean;
  readonly watch: Pick<Watch, "ask" | "isInterrupted" | "progress">;
  readonly style: TextStyle;
}

/**
 * Asks whether a run may begin: shows the checks that were not fine, names what the plan reaches and has the beginning of its digest typed, so
 * that no habit of the fingers says yes to the wrong plan. An interrupt is a no.
 */
export function consent({
  path,
  isGiven,
  watch,
  style,
}: ConsentOptions): (program: RunProgram, checks: readonly CheckResult[]) => Promise<boolean> {
  return async (program, checks) => {
    const { progress } = watch;
    for (const line of checks.flatMap((check) => describeCheck(check, style))) progress.say(line);
    if (watch.isInterrupted()) return false;
    if (isGiven) return true;
    const { plan } = orFail(show(path));
    if (plan.digest !== program.planDigest) {
      progress.say(planChanged());
      return false;
    }
    const wanted = shortDigest(plan.digest);
    progress.say(blastRadius(describeBlastRadius(plan, program.hosts.length), plan.digest));
    const answer = await watch.ask(digestQuestion(wanted.length));
    const isMeant = answer?.replace(/^sha256:/, "").startsWith(wanted) === true;
    if (answer !== null && !isMeant) progress.say(wrongDigest());
    return isMeant;
  };
}
