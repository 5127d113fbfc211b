import { describe, expect, it } from "vitest";
import { hostId } from "#model/index.js";
import {
  type JournalEntry,
  type RunControl,
  type RunOutcome,
  type RunProgram,
  resumeRun,
  rollbackRun,
  runProgram,
  statusOf,
} from "#rollout/index.js";
import { buildProgram, Controller, type ControllerOptions, FakeFleet } from "./fake-fleet.js";

function start(
  fleet: FakeFleet,
  program: RunProgram,
  options: ControllerOptions = {},
): Promise<RunOutcome | null> {
  return new Controller(fleet, options).run((ports) => runProgram(program, ports));
}

function resume(fleet: FakeFleet, options: ControllerOptions = {}): Promise<RunOutcome | null> {
  return new Controller(fleet, options).run((ports) => resumeRun(fleet.disk, ports));
}

function rollback(fleet: FakeFleet): Promise<RunOutcome | null> {
  return new Controller(fleet).run((ports) => rollbackRun(fleet.disk, ports));
}

function newHosts(fleet: FakeFleet, program: RunProgram, phase: number): readonly string[] {
  return program.hosts.filter((host) => fleet.isNew(host, phase));
}

function isAllOld(fleet: FakeFleet, program: RunProgram): boolean {
  return program.phases.every(({ number }) => program.hosts.every((host) => fleet.isOld(host, number)));
}

/** `verb record` of each intent, in order. */
function intents(entries: readonly JournalEntry[]): readonly string[] {
  return entries.flatMap((entry) =>
    entry.kind === "intent" ? [`${entry.verb} ${entry.record.replace("20260101T000000Z-test", "run")}`] : [],
  );
}

/** A wish from a certain entry on. */
function wishing(fleet: FakeFleet, wish: ReturnType<RunControl["wish"]>, from: number): Partial<RunControl> {
  return { wish: () => (fleet.disk.length >= from ? wish : "go-on") };
}

describe("A run in which nothing goes wrong", () => {
  it.each(["live", "rolling-stop", "full-stop"] as const)(
    "is done by %s, and all is new",
    async (strategy) => {
      const program = buildProgram({ strategy });
      const fleet = new FakeFleet(program);
      expect(await start(fleet, program)).toEqual({ kind: "done" });
      for (const host of program.hosts) {
        expect(fleet.isNew(host, 1) && fleet.isNew(host, 2)).toBe(true);
        expect(fleet.host(host).claim).toBeNull();
        expect([...fleet.host(host).services.values()].every((state) => state === "active")).toBe(true);
      }
    },
  );

  it("goes in three rounds for each phase, and gives the hosts back", async () => {
    const program = buildProgram({ hosts: 2 });
    const fleet = new FakeFleet(program);
    await start(fleet, program);
    expect(intents(fleet.disk)).toEqual([
      "claim run",
      "claim run",
      "arm run-p1",
      "switch run-p1",
      "confirm run-p1",
      "arm run-p2",
      "switch run-p2",
      "confirm run-p2",
      "unclaim run",
    ]);
  });

  it("stops services by a record of their own, empties caches, and starts them at the end", async () => {
    const program = buildProgram({ hosts: 1, phases: 1, strategy: "full-stop" });
    const fleet = new FakeFleet(program);
    await start(fleet, program);
    expect(intents(fleet.disk)).toEqual([
      "claim run",
      "arm run-services",
      "switch run-services",
      "flush run",
      "arm run-p1",
      "switch run-p1",
      "confirm run-p1",
      "revert run-services",
      "release run-services",
      "unclaim run",
    ]);
  });

  it("keeps no text of a file in its journal", async () => {
    const program = buildProgram({ phases: 1 });
    const fleet = new FakeFleet(program);
    await start(fleet, program);
    const [begin] = fleet.disk;
    const items = begin?.kind === "begin" ? begin.program.phases[0]?.steps[0]?.persist : [];
    expect(items).toMatchObject([{ text: expect.stringMatching(/^sha256:[0-9a-f]{64}$/) }]);
  });

  it("puts away what a run before it left confirmed on the hosts", async () => {
    const first = buildProgram({ phases: 1, runId: "first" });
    const fleet = new FakeFleet(first);
    await start(fleet, first);
    expect(fleet.host("h1").records.map(({ id }) => id)).toEqual(["first-p1"]);
    const second = { ...buildProgram({ phases: 0, runId: "second" }), baseline: [] };
    const disk: JournalEntry[] = [];
    expect(await start(fleet, second, { disk })).toEqual({ kind: "done" });
    expect(fleet.host("h1").records).toEqual([]);
  });
});

describe("Before anything is changed, a run", () => {
  it("is refused where what another run confirmed is not all written", async () => {
    const first = buildProgram({ phases: 1, runId: "first" });
    const fleet = new FakeFleet(first);
    await start(fleet, first);
    for (const record of fleet.host("h2").records) record.persisted = "failed";
    const second = { ...buildProgram({ phases: 1, runId: "second", strategy: "full-stop" }), baseline: [] };
    const disk: JournalEntry[] = [];
    expect(await start(fleet, second, { disk })).toMatchObject({
      kind: "refused",
      why: "`h2` has the record `first-p1` of another run, and it is confirmed, but not all of it is written. No host was changed.",
    });
    expect(intents(disk).some((intent) => intent.startsWith("arm"))).toBe(false);
  });

  it("is locked by a run that has a host, and gives back what it had", async () => {
    const program = buildProgram();
    const fleet = new FakeFleet(program);
    fleet.host("h2").claim = "other";
    expect(await start(fleet, program)).toEqual({ kind: "locked", by: "other" });
    expect(fleet.host("h1").claim).toBeNull();
    expect(fleet.host("h2").claim).toBe("other");
  });

  it("is refused where the network is not as planned", async () => {
    const program = buildProgram();
    const fleet = new FakeFleet(program);
    fleet.host("h2").kernel.set("net.test.p1", "new");
    expect(await start(fleet, program)).toEqual({
      kind: "refused",
      why: "Expected the network as the plan has it before its first phase, found: `h2` to `10.0.1.1`: expected lost, observed delivered",
      hint: "No host was changed. Make a new plan from the network as it is.",
    });
    expect(intents(fleet.disk)).toContain("unclaim run");
  });

  it("is refused where etcd has no quorum, or nobody knows", async () => {
    const program = buildProgram();
    const fleet = new FakeFleet(program);
    fleet.health = { kind: "not-measured", why: "no answer" };
    expect(await start(fleet, program)).toMatchObject({
      kind: "refused",
      why: "the quorum of etcd could not be measured: no answer",
    });
  });

  it("is refused where a host does not answer", async () => {
    const program = buildProgram();
    const fleet = new FakeFleet(program);
    fleet.host("h3").isDead = true;
    expect(await start(fleet, program)).toMatchObject({
      kind: "refused",
      why: "Expected to lay the host program on `h3`, found: out of reach (it does not answer). No host was changed.",
    });
    expect(isAllOld(fleet, program)).toBe(true);
  });
});

describe("A phase is taken back", () => {
  it("by all where one is not armed, and nobody switches", async () => {
    const program = buildProgram();
    const fleet = new FakeFleet(program);
    fleet.host("h3").isReadOnly = true;
    expect(await start(fleet, program)).toEqual({
      kind: "rolled-back",
      why: "`h3` was not armed: refused (read-only file system; nothing was changed)",
    });
    expect(program.hosts.map((host) => fleet.host(host).switched.size)).toEqual([0, 0, 0]);
    expect(program.hosts.flatMap((host) => fleet.host(host).records)).toEqual([]);
  });

  it("where its gate is not passed, and so are the confirmed phases before it", async () => {
    const program = buildProgram();
    const fleet = new FakeFleet(program);
    fleet.brokenPhases.add(2);
    const outcome = await start(fleet, program);
    expect(outcome?.kind).toBe("rolled-back");
    expect(isAllOld(fleet, program)).toBe(true);
  });

  it("alone where the policy keeps what is confirmed", async () => {
    const program = buildProgram({ policy: { onFailure: "keep-confirmed" } });
    const fleet = new FakeFleet(program);
    fleet.brokenPhases.add(2);
    expect(await start(fleet, program)).toMatchObject({ kind: "kept", phases: 1 });
    expect(newHosts(fleet, program, 1)).toHaveLength(3);
    expect(newHosts(fleet, program, 2)).toHaveLength(0);
  });

  it("where a host reboots after the switch, though it answers", async () => {
    const program = buildProgram({ phases: 1 });
    const fleet = new FakeFleet(program);
    fleet.host("h2").onVerb = (verb) => {
      if (verb === "switch") fleet.clock.at(fleet.clock.monotonicMs() + 500, () => fleet.host("h2").reboot());
    };
    const outcome = await start(fleet, program);
    expect(outcome?.kind).toBe("rolled-back");
    expect(isAllOld(fleet, program)).toBe(true);
  });

  it("where a host says that it is not as it was switched, though the matrix agrees", async () => {
    const program = buildProgram({ phases: 1 });
    const fleet = new FakeFleet(program);
    fleet.host("h2").onVerb = (verb) => {
      const [record] = fleet.host("h2").records;
      if (verb === "status" && record?.state === "switched") record.state = "reverted";
    };
    await start(fleet, program);
    const decisions = fleet.disk.flatMap((entry) => (entry.kind === "decision" ? [entry] : []));
    expect(decisions).toMatchObject([
      { decision: "take-back", why: "`h2` is not as it was switched: its record is reverted" },
    ]);
  });

  it("where a host refuses to be confirmed because somebody else changed it", async () => {
    const program = buildProgram({ phases: 1 });
    const fleet = new FakeFleet(program);
    fleet.host("h2").onVerb = (verb) => {
      if (verb === "confirm") fleet.host("h2").touch();
    };
    expect(await start(fleet, program)).toEqual({
      kind: "rolled-back",
      why: "`h2` refuses to be confirmed: somebody else changed the network since the switch",
    });
    expect(isAllOld(fleet, program)).toBe(true);
  });

  it("where a host cannot write its file, though all others could", async () => {
    const program = buildProgram({ phases: 1 });
    const fleet = new FakeFleet(program);
    fleet.host("h2").onVerb = (verb) => {
      if (verb === "confirm") fleet.host("h2").isReadOnly = true;
    };
    const outcome = await start(fleet, program);
    expect(outcome).toEqual({
      kind: "rolled-back",
      why: "`h2` was not confirmed: failed (not persisted: read-only file system)",
    });
    expect(isAllOld(fleet, program)).toBe(true);
  });

  it("where the operator's hook refuses, and nothing is changed at all", async () => {
    const program = buildProgram();
    const fleet = new FakeFleet(program);
    const hooks = { before: async () => ({ ok: false, why: "exit code 1" }) };
    expect(await start(fleet, program, { hooks })).toEqual({
      kind: "refused",
      why: "The hook before phase 1 refused: exit code 1",
      hint: "No host was changed. See to the reason, then apply again.",
    });
  });
});

describe("A host that does not answer", () => {
  it("is waited for until its dead-man is over; if it stays silent, nobody claims to know", async () => {
    const program = buildProgram({ phases: 1 });
    const fleet = new FakeFleet(program);
    fleet.host("h2").onVerb = (verb) => {
      if (verb === "switch") fleet.host("h2").isDead = true;
    };
    const outcome = await start(fleet, program);
    expect(outcome).toMatchObject({
      kind: "unknown",
      hosts: ["h2"],
      why: expect.stringContaining("All others are taken back, but `h2` did not answer"),
    });
    expect(fleet.isOld(hostId("h1"), 1) && fleet.isOld(hostId("h3"), 1)).toBe(true);
    expect(fleet.clock.monotonicMs()).toBeGreaterThan(62_000);
    expect(fleet.host("h1").claim).toBe(program.runId);
  });

  it("and comes back: whoever resumes finishes the take-back", async () => {
    const program = buildProgram({ phases: 1 });
    const fleet = new FakeFleet(program);
    fleet.host("h2").onVerb = (verb) => {
      if (verb === "switch") fleet.host("h2").isDead = true;
    };
    await start(fleet, program);
    fleet.host("h2").onVerb = () => {};
    fleet.host("h2").isDead = false;
    fleet.host("h2").reboot();
    expect((await resume(fleet))?.kind).toBe("rolled-back");
    expect(isAllOld(fleet, program)).toBe(true);
    expect(program.hosts.map((host) => fleet.host(host).claim)).toEqual([null, null, null]);
  });

  it("but had carried out what it was told is observed, and nothing is done twice", async () => {
    const program = buildProgram({ phases: 1 });
    const fleet = new FakeFleet(program);
    const lost = new Set<string>();
    fleet.fault = (host, verb) => {
      const key = `${host} ${verb}`;
      if (["arm", "switch", "confirm", "claim"].includes(verb) && !lost.has(key)) {
        lost.add(key);
        return "lose-reply";
      }
      return "none";
    };
    expect(await start(fleet, program)).toEqual({ kind: "done" });
    expect(program.hosts.map((host) => [...fleet.host(host).switched.values()])).toEqual([[1], [1], [1]]);
  });

  it("for a switch that never arrived is never confirmed as if it had", async () => {
    const program = buildProgram({ phases: 1 });
    const fleet = new FakeFleet(program);
    fleet.fault = (host, verb) => (host === "h2" && verb === "switch" ? "lose-request" : "none");
    const outcome = await start(fleet, program);
    expect(outcome?.kind).toBe("rolled-back");
    expect(intents(fleet.disk)).not.toContain("confirm run-p1");
    expect(isAllOld(fleet, program)).toBe(true);
  });

  it("to a confirm and whose dead-man is quicker is armed, switched and measured again", async () => {
    const program = buildProgram({ phases: 1, policy: { requestTimeoutMs: 20_000 } });
    const fleet = new FakeFleet(program);
    let times = 0;
    fleet.fault = (host, verb) =>
      host === "h2" && verb === "confirm" && times++ < 3 ? "lose-request" : "none";
    expect(await start(fleet, program)).toEqual({ kind: "done" });
    expect(intents(fleet.disk)).toContain("switch run-p1-r1");
    expect(newHosts(fleet, program, 1)).toHaveLength(3);
  });
});

describe("The operator", () => {
  it("who aborts gets everything back, whatever the policy keeps", async () => {
    const program = buildProgram({ policy: { onFailure: "keep-confirmed" } });
    const whole = new FakeFleet(program);
    await start(whole, program);
    for (let from = 1; from < whole.disk.length - 2; from++) {
      const fleet = new FakeFleet(program);
      const outcome = await start(fleet, program, { control: wishing(fleet, "abort", from) });
      expect(["rolled-back", "refused", "done"], String(from)).toContain(outcome?.kind);
      expect(isAllOld(fleet, program), String(from)).toBe(outcome?.kind !== "done");
    }
  });

  it("who aborts is told how it ended when network and services had their time to come back", async () => {
    const program = buildProgram({ strategy: "rolling-stop" });
    const whole = new FakeFleet(program);
    await start(whole, program);
    const from = whole.disk.findIndex((entry) => entry.kind === "result" && entry.verb === "switch") + 1;
    const fleet = new FakeFleet(program);
    let backMs = 0;
    for (const host of fleet.hosts.values()) {
      host.onVerb = (verb) => {
        if (verb === "revert") backMs = fleet.clock.monotonicMs();
      };
    }
    const readings = new Controller(fleet, { control: wishing(fleet, "abort", from) });
    const { health, measure } = readings.ports;
    const isSettling = (): boolean => backMs > 0 && fleet.clock.monotonicMs() < backMs + 4000;
    const outcome = await readings.run((ports) =>
      runProgram(program, {
        ...ports,
        health: async (scope) =>
          isSettling() ? { kind: "unhealthy", what: ["services are starting"] } : health(scope),
        measure: async (cells) =>
          isSettling()
            ? cells.map((cell) => ({ cell, observed: "not-measured" as const, why: "settling" }))
            : measure(cells),
      }),
    );
    expect(outcome).toEqual({ kind: "rolled-back", why: "Aborted by the operator" });
  });

  it("who leaves is told what is armed, and the dead-men take it back", async () => {
    const program = buildProgram({ phases: 1 });
    const whole = new FakeFleet(program);
    await start(whole, program);
    const at = whole.disk.findIndex((entry) => entry.kind === "result" && entry.verb === "switch") + 1;
    const fleet = new FakeFleet(program);
    const outcome = await start(fleet, program, { control: wishing(fleet, "leave", at) });
    expect(outcome).toEqual({
      kind: "left",
      armed: program.hosts.map((host) => ({ host, secondsLeft: 60 })),
    });
    expect(statusOf(fleet.disk)).toMatchObject({ phase: 1, decision: null, canResume: true });
    await fleet.clock.run(() => false);
    expect(isAllOld(fleet, program)).toBe(true);
  });

  it("who stops after the gate finds the phase confirmed, and may resume", async () => {
    const program = buildProgram();
    const fleet = new FakeFleet(program);
    expect(await start(fleet, program, { control: wishing(fleet, "after-gate", 8) })).toMatchObject({
      kind: "refused",
    });
    const other = new FakeFleet(program);
    const control = {
      wish: () => (intents(other.disk).includes("arm run-p1") ? ("after-gate" as const) : ("go-on" as const)),
    };
    expect(await start(other, program, { control })).toEqual({ kind: "left", armed: [] });
    expect(newHosts(other, program, 1)).toHaveLength(3);
    expect(newHosts(other, program, 2)).toHaveLength(0);
    expect(await resume(other)).toEqual({ kind: "done" });
  });

  it("who thinks for long finds the dead-men waiting with him", async () => {
    const program = buildProgram({ phases: 1, policy: { awaitsConfirmation: true } });
    const fleet = new FakeFleet(program);
    const control = { isConfirmed: () => fleet.clock.sleep(300_000).then(() => true) };
    expect(await start(fleet, program, { control })).toEqual({ kind: "done" });
    expect(intents(fleet.disk).filter((intent) => intent === "extend run-p1").length).toBeGreaterThan(5);
  });

  it("who never answers is not waited for without end", async () => {
    const program = buildProgram({ phases: 1, policy: { awaitsConfirmation: true } });
    const fleet = new FakeFleet(program);
    const control = { isConfirmed: () => new Promise<boolean>(() => {}) };
    expect(await start(fleet, program, { control })).toEqual({
      kind: "rolled-back",
      why: "Nobody answered within 600 s",
    });
    expect(isAllOld(fleet, program)).toBe(true);
  });

  it("who stops before the next host gets the phase back", async () => {
    const program = buildProgram({ phases: 1, policy: { order: "one-by-one", pauses: true } });
    const fleet = new FakeFleet(program);
    const asked: string[] = [];
    const control = {
      mayGoOn: async (host: string) => {
        asked.push(host);
        return host !== "h3";
      },
    };
    expect(await start(fleet, program, { control })).toEqual({
      kind: "rolled-back",
      why: "Stopped by the operator before `h3`",
    });
    expect(asked).toEqual(["h2", "h3"]);
    expect(isAllOld(fleet, program)).toBe(true);
  });
});

describe("A journal that takes no more entries", () => {
  it("begins nothing more, and the dead-men take back what is armed", async () => {
    const program = buildProgram({ phases: 1 });
    const whole = new FakeFleet(program);
    await start(whole, program);
    for (let fullAt = 1; fullAt <= whole.disk.length; fullAt++) {
      const fleet = new FakeFleet(program);
      const outcome = await start(fleet, program, { fullAt });
      expect(["refused", "unknown"], String(fullAt)).toContain(outcome?.kind);
      await fleet.clock.run(() => false);
      const isDecided = fleet.disk.some((entry) => entry.kind === "decision");
      if (!isDecided) expect(isAllOld(fleet, program), String(fullAt)).toBe(true);
      if (fleet.disk.length > 0) expect(await resume(fleet), String(fullAt)).toEqual({ kind: "done" });
    }
  });
});

describe("Rolling back", () => {
  it.each(["live", "rolling-stop", "full-stop"] as const)(
    "takes a finished run back by %s, files too",
    async (strategy) => {
      const program = buildProgram({ strategy });
      const fleet = new FakeFleet(program);
      await start(fleet, program);
      expect(await rollback(fleet)).toEqual({ kind: "rolled-back", why: "Taken back as the operator asked" });
      expect(isAllOld(fleet, program)).toBe(true);
      for (const host of program.hosts) {
        expect(fleet.host(host).claim).toBeNull();
        expect([...fleet.host(host).services.values()].every((state) => state === "active")).toBe(true);
      }
    },
  );

  it("fetches what another run has put away, last phase first", async () => {
    const program = buildProgram({ phases: 2 });
    const fleet = new FakeFleet(program);
    await start(fleet, program);
    for (const { id } of [...fleet.host("h2").records]) fleet.host("h2").tell(["release", id], "");
    expect(fleet.host("h2").records).toEqual([]);
    expect(await rollback(fleet)).toMatchObject({ kind: "rolled-back" });
    expect(isAllOld(fleet, program)).toBe(true);
  });

  it("begins nowhere where one host was changed by a later run, and the run stays done", async () => {
    const program = buildProgram({ phases: 2 });
    const fleet = new FakeFleet(program);
    await start(fleet, program);
    for (const { id } of [...fleet.host("h2").records]) fleet.host("h2").tell(["release", id], "");
    fleet.host("h2").kernel.set("net.test.p1", "newer");
    expect(await rollback(fleet)).toMatchObject({
      kind: "refused",
      why: "`h2` has put the record `20260101T000000Z-test-p2` away and cannot take it back: refused (the network has changed since 20260101T000000Z-test-p2 was confirmed; nothing was changed). No host was changed.",
    });
    expect(newHosts(fleet, program, 2)).toEqual(program.hosts);
    expect(program.hosts.map((host) => fleet.host(host).claim)).toEqual(program.hosts.map(() => null));
    expect(statusOf(fleet.disk)).toMatchObject({ ended: { kind: "done" }, canResume: false });
  });

  it("leaves a finished run and its hosts alone where another run has one of them", async () => {
    const program = buildProgram();
    const fleet = new FakeFleet(program);
    await start(fleet, program);
    fleet.host("h2").claim = "other-run";
    expect(await rollback(fleet)).toEqual({ kind: "locked", by: "other-run" });
    expect(program.hosts.map((host) => fleet.host(host).claim)).toEqual(
      program.hosts.map((host) => (host === "h2" ? "other-run" : null)),
    );
    expect(statusOf(fleet.disk)).toMatchObject({ ended: { kind: "done" }, canResume: false });
    fleet.host("h2").claim = null;
    expect(await rollback(fleet)).toMatchObject({ kind: "rolled-back" });
  });
});

describe("Whoever resumes", () => {
  it("does nothing to a run that has ended", async () => {
    const program = buildProgram();
    const fleet = new FakeFleet(program);
    await start(fleet, program);
    const length = fleet.disk.length;
    expect(await resume(fleet)).toEqual({ kind: "done" });
    expect(fleet.disk).toHaveLength(length);
  });

  it("refuses a journal that was cut between two entries where a host knows more", async () => {
    const program = buildProgram();
    const whole = new FakeFleet(program);
    await start(whole, program);
    const accepted: number[] = [];
    for (let length = 1; length < whole.disk.length - 1; length++) {
      const fleet = new FakeFleet(program);
      await start(fleet, program);
      fleet.disk.splice(length);
      const outcome = await resume(fleet);
      if (outcome?.kind !== "refused") accepted.push(length);
      expect(
        program.hosts.every((host) => fleet.isNew(host, 1) && fleet.isNew(host, 2)),
        String(length),
      ).toBe(true);
    }
    expect(accepted.map((length) => whole.disk[length - 1])).toMatchObject([
      { kind: "intent", verb: "unclaim" },
    ]);
  });

  it("takes a phase back whose texts are not at hand any more, and does not write digests instead", async () => {
    const program = buildProgram({ phases: 1 });
    const whole = new FakeFleet(program);
    await start(whole, program);
    const at = whole.disk.findIndex((entry) => entry.kind === "result" && entry.verb === "switch") + 1;
    const fleet = new FakeFleet(program);
    await start(fleet, program, { kill: { seq: at, when: "after" } });
    const outcome = await resume(fleet, { persistText: async () => null });
    expect(outcome).toEqual({
      kind: "rolled-back",
      why: "`h1` was not armed: refused (the text of `/etc/test/net.test.p1` is not at hand, and the journal keeps digests alone)",
    });
    expect(isAllOld(fleet, program)).toBe(true);
  });
});
