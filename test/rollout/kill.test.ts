import { describe, expect, it } from "vitest";
import type { HostId } from "#model/index.js";
import { type RunOutcome, type RunProgram, resumeRun, runProgram } from "#rollout/index.js";
import { buildProgram, Controller, FakeFleet, type Kill, type ProgramShape } from "./fake-fleet.js";

/** Ways in which a run may go; the controller is killed at each entry of each. */
const SHAPES: readonly (ProgramShape & { readonly name: string })[] = [
  { name: "live, in lock-step", strategy: "live" },
  { name: "live, one by one", strategy: "live", policy: { order: "one-by-one" } },
  { name: "rolling-stop", strategy: "rolling-stop" },
  { name: "full-stop", strategy: "full-stop" },
  {
    name: "full-stop that keeps what is confirmed",
    strategy: "full-stop",
    policy: { onFailure: "keep-confirmed" },
  },
];

async function killed(program: RunProgram, kill: Kill): Promise<FakeFleet> {
  const fleet = new FakeFleet(program);
  await new Controller(fleet, { kill }).run((ports) => runProgram(program, ports));
  return fleet;
}

async function resumed(fleet: FakeFleet): Promise<RunOutcome | null> {
  return new Controller(fleet).run((ports) => resumeRun(fleet.disk, ports));
}

async function killsOf(program: RunProgram): Promise<readonly Kill[]> {
  const fleet = new FakeFleet(program);
  await new Controller(fleet).run((ports) => runProgram(program, ports));
  return fleet.disk.flatMap(({ seq }) => [
    { seq, when: "before" as const },
    { seq, when: "after" as const },
  ]);
}

function everywhere(program: RunProgram, holds: (host: HostId, phase: number) => boolean): boolean {
  return program.phases.every(({ number, steps }) => steps.every(({ host }) => holds(host, number)));
}

function expectRunning(fleet: FakeFleet): void {
  const states = [...fleet.hosts.values()].flatMap(({ services }) => [...services.values()]);
  expect(states.filter((state) => state !== "active")).toEqual([]);
}

function decided(fleet: FakeFleet, phase: number): boolean {
  return fleet.disk.some(
    (entry) => entry.kind === "decision" && entry.phase === phase && entry.decision === "confirm",
  );
}

describe.each(SHAPES)("A controller that is killed in a run that is $name", (shape) => {
  const program = buildProgram(shape);

  it("leaves phases that were not decided old, and services running, when their dead-men are over", async () => {
    for (const kill of await killsOf(program)) {
      const fleet = await killed(program, kill);
      await fleet.clock.run(() => false);
      for (const { number, steps } of program.phases) {
        for (const { host } of steps) {
          const isWhole = decided(fleet, number)
            ? fleet.isNew(host, number) || fleet.isOld(host, number)
            : fleet.isOld(host, number);
          expect(isWhole, `${host} in phase ${number} after a kill ${kill.when} ${kill.seq}`).toBe(true);
        }
      }
      expectRunning(fleet);
    }
  });

  it("is followed by one that brings all to the end, at once", async () => {
    for (const kill of await killsOf(program)) {
      const fleet = await killed(program, kill);
      if (fleet.disk.length === 0) continue;
      const where = `after a kill ${kill.when} ${kill.seq}`;
      expect(await resumed(fleet), where).toEqual({ kind: "done" });
      expect(
        everywhere(program, (host, phase) => fleet.isNew(host, phase)),
        where,
      ).toBe(true);
      expectRunning(fleet);
    }
  });

  it("is followed by one that brings all to the end, also when all dead-men have fired", async () => {
    for (const kill of await killsOf(program)) {
      const fleet = await killed(program, kill);
      if (fleet.disk.length === 0) continue;
      await fleet.clock.run(() => false);
      const where = `after a kill ${kill.when} ${kill.seq}`;
      expect(await resumed(fleet), where).toEqual({ kind: "done" });
      expect(
        everywhere(program, (host, phase) => fleet.isNew(host, phase)),
        where,
      ).toBe(true);
      expectRunning(fleet);
    }
  });

  it("is followed by one that finds the gate closed, and all is old or what policy keeps", async () => {
    for (const kill of await killsOf(program)) {
      const fleet = await killed(program, kill);
      if (fleet.disk.length === 0) continue;
      await fleet.clock.run(() => false);
      const where = `after a kill ${kill.when} ${kill.seq}`;
      fleet.brokenPhases.add(2);
      const outcome = await resumed(fleet);
      if (outcome?.kind === "done") continue;
      const kept = outcome?.kind === "kept" ? outcome.phases : 0;
      if (kept === 2) continue;
      expect(["kept", "rolled-back"], `${where}: ${JSON.stringify(outcome)}`).toContain(outcome?.kind);
      expect(
        everywhere(program, (host, phase) =>
          phase <= kept ? fleet.isNew(host, phase) : fleet.isOld(host, phase),
        ),
        where,
      ).toBe(true);
      expectRunning(fleet);
    }
  });
});

describe("A controller that is killed while it takes a run back", () => {
  it.each(SHAPES)("is followed by one that finishes that ($name)", async (shape) => {
    const program = buildProgram(shape);
    const whole = new FakeFleet(program);
    whole.brokenPhases.add(2);
    const expected = await new Controller(whole).run((ports) => runProgram(program, ports));
    const decision = whole.disk.findIndex(
      (entry) => entry.kind === "decision" && entry.decision === "take-back",
    );
    expect(decision).toBeGreaterThan(0);
    for (let seq = decision + 1; seq <= whole.disk.length; seq++) {
      for (const when of ["before", "after"] as const) {
        const fleet = new FakeFleet(program);
        fleet.brokenPhases.add(2);
        await new Controller(fleet, { kill: { seq, when } }).run((ports) => runProgram(program, ports));
        const outcome = await resumed(fleet);
        expect(outcome?.kind, `after a kill ${when} ${seq}`).toBe(expected?.kind);
        const kept = outcome?.kind === "kept" ? outcome.phases : 0;
        expect(
          everywhere(program, (host, phase) =>
            phase <= kept ? fleet.isNew(host, phase) : fleet.isOld(host, phase),
          ),
        ).toBe(true);
        expectRunning(fleet);
      }
    }
  });
});
