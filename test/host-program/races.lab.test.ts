import { readlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { whyOf } from "#rollout/index.js";
import { killVerb, openWithFile, raceClaims, raceConfirm, recordOf } from "./race-cases.js";
import { DASH, openHost, SHELLS, until, WIDEN } from "./test-host.js";

describe("The host program in a race", () => {
  it("decides once between a confirm and the dead-man: record, kernel and file agree", async () => {
    const { kept, reverted } = await raceConfirm(24);
    expect(kept).toBeGreaterThan(0);
    expect(reverted).toBeGreaterThan(0);
  });

  it.each(["switch", "confirm", "revert"] as const)(
    "%s: revert or the dead-man bring the old state back where its shell was killed",
    (verb) => killVerb(verb, 6),
  );

  it("is claimed by one of two runs", () => raceClaims(20));
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
