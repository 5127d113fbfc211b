import { existsSync, readFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { HostAnswer, HostCommand, HostSession } from "#rollout/index.js";
import type { Reach } from "#transport/index.js";

/** A reach and a host that it has; its processes can be seen in `/proc` of this machine. */
export interface SessionCase {
  readonly name: string;
  readonly host: HostSession["host"];
  /** Called once; the suite closes it. */
  readonly reach: () => Reach;
}

type Words = HostCommand["words"];

const ENOUGH_MS = 60_000;
const PRINTABLE = Array.from({ length: 95 }, (_, index) => String.fromCharCode(32 + index)).join("");
const CONTROLS = Array.from({ length: 31 }, (_, index) => String.fromCharCode(1 + index)).join("");
/** Latin-1, the halves of UTF-8 that shells use for themselves, other scripts, signs beyond the first plane. */
const BEYOND = `\u007f${Array.from({ length: 128 }, (_, index) => String.fromCharCode(128 + index)).join("")}äß→中\u{1f600}\u{10ffff}`;
const ALL = `${PRINTABLE}${CONTROLS}${BEYOND}`;

const HOSTILE: readonly (readonly [string, string])[] = [
  ["nothing", ""],
  ["a command substitution", "$(touch /tmp/tr-hostile)"],
  ["backquotes", "`touch /tmp/tr-hostile`"],
  ["single quotes", "'; touch /tmp/tr-hostile; '"],
  ["quotes of both kinds", `'"'"'`],
  ["a backslash at the end", "a\\"],
  ["newlines", "a\nb\n\nc\n"],
  ["an option", "-rf"],
  ["two dashes", "--"],
  ["the end of a list", "a; touch /tmp/tr-hostile; b && c || d & e"],
  ["globs", "* ? [a-z] ~ {a,b}"],
  // biome-ignore lint/suspicious/noTemplateCurlyInString: it is meant for the shell.
  ["variables", "$HOME ${PATH} $1 $$"],
  ["redirections", "a > /tmp/tr-hostile < b 2>&1"],
  ["a comment", "# a"],
  ["blanks", " \t  a  \t "],
  ["percent signs", "%s %d %%h %n\\n"],
  ["the end of a here-document", "EOF\nEND\n"],
  ["all of the characters", ALL],
  ["100 KiB", "0123456789abcdef".repeat(6400)],
];

/** What holds for the sessions of every reach. */
export function describeSession(given: SessionCase): void {
  describe(`a session ${given.name}`, { timeout: 120_000 }, () => {
    let reach: Reach;
    let session: HostSession;

    const open = async (purpose: "probe" | "change" = "probe"): Promise<HostSession> => {
      const opened = await reach.open(given.host, purpose);
      if (!opened.ok) throw new Error(`${opened.error.why} ${opened.error.hint}`);
      return opened.value;
    };
    const run = (words: Words, more: Partial<HostCommand> = {}): Promise<HostAnswer> =>
      session.run({ words, timeoutMs: ENOUGH_MS, ...more });
    const sh = (script: string, more: Partial<HostCommand> = {}): Promise<HostAnswer> =>
      run(["sh", "-c", script], more);

    beforeAll(async () => {
      reach = given.reach();
      session = await open();
    });
    afterAll(async () => {
      await reach.close();
    });

    it.each([0, 1, 3, 64, 126, 255])("answers with the exit code %i", async (code) => {
      expect(await sh(`exit ${code}`)).toEqual({ kind: "ended", code, stdout: "", stderr: "" });
    });

    it("answers 127 for a program that is not there, and never takes it for a word of the shell", async () => {
      expect(await run(["tr-no-such-program"])).toMatchObject({ kind: "ended", code: 127, stdout: "" });
      for (const word of ["exit", "pm_do", "exec", "for", "A=1", "", "{", "!"])
        expect(await run([word, "0"]), word).toMatchObject({ kind: "ended", stdout: "" });
      expect(await run(["echo", "still here"])).toMatchObject({ code: 0, stdout: "still here\n" });
    });

    it("answers 128 and the signal for a command that was killed", async () => {
      expect(await sh("kill -KILL $$")).toEqual({ kind: "ended", code: 137, stdout: "", stderr: "" });
    });

    it("keeps standard output and standard error apart, with and without a newline at the end", async () => {
      expect(await sh("printf out; printf err >&2; exit 2")).toEqual({
        kind: "ended",
        code: 2,
        stdout: "out",
        stderr: "err",
      });
      expect(await sh("printf 'a\\n\\n'; printf '\\n\\nb' >&2")).toMatchObject({
        stdout: "a\n\n",
        stderr: "\n\nb",
      });
    });

    it.each(HOSTILE)("hands %s over as one word", async (_, word) => {
      expect(await run(["printf", "%s|%s", word, "next"])).toEqual({
        kind: "ended",
        code: 0,
        stdout: `${word}|next`,
        stderr: "",
      });
      expect(existsSync("/tmp/tr-hostile")).toBe(false);
    });

    it.each(HOSTILE)("hands %s over as input, to the byte", async (_, input) => {
      expect(await run(["cat"], { input })).toEqual({ kind: "ended", code: 0, stdout: input, stderr: "" });
      expect(existsSync("/tmp/tr-hostile")).toBe(false);
    });

    it("hands NUL over as input, and refuses it in words without sending anything", async () => {
      expect(await run(["od", "-An", "-tx1"], { input: "\0a\0\0b" })).toMatchObject({
        stdout: " 00 61 00 00 62\n",
      });
      expect(await run(["printf", "a\0b"])).toEqual({
        kind: "unreachable",
        why: "Expected words without NUL, which no argument can hold, found one. Nothing was sent.",
      });
    });

    it("carries 10 MB each way", async () => {
      const input = `${"0123456789abcdefghijklmnopqrstuvwxyz'\\\n".repeat(260_000)}end`;
      const answer = await run(["cat"], { input });
      expect(answer.kind === "ended" && answer.stdout === input).toBe(true);
      const large = await sh(
        "head -c 10000000 /dev/zero | tr '\\0' x; head -c 1000000 /dev/zero | tr '\\0' y >&2",
      );
      expect(large.kind === "ended" && [large.stdout.length, large.stderr.length]).toEqual([1e7, 1e6]);
    });

    it("is lost rather than hold more than 64 MiB of output", async () => {
      const change = await open("change");
      const words: Words = ["head", "-c", "70000000", "/dev/zero"];
      const why =
        "Expected at most 64 MiB of output, found more; the session was closed and the command may still run.";
      expect(await change.run({ words, timeoutMs: ENOUGH_MS })).toEqual({ kind: "lost", why });
      expect(await change.run({ words: ["true"], timeoutMs: ENOUGH_MS })).toEqual({
        kind: "unreachable",
        why,
      });
    });

    it("does not take a look-alike of its marks for the end", async () => {
      const lookAlike = `\npm-${"0".repeat(32)}>0\n\npm-${"f".repeat(32)}<\n`;
      expect(await run(["printf", "%s", lookAlike])).toMatchObject({ code: 0, stdout: lookAlike });
    });

    it("gives a command without input the end of its input at once", async () => {
      expect(await run(["cat"])).toEqual({ kind: "ended", code: 0, stdout: "", stderr: "" });
    });

    it("goes on after a command that closes its input before it has been read", async () => {
      const input = "x".repeat(1_000_000);
      expect(await sh("exec 0<&-; echo done", { input })).toEqual({
        kind: "ended",
        code: 0,
        stdout: "done\n",
        stderr: "",
      });
      expect(await run(["cat"], { input: "next" })).toMatchObject({ stdout: "next" });
    });

    it("lets no command read what belongs to the next one", async () => {
      const greedy = run(["cat"]);
      const other = sh("cat; cat; read x; echo $?", { input: "mine" });
      const next = run(["echo", "mine too"]);
      expect(await greedy).toMatchObject({ stdout: "" });
      expect(await other).toMatchObject({ stdout: "mine1\n" });
      expect(await next).toMatchObject({ stdout: "mine too\n" });
    });

    it("runs commands in the order in which they were asked for", async () => {
      const answers = await Promise.all(
        [0.3, 0, 0.1, 0, 0].map((delay, index) => sh(`sleep ${delay}; date +%s%N; echo ${index}`)),
      );
      const said = answers.map((answer) => (answer.kind === "ended" ? answer.stdout.split("\n") : []));
      expect(said.map(([, index]) => index)).toEqual(["0", "1", "2", "3", "4"]);
      const times = said.map(([time]) => Number(time));
      expect(times).toEqual(times.toSorted((a, b) => a - b));
    });

    it("drops what a process that was left behind prints between two commands", async () => {
      expect(await sh("(sleep 0.2; echo late; echo late >&2) & exit 0")).toMatchObject({
        stdout: "",
        stderr: "",
      });
      await sleep(400);
      expect(await run(["echo", "mine"])).toEqual({ kind: "ended", code: 0, stdout: "mine\n", stderr: "" });
    });

    it("ends a command that takes too long with all its children, and goes on", async () => {
      const pids: number[] = [];
      const started = performance.now();
      const nested =
        "sleep 321 & echo $! >&3; sh -c 'sleep 322 & echo $! >&3; wait' & echo $! >&3; echo $$ >&3; wait";
      const file = `/tmp/tr-pids-${process.pid}-${Math.floor(started)}`;
      try {
        const answer = await sh(`trap '' TERM HUP INT; exec 3>${file}; ${nested}`, { timeoutMs: 700 });
        expect(answer).toEqual({ kind: "timed-out", afterMs: 700 });
        pids.push(...(await pidsIn(session, file)));
      } finally {
        await session.run({ words: ["rm", "-f", file], timeoutMs: ENOUGH_MS });
      }
      expect(pids).toHaveLength(4);
      expect(await livingOf(pids)).toEqual([]);
      expect(performance.now() - started).toBeLessThan(10_000);
      expect(await run(["echo", "on"])).toMatchObject({ stdout: "on\n" });
    });

    it("counts the time of a command from its own start", async () => {
      const [long, short] = [sh("sleep 0.8"), sh("sleep 0.2", { timeoutMs: 700 })];
      expect([(await long).kind, (await short).kind]).toEqual(["ended", "ended"]);
    });

    it("gives the same probe session while it lives, and a change session of its own each time", async () => {
      expect(await open()).toBe(session);
      const [one, two] = [await open("change"), await open("change")];
      expect(one).not.toBe(two);
      await Promise.all([one.close(), two.close()]);
      expect(await run(["echo", "on"])).toMatchObject({ stdout: "on\n" });
    });

    it("is root in a change session", async () => {
      const change = await open("change");
      expect(await change.run({ words: ["id", "-u"], timeoutMs: ENOUGH_MS })).toMatchObject({
        stdout: "0\n",
      });
      await change.close();
    });

    it("answers what runs with lost and what waits with unreachable when its shell is killed, and opens anew", async () => {
      const shell = await shellPid(session);
      const running = sh("sleep 2");
      const waiting = run(["echo", "never"]);
      await sleep(300);
      killWithChildren(shell);
      expect(await running).toMatchObject({ kind: "lost" });
      expect(await waiting).toMatchObject({ kind: "unreachable" });
      expect(await run(["echo", "never"])).toMatchObject({ kind: "unreachable" });
      const anew = await open();
      expect(anew).not.toBe(session);
      session = anew;
      expect(await run(["echo", "on"])).toMatchObject({ stdout: "on\n" });
    });

    it("leaves no process when it is closed, also not of a command that runs; closing again does nothing", async () => {
      const closing = await open("change");
      const shell = await shellPid(closing);
      const file = `/tmp/tr-pids-${process.pid}-${shell}`;
      const words: Words = ["sh", "-c", 'sleep 323 & echo $! $$ >"$1"; wait', "sh", file];
      const running = closing.run({ words, timeoutMs: ENOUGH_MS });
      await sleep(500);
      const pids = await pidsIn(session, file);
      expect(pids).toHaveLength(2);
      await Promise.all([closing.close(), closing.close()]);
      expect(await running).toEqual({
        kind: "lost",
        why: "The session was closed before the answer was whole.",
      });
      await closing.close();
      await run(["rm", "-f", file]);
      expect(await livingOf([shell, ...pids])).toEqual([]);
      expect(await closing.run({ words: ["true"], timeoutMs: 1000 })).toMatchObject({ kind: "unreachable" });
    });
  });
}

/** The shell of a session: the parent of the subshell that is the parent of a command. */
export async function shellPid(session: HostSession): Promise<number> {
  const words: Words = ["sh", "-c", 'sed -n "s/^PPid:[^0-9]*//p" /proc/$PPID/status'];
  const answer = await session.run({ words, timeoutMs: ENOUGH_MS });
  if (answer.kind !== "ended" || answer.code !== 0) throw new Error(`The session answered ${answer.kind}.`);
  return Number(answer.stdout);
}

/** The shell and the subshell in which it runs a command; the command itself has a session of its own and goes on. */
function killWithChildren(shell: number): void {
  const children = readFileSync(`/proc/${shell}/task/${shell}/children`, "utf8").match(/\d+/g) ?? [];
  for (const pid of [shell, ...children.map(Number)]) process.kill(pid, "SIGKILL");
}

/** The numbers in a file that a command wrote. */
export async function pidsIn(session: HostSession, file: string): Promise<readonly number[]> {
  const answer = await session.run({ words: ["cat", file], timeoutMs: ENOUGH_MS });
  return answer.kind === "ended" ? (answer.stdout.match(/\d+/g) ?? []).map(Number) : [];
}

/** Those that are there after a moment in which the kernel may clear them away. */
export async function livingOf(pids: readonly number[]): Promise<readonly number[]> {
  for (let tries = 0; tries < 20 && pids.some(isThere); tries += 1) await sleep(50);
  return pids.filter(isThere);
}

/** A zombie is there when it is ours to clear away; one that the first process of this machine has got is not. */
function isThere(pid: number): boolean {
  try {
    const status = readFileSync(`/proc/${pid}/status`, "utf8");
    return !/^State:\s+Z/m.test(status) || new RegExp(`^PPid:\\s+${process.pid}$`, "m").test(status);
  } catch {
    return false;
  }
}
