import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "vitest";
import { type HostRecord, parseArmed, parseStatus, whyOf } from "#rollout/index.js";
import {
  DASH,
  openHost,
  SHELLS,
  type ShellKind,
  sha256,
  sleep,
  type TestHost,
  until,
  WIDEN,
} from "./test-host.js";

export async function recordOf(host: TestHost, id: string): Promise<HostRecord | undefined> {
  const status = parseStatus((await host.run(["status"])).stdout);
  if (!status.ok) throw new Error(status.error);
  return status.value.records.find((record) => record.id === id);
}

function uptimeMs(): number {
  return Number(readFileSync("/proc/uptime", "utf8").split(" ")[0]) * 1000;
}

/** A host whose change has a file too, and what it was before. */
export async function openWithFile(shell: ShellKind): Promise<{
  readonly host: TestHost;
  readonly before: string;
  readonly path: string;
  readonly arm: (id: string, seconds: number) => Promise<number>;
}> {
  const host = await openHost(shell);
  const path = join(host.dir, "interfaces");
  writeFileSync(path, "old\n");
  const arm = async (id: string, seconds: number): Promise<number> => {
    await host.stage(id, {
      ...WIDEN,
      persist: [{ kind: "file", path, before: sha256("old\n"), text: "new\n" }],
    });
    const answer = parseArmed((await host.run(["arm", id, `${seconds}`])).stdout);
    if (!answer.ok) throw new Error(answer.error);
    return answer.value.deadlineUptime * 1000;
  };
  return { host, before: await host.dump(), path, arm };
}

/** Runs `task` for each number below `count`, some at a time. */
async function inParallel(
  count: number,
  atOnce: number,
  task: (lane: number, turns: readonly number[]) => Promise<void>,
): Promise<void> {
  const lanes = Array.from({ length: atOnce }, (_, lane) =>
    Array.from({ length: count }, (_, turn) => turn).filter((turn) => turn % atOnce === lane),
  );
  await Promise.all(lanes.map((turns, lane) => task(lane, turns)));
}

/** Arms and switches; once more where the machine was too slow for the deadline. Gives the deadline in ms of the uptime. */
async function switchedBy(
  host: TestHost,
  arm: (id: string, seconds: number) => Promise<number>,
  id: string,
): Promise<number> {
  for (const seconds of [4, 10, 30]) {
    const deadline = await arm(id, seconds);
    const answer = await host.run(["switch", id]);
    if (answer.code === 0) return deadline;
    // No answer: the dead-man has killed it on its way.
    expect(whyOf(answer.stdout)).toMatch(/^$|deadline|dead-man|reverted/);
    await host.run(["revert", id]);
    await host.run(["release", id]);
  }
  throw new Error("the machine is too slow for a race");
}

/** A confirm and the dead-man at the same time, `count` times, from 500 ms before to 500 ms after: one of them wins, and record, kernel and file agree. */
export async function raceConfirm(
  count: number,
): Promise<{ readonly kept: number; readonly reverted: number }> {
  const seen = { kept: 0, reverted: 0 };
  await inParallel(count, 4, async (lane, turns) => {
    const { host, before, path, arm } = await openWithFile(SHELLS[lane % SHELLS.length] ?? DASH);
    try {
      for (const turn of turns) {
        const id = `race-${turn}`;
        const deadline = await switchedBy(host, arm, id);
        const after = await host.dump();
        await sleep(Math.max(0, deadline - 500 + (turn * 1000) / count - uptimeMs()));
        const answer = await host.run(["confirm", id]);
        await until(async () => /confirmed|reverted/.test((await recordOf(host, id))?.state ?? ""), 10_000);
        const isKept = (await recordOf(host, id))?.state === "confirmed";
        expect(answer.code, answer.stdout).toBe(isKept ? 0 : 3);
        expect(readFileSync(path, "utf8")).toBe(isKept ? "new\n" : "old\n");
        expect(await host.dump()).toBe(isKept ? after : before);
        seen[isKept ? "kept" : "reverted"] += 1;
        await host.run(["revert", id]);
        expect(await host.run(["release", id])).toMatchObject({ code: 0 });
        expect(await host.dump()).toBe(before);
      }
      await until(() => host.processes().length === 0, 5000);
    } finally {
      host.close();
    }
  });
  return seen;
}

/** Kills the shell of a verb at `count` points: `revert` or the dead-man bring the old state back each time. */
export async function killVerb(verb: "switch" | "confirm" | "revert", count: number): Promise<void> {
  await inParallel(count, 6, async (lane, turns) => {
    const { host, before, path, arm } = await openWithFile(SHELLS[lane % SHELLS.length] ?? DASH);
    try {
      for (const turn of turns) {
        const id = `kill-${turn}`;
        const isLeft = turn % 4 === 0;
        await arm(id, isLeft ? 5 : 60);
        if (verb !== "switch") expect(await host.run(["switch", id])).toMatchObject({ code: 0 });
        const { pid, answer } = host.start([verb, id]);
        await sleep((turn * 204) / count);
        try {
          process.kill(pid, "SIGKILL");
        } catch {
          // It was done before.
        }
        await answer;
        const record = await recordOf(host, id);
        if (isLeft && record?.state !== "confirmed") {
          await until(async () => (await recordOf(host, id))?.state === "reverted", 15_000);
        } else {
          const answer = await host.run(["revert", id]);
          expect(answer, answer.stdout).toMatchObject({ code: 0, stderr: "" });
        }
        expect(await host.dump(), `${verb} ${turn}`).toBe(before);
        expect(readFileSync(path, "utf8")).toBe("old\n");
        expect(await host.run(["release", id])).toMatchObject({ code: 0 });
      }
      await until(() => host.processes().length === 0, 5000);
    } finally {
      host.close();
    }
  });
}

/** Two runs that claim a host at once, `count` times: one has it, and the other one is told who. */
export async function raceClaims(count: number): Promise<void> {
  const host = await openHost(DASH);
  try {
    for (let race = 0; race < count; race += 1) {
      const answers = await Promise.all(["a", "b"].map((run) => host.run(["claim", `${run}${race}`])));
      expect(answers.map((answer) => answer.code).toSorted()).toEqual([0, 3]);
      const winner = answers[0]?.code === 0 ? `a${race}` : `b${race}`;
      expect(whyOf(answers.find((answer) => answer.code === 3)?.stdout ?? "")).toBe(`claimed by ${winner}`);
      expect(await host.run(["unclaim", winner])).toMatchObject({ code: 0 });
    }
  } finally {
    host.close();
  }
}
