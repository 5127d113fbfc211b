import { setTimeout as sleep } from "node:timers/promises";
import { labReboot } from "#lab/index.js";
import { type Bench, QUICK, type WrittenEntry } from "./bench.js";
import type { KnownFleet, Work } from "./floor.js";
import { afterDeadline, afterEnd, wholeOf } from "./judge.js";
import type { ControllerEnd, ControllerOrder } from "./kill-controller.js";

/** What came of one fault. */
export interface Trial {
  readonly what: string;
  /** What is not as promised; empty: all is. */
  readonly problems: readonly string[];
  /** What the fleet was when all was over. */
  readonly whole: "old" | "new" | "mixed";
  /** From the fault until nobody had anything to do any more. */
  readonly seconds: number;
}

/** So often whoever resumes begins anew where a host did not answer in time: an operator would, too. */
const MOST_RESUMES = 3;

/** Resumes until the run has ended, and judges the whole fleet by its journal. */
export async function resumeAndJudge(
  bench: Bench,
  { ends }: KnownFleet,
): Promise<{ readonly problems: readonly string[]; readonly whole: Trial["whole"] }> {
  let end: ControllerEnd | null = null;
  for (let tries = 0; tries < MOST_RESUMES; tries += 1) {
    end = await bench.resume();
    if (end.kind !== "ended" || end.outcome.kind !== "unknown") break;
  }
  const standing = await bench.standing(ends);
  return { problems: afterEnd(end, { standing, entries: bench.entries() }), whole: wholeOf(standing) };
}

/** The controller kills itself around the writing of an entry; somebody resumes. */
export function killedAndResumed(kill: NonNullable<ControllerOrder["kill"]>): Work<Trial> {
  return async (bench, known) => {
    const what = `${known.fleet.name}: killed ${kill.when} entry ${kill.entry}, resumed`;
    const end = await bench.apply({ kill });
    const struck = performance.now();
    const { problems, whole } = await resumeAndJudge(bench, known);
    return { what, whole, problems: [...diedOf(end), ...problems], seconds: since(struck) };
  };
}

/** The same, and nobody comes back before the deadline and two seconds are over; who comes then finds a run that can be ended. */
export function killedAndLeft(kill: NonNullable<ControllerOrder["kill"]>): Work<Trial> {
  return async (bench, known) => {
    const what = `${known.fleet.name}: killed ${kill.when} entry ${kill.entry}, left alone`;
    const end = await bench.apply({ kill });
    const left = await leaveAlone(bench, known);
    const { problems } = await resumeAndJudge(bench, known);
    const late = problems.map((problem) => `resumed late: ${problem}`);
    return { what, ...left, problems: [...diedOf(end), ...left.problems, ...late] };
  };
}

async function leaveAlone(bench: Bench, { ends }: KnownFleet): Promise<Omit<Trial, "what">> {
  const struck = performance.now();
  await sleep((QUICK.deadlineSeconds + 2) * 1000);
  const standing = await bench.standing(ends);
  return {
    problems: afterDeadline(standing, bench.entries()),
    whole: wholeOf(standing),
    seconds: since(struck),
  };
}

/** The controller is killed from outside so long after its start; somebody resumes, or nobody comes for a while. */
export function killedAt(afterMs: number, isResumedAtOnce: boolean): Work<Trial> {
  return async (bench, known) => {
    const controller = bench.startApply();
    await Promise.race([sleep(afterMs), controller.end]);
    controller.kill();
    await controller.end;
    const struck = performance.now();
    const left = isResumedAtOnce ? null : await leaveAlone(bench, known);
    const { problems, whole } = await resumeAndJudge(bench, known);
    const what = `${known.fleet.name}: killed after ${afterMs} ms, entry ${bench.entries().length}`;
    return { what, whole, problems: [...(left?.problems ?? []), ...problems], seconds: since(struck) };
  };
}

/** Two operators begin at the same moment, on one machine or on two. */
export function race(isOneMachine: boolean): Work<Trial> {
  return async (bench, { fleet, ends }) => {
    const begun = performance.now();
    const other = isOneMachine ? bench.stateFolder : `${bench.stateFolder}-other`;
    const both = await Promise.all([bench.sayApply(), bench.sayApply([], other)]);
    const standing = await bench.standing(ends);
    const codes = both.map(({ code }) => code).sort();
    const runs = new Set([...standing.values()].flatMap(({ records }) => records.map(({ id }) => id)));
    // From another machine the winner's claim may be found before the run, by a check, or when the hosts are claimed.
    const isOneOfTwo = codes.join(" ") === "0 6" || (!isOneMachine && codes.join(" ") === "0 3");
    const problems = [
      ...(isOneOfTwo ? [] : [`exit codes ${codes.join(" ")}: ${both.map(({ text }) => text)}`]),
      ...(runs.size === fleet.phases ? [] : [`records of ${[...runs].join(" ")}`]),
      ...(wholeOf(standing) === "new" ? [] : ["not all new"]),
    ];
    const what = `${fleet.name}: a race on ${isOneMachine ? "one machine" : "two machines"}`;
    return { what, problems, whole: wholeOf(standing), seconds: since(begun) };
  };
}

/** Entries of a journal behind which something is done to a host. */
export type Moment = "armed" | "switched" | "decided";

/** Whether an entry is that moment of the first phase. */
export function isMoment(moment: Moment): (entry: WrittenEntry) => boolean {
  switch (moment) {
    case "armed":
      return ({ kind, verb }) => kind === "result" && verb === "arm";
    case "switched":
      return ({ kind, verb }) => kind === "result" && verb === "switch";
    case "decided":
      return ({ kind, decision }) => kind === "decision" && decision === "confirm";
  }
}

/** The number of the first entry that is that moment, as in the clean run. */
export function numberOf({ entries }: KnownFleet, moment: Moment): number {
  const found = entries.find(isMoment(moment));
  if (found === undefined) throw new Error(`expected an entry for ${moment} in the journal of the clean run`);
  return found.seq;
}

/** A host boots inside its window, its controller dead: it comes up old, and somebody resumes. */
export function rebooted(host: string, moment: Moment): Work<Trial> {
  return async (bench, known) => {
    const { fleet, ends } = known;
    const end = await bench.apply({ kill: { entry: numberOf(known, moment), when: "after" } });
    const struck = performance.now();
    await labReboot(bench.lab, host);
    const up = await bench.standingOf(host, ends);
    const wrong = up.state === "old" ? [] : [`came up ${up.state}: ${up.facts}`];
    const { problems, whole } = await resumeAndJudge(bench, known);
    const what = `${fleet.name}: ${host} rebooted when ${moment}`;
    return { what, whole, problems: [...diedOf(end), ...wrong, ...problems], seconds: since(struck) };
  };
}

/** A host boots inside its window while the controller works on: it comes up old, and all is taken back. */
export function rebootedUnderWay(host: string, moment: Moment): Work<Trial> {
  return async (bench, known) => {
    const { fleet, ends } = known;
    const controller = bench.startApply();
    const seen = await bench.awaitEntry(isMoment(moment));
    const struck = performance.now();
    await labReboot(bench.lab, host);
    const up = await bench.standingOf(host, ends);
    const end = await controller.end;
    const standing = await bench.standing(ends);
    const problems = [
      ...(seen === null ? ["the moment never came"] : []),
      ...(up.state === "old" ? [] : [`came up ${up.state}: ${up.facts}`]),
      ...afterEnd(end, { standing, entries: bench.entries() }),
    ];
    const what = `${fleet.name}: ${host} rebooted when ${moment}, controller alive`;
    return { what, problems, whole: wholeOf(standing), seconds: since(struck) };
  };
}

function diedOf(end: ControllerEnd): readonly string[] {
  return end.kind === "killed" ? [] : [`expected a killed controller, found ${JSON.stringify(end)}`];
}

/** Seconds since then. */
export function since(begun: number): number {
  return (performance.now() - begun) / 1000;
}
