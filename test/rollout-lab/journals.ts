import { readFileSync, writeFileSync } from "node:fs";
import type { Bench } from "./bench.js";
import { numberOf, resumeAndJudge, since, type Trial } from "./faults.js";
import type { Work } from "./floor.js";
import { wholeOf } from "./judge.js";

/** A journal that is not as its controller left it. */
export interface Damage {
  readonly what: string;
  /** Gives the lines as they are found. */
  readonly done: (lines: readonly string[]) => string;
  /** What `resume` must say; it must change nothing. */
  readonly said: RegExp;
  readonly code: number;
}

const ALTERED = 7;
const REFUSED = 3;

const text = (lines: readonly string[]): string => lines.map((line) => `${line}\n`).join("");

function edited(lines: readonly string[], number: number, edit: (line: string) => string): string {
  return text(lines.map((line, index) => (index === number - 1 ? edit(line) : line)));
}

/** Of a run of the one-phase plan that was left when its hosts had switched; each with the entry that is named. */
export const DAMAGES: readonly Damage[] = [
  {
    what: "torn in the middle of its last line",
    done: (lines) => text(lines).slice(0, -20),
    said: /Entry \d+: expected a whole line, found \d+ bytes without a line feed/,
    code: ALTERED,
  },
  {
    what: "a letter is another one",
    done: (lines) => edited(lines, 9, (line) => line.replace("health-before", "health-behind")),
    said: /Entry 9: expected `hash` `[0-9a-f]{12}` for what the line says, found `[0-9a-f]{12}`\. The line was edited\./,
    code: ALTERED,
  },
  {
    what: "a number is another one",
    done: (lines) =>
      edited(lines, 1, (line) => line.replace('"deadlineSeconds":42', '"deadlineSeconds":9000')),
    said: /Entry 1: expected `hash`/,
    code: ALTERED,
  },
  {
    what: "two lines have changed places",
    done: (lines) => text([...lines.slice(0, 10), lines[11] ?? "", lines[10] ?? "", ...lines.slice(12)]),
    said: /Entry 11: expected `seq` 11, found 12\. Lines are missing here, or in another order\./,
    code: ALTERED,
  },
  {
    what: "a line is missing in the middle",
    done: (lines) => text([...lines.slice(0, 7), ...lines.slice(8)]),
    said: /Entry 8: expected `seq` 8, found 9\. Lines are missing here, or in another order\./,
    code: ALTERED,
  },
  {
    what: "the beginning is missing",
    done: (lines) => text(lines.slice(1)),
    said: /Entry 1: expected `seq` 1, found 2\./,
    code: ALTERED,
  },
  {
    what: "a line is there twice",
    done: (lines) => text([...lines.slice(0, 12), lines[11] ?? "", ...lines.slice(12)]),
    said: /Entry 13: found the line of entry 12 a second time\./,
    code: ALTERED,
  },
  {
    what: "no line of it is JSON any more",
    done: (lines) => edited(lines, 5, () => "gone"),
    said: /Entry 5: expected one JSON object on the line, found `gone`\./,
    code: ALTERED,
  },
  {
    what: "it is empty",
    done: () => "",
    said: /expected the beginning of a run, found an empty journal/,
    code: ALTERED,
  },
  {
    what: "its last lines are missing: only the hosts know",
    done: (lines) => text(lines.slice(0, 10)),
    said: /-p1/,
    code: REFUSED,
  },
];

/** A run is left in the middle, its journal damaged; `resume` refuses it and changes nothing. The journal as it was is carried on. */
export function damagedJournal({ what, done, said, code }: Damage): Work<Trial> {
  return async (bench, known) => {
    await bench.apply({ kill: { entry: numberOf(known, "switched"), when: "after" } });
    const begun = performance.now();
    const file = bench.journalFile();
    const whole = readFileSync(file, "utf8");
    const damaged = done(whole.split("\n").slice(0, -1));
    writeFileSync(file, damaged);
    const before = await records(bench);
    const answer = await bench.say("resume", ["--lab", bench.lab]);
    const problems = [
      ...(answer.code === code ? [] : [`exit code ${answer.code}, expected ${code}`]),
      ...(said.test(answer.text) ? [] : [`said ${answer.text}`]),
      ...(readFileSync(file, "utf8") === damaged ? [] : ["the journal was written to"]),
      ...((await records(bench)) === before ? [] : ["hosts were told something"]),
    ];
    writeFileSync(file, whole);
    const resumed = await resumeAndJudge(bench, known);
    return {
      what: `${known.fleet.name}: a journal, ${what}`,
      problems: [...problems, ...resumed.problems],
      whole: wholeOf(await bench.standing(known.ends)),
      seconds: since(begun),
    };
  };
}

/** State of each record of each host, without the time that is left. */
async function records(bench: Bench): Promise<string> {
  const all = await Promise.all(bench.fleet.hosts.map((host) => bench.statusOf(host)));
  return all.map((status) => status.replace(/^uptime .*$/gm, "").replace(/ left \S+/g, "")).join("\n");
}
