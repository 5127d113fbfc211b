import { readFileSync, readlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
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

async function recordOf(host: TestHost, id: string): Promise<HostRecord | undefined> {
  const status = parseStatus((await host.run(["status"])).stdout);
  if (!status.ok) throw new Error(status.error);
  return status.value.records.find((record) => record.id === id);
}

function uptimeMs(): number {
  return Number(readFileSync("/proc/uptime", "utf8").split(" ")[0]) * 1000;
}

/** A host whose change has a file too, and what it was before. */
async function openWithFile(shell: ShellKind): Promise<{
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

describe("A confirm that races the dead-man", () => {
  it("is decided once: record, kernel and file agree in 200 races of -500 to +500 ms", async () => {
    const seen = { kept: 0, reverted: 0 };
    await inParallel(200, 4, async (lane, turns) => {
      const { host, before, path, arm } = await openWithFile(SHELLS[lane % SHELLS.length] ?? DASH);
      try {
        for (const turn of turns) {
          const id = `race-${turn}`;
          const deadline = await switchedBy(host, arm, id);
          const after = await host.dump();
          await sleep(Math.max(0, deadline - 500 + turn * 5 - uptimeMs()));
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
    expect(seen.kept).toBeGreaterThan(10);
    expect(seen.reverted).toBeGreaterThan(10);
    console.log(`confirm against expiry: ${seen.kept} kept, ${seen.reverted} reverted`);
  });
});

describe("A verb whose shell is killed at any point", () => {
  it.each(["switch", "confirm", "revert"])(
    "%s: revert or the dead-man bring the old state back, 34 times of 34",
    async (verb) => {
      await inParallel(34, 6, async (lane, turns) => {
        const { host, before, path, arm } = await openWithFile(SHELLS[lane % SHELLS.length] ?? DASH);
        try {
          for (const turn of turns) {
            const id = `kill-${turn}`;
            const isLeft = turn % 4 === 0;
            await arm(id, isLeft ? 5 : 60);
            if (verb !== "switch") expect(await host.run(["switch", id])).toMatchObject({ code: 0 });
            const { pid, answer } = host.start([verb, id]);
            await sleep(turn * 6);
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
    },
  );
});

describe("Two claims at once", () => {
  it("have one winner in 100 races", async () => {
    const host = await openHost(DASH);
    try {
      for (let race = 0; race < 100; race += 1) {
        const answers = await Promise.all(["a", "b"].map((run) => host.run(["claim", `${run}${race}`])));
        expect(answers.map((answer) => answer.code).toSorted()).toEqual([0, 3]);
        const winner = answers[0]?.code === 0 ? `a${race}` : `b${race}`;
        expect(whyOf(answers.find((answer) => answer.code === 3)?.stdout ?? "")).toBe(`claimed by ${winner}`);
        expect(await host.run(["unclaim", winner])).toMatchObject({ code: 0 });
      }
    } finally {
      host.close();
    }
  });
});

describe("Two armings at once", () => {
  it("have one winner, and the other one leaves nothing", async () => {
    const host = await openHost(DASH);
    try {
      for (let race = 0; race < 10; race += 1) {
        const ids = [`a-${race}`, `b-${race}`];
        for (const id of ids) await host.stage(id, WIDEN);
        const answers = await Promise.all(ids.map((id) => host.run(["arm", id, "60"])));
        expect(answers.map((answer) => answer.code).toSorted()).toEqual([0, 3]);
        const winner = ids[answers[0]?.code === 0 ? 0 : 1] ?? "";
        await host.run(["revert", winner]);
        expect(await host.run(["release", winner])).toMatchObject({ code: 0 });
      }
      await until(() => host.processes().length === 0, 5000);
    } finally {
      host.close();
    }
  });
});

describe.each(SHELLS)("Under $name", (shell) => {
  it("a revert wins over a switch that hangs, within 10 s, and what hangs is gone", async () => {
    const { host, before, arm } = await openWithFile(shell);
    try {
      const real = shell.isBusybox ? "/usr/bin/busybox ip" : (await host.sh("command -v ip")).trim();
      // As with a kernel lock that is not given back: the address is added, and nothing comes after.
      const hanging = `case "$*" in "addr del 10.10.0.2/16 dev e0") sleep 600; sleep 601 ;; esac`;
      writeFileSync(join(host.dir, "bin/ip"), `#!/bin/sh\n${hanging}\nexec ${real} "$@"\n`, { mode: 0o755 });
      await arm("hang-p1", 60);
      const hung = host.start(["switch", "hang-p1"]);
      await until(async () => (await host.sh("ip -4 addr show dev e0")).includes("10.10.0.2/8"), 5000);
      expect(whyOf((await host.run(["confirm", "hang-p1"])).stdout)).toMatch(
        /^busy: process \d+ is at work on it/,
      );
      expect(await host.run(["extend", "hang-p1", "50"])).toMatchObject({ code: 0 });
      const begun = performance.now();
      expect(await host.run(["revert", "hang-p1"])).toMatchObject({ stdout: "reverted hang-p1 level 2\n" });
      expect(performance.now() - begun).toBeLessThan(10_000);
      expect((await hung.answer).stdout).toBe("");
      expect(await host.dump()).toBe(before);
      await until(() => host.processes().length === 0, 5000);
    } finally {
      host.close();
    }
  });

  it("the dead-man wins over a switch that hangs", async () => {
    const { host, before, arm } = await openWithFile(shell);
    try {
      const real = shell.isBusybox ? "/usr/bin/busybox ip" : (await host.sh("command -v ip")).trim();
      const hanging = `case "$*" in "addr del 10.10.0.2/16 dev e0") sleep 600 ;; esac`;
      writeFileSync(join(host.dir, "bin/ip"), `#!/bin/sh\n${hanging}\nexec ${real} "$@"\n`, { mode: 0o755 });
      await arm("hang-p1", 2);
      const hung = host.start(["switch", "hang-p1"]);
      await until(async () => (await recordOf(host, "hang-p1"))?.state === "reverted", 8000);
      await hung.answer;
      expect(await host.dump()).toBe(before);
      await until(() => host.processes().length === 0, 5000);
    } finally {
      host.close();
    }
  });

  it("no switch begins where the dead-man was killed; status says so, and extend starts another one", async () => {
    const { host, before, arm } = await openWithFile(shell);
    try {
      await arm("dead-p1", 60);
      const [loop] = readlinkSync(join(host.dir, "state/records/dead-p1/loop")).split(":");
      process.kill(Number(loop), "SIGKILL");
      expect(await recordOf(host, "dead-p1")).toMatchObject({
        state: "armed",
        secondsLeft: null,
        note: "the dead-man is not alive: revert",
      });
      expect(whyOf((await host.run(["switch", "dead-p1"])).stdout)).toBe(
        "the dead-man of dead-p1 is not alive: nothing would take the change back; nothing was changed",
      );
      expect(await host.dump()).toBe(before);
      expect(await host.run(["extend", "dead-p1", "2"])).toMatchObject({ code: 0 });
      expect(await host.run(["switch", "dead-p1"])).toMatchObject({ code: 0 });
      await until(async () => (await recordOf(host, "dead-p1"))?.state === "reverted", 8000);
      expect(await host.dump()).toBe(before);
    } finally {
      host.close();
    }
  });
});
