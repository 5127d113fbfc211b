import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { createInterface } from "node:readline";
import ts from "typescript";
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from "vitest";
import { describeLock } from "../../../test/contract/lock-contract.js";
import { ROOT } from "../../../test/repository/root.js";
import { makeScratch } from "../../../test/run/incident-plan.js";
import { lockHolder, takeLock } from "./file-lock.js";
import { isRunning, ownIdentity } from "./process-identity.js";

const SOURCES = ["file-lock.ts", "durable-files.ts", "process-identity.ts"];
const compiled = makeScratch();

/** The lock as other processes run it: these files need no others of src/. */
beforeAll(() => {
  for (const name of SOURCES) {
    const text = readFileSync(join(ROOT, "src", "app", "run-store", name), "utf8");
    const compilerOptions = { module: ts.ModuleKind.ESNext, target: ts.ScriptTarget.ES2022 };
    const { outputText } = ts.transpileModule(text, { compilerOptions });
    writeFileSync(join(compiled.path, `${basename(name, ".ts")}.js`), outputText);
  }
  writeFileSync(join(compiled.path, "package.json"), '{"type":"module"}');
  writeFileSync(join(compiled.path, "die.js"), DIE);
  writeFileSync(join(compiled.path, "race.js"), RACE);
});
afterAll(compiled.remove);

/** Takes the lock of the folder and ends without letting go. */
const DIE = `import { takeLock } from "./file-lock.js";
const [, , folder, run] = process.argv;
if (takeLock(folder, run).kind !== "held") process.exit(1);
process.kill(process.pid, "SIGKILL");
`;

/** For each line, a folder: says at once whether it got that folder's lock. Holds all that it got until it ends. */
const RACE = `import { createInterface } from "node:readline";
import { takeLock } from "./file-lock.js";
const [, , run] = process.argv;
for await (const folder of createInterface({ input: process.stdin })) {
  const answer = takeLock(folder, run);
  process.stdout.write(answer.kind + "\\n");
}
`;

function takeAndDie(folder: string, run: string): void {
  const done = spawnSync(process.execPath, [join(compiled.path, "die.js"), folder, run], {
    encoding: "utf8",
  });
  if (done.signal !== "SIGKILL") throw new Error(`it did not die: ${done.stderr}`);
}

describeLock("a row of files", () => {
  const scratch = makeScratch();
  return {
    take: (run) => {
      const answer = takeLock(scratch.path, run);
      if (answer.kind === "held") return { kind: "held", release: answer.lock.release };
      if (answer.kind === "taken") return { kind: "taken", by: answer.holder.run };
      throw new Error(answer.file);
    },
    holder: () => lockHolder(scratch.path)?.run ?? null,
    takeAndDie: (run) => takeAndDie(scratch.path, run),
    remove: scratch.remove,
  };
});

class Racer {
  readonly #child: ChildProcess;
  readonly #answers: AsyncIterator<string>;

  constructor(run: string) {
    this.#child = spawn(process.execPath, [join(compiled.path, "race.js"), run], {
      stdio: ["pipe", "pipe", "inherit"],
    });
    const { stdout } = this.#child;
    if (stdout === null) throw new Error("no output");
    this.#answers = createInterface({ input: stdout })[Symbol.asyncIterator]();
  }

  start(folder: string): void {
    this.#child.stdin?.write(`${folder}\n`);
  }

  async answer(): Promise<string> {
    const next = await this.#answers.next();
    return next.done === true ? "ended" : next.value;
  }

  kill(): void {
    this.#child.kill("SIGKILL");
  }
}

const RACES = 100;
const RACERS = 4;

describe("Processes that want the same lock at once", () => {
  it.each([
    { name: "that nobody has", prepare: () => undefined },
    { name: "of a process that ended", prepare: (folder: string) => writeDeadLock(folder) },
  ])(
    `are told apart ${RACES} times: exactly one gets a lock $name`,
    async ({ prepare }) => {
      const scratch = makeScratch();
      const racers = Array.from({ length: RACERS }, (_, index) => new Racer(`run-${index}`));
      onTestFinished(() => {
        for (const racer of racers) racer.kill();
        scratch.remove();
      });
      const winners = new Map<number, number>();
      for (let race = 0; race < RACES; race += 1) {
        const folder = join(scratch.path, String(race));
        mkdirSync(folder);
        prepare(folder);
        for (const racer of racers) racer.start(folder);
        const answers = await Promise.all(racers.map((racer) => racer.answer()));
        expect(answers.filter((answer) => answer === "held")).toHaveLength(1);
        expect(answers.filter((answer) => answer === "taken")).toHaveLength(RACERS - 1);
        const winner = answers.indexOf("held");
        winners.set(winner, (winners.get(winner) ?? 0) + 1);
        expect(lockHolder(folder)?.run).toBe(`run-${winner}`);
      }
      // A race that always the same one wins is none.
      expect(winners.size).toBeGreaterThan(1);
    },
    120_000,
  );
});

/** As a process leaves it that had a number of today and ended: the start time is what tells it from another one. */
function writeDeadLock(folder: string): void {
  const dead = { ...ownIdentity(), startTime: "1", run: "dead" };
  writeFileSync(join(folder, "lock.7"), `${JSON.stringify(dead)}\n`);
}

describe("The holder of a lock", () => {
  it("is told apart from a later process with its number, and from one of an earlier boot", () => {
    const own = ownIdentity();
    expect(isRunning(own)).toBe("yes");
    expect(isRunning({ ...own, startTime: "1" })).toBe("no");
    expect(isRunning({ ...own, bootId: "00000000-0000-0000-0000-000000000000" })).toBe("no");
  });

  it("is believed to run where it cannot be seen: on another machine, or in another numbering of processes", () => {
    const own = ownIdentity();
    expect(isRunning({ ...own, machine: "elsewhere" })).toBe("unknown");
    expect(isRunning({ ...own, pidNamespace: "pid:[1]" })).toBe("unknown");
    const scratch = makeScratch();
    onTestFinished(scratch.remove);
    const holder = { ...own, machine: "elsewhere", run: "far" };
    writeFileSync(join(scratch.path, "lock.1"), JSON.stringify(holder));
    expect(takeLock(scratch.path, "near")).toEqual({
      kind: "taken",
      holder,
      isSeenRunning: false,
      file: join(scratch.path, "lock.1"),
    });
  });

  it("must be named by the file: one that says nothing is nobody's to take", () => {
    const scratch = makeScratch();
    onTestFinished(scratch.remove);
    for (const text of ["", "{}", '{"pid":1}', "null"]) {
      writeFileSync(join(scratch.path, "lock.3"), text);
      expect(takeLock(scratch.path, "run")).toEqual({
        kind: "unreadable",
        file: join(scratch.path, "lock.3"),
      });
      expect(lockHolder(scratch.path)).toBeNull();
    }
  });

  it("leaves a few files behind, however often the lock changes hands", () => {
    const scratch = makeScratch();
    onTestFinished(scratch.remove);
    for (let round = 0; round < 40; round += 1) {
      const answer = takeLock(scratch.path, "run");
      if (answer.kind === "held") answer.lock.release();
    }
    expect(readdirSync(scratch.path)).toHaveLength(17);
  });
});
