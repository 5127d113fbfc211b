import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { HostId } from "#model/index.js";
import {
  type JournalEntry,
  type RunControl,
  type RunOutcome,
  type RunProgram,
  renderEntry,
  resumeRun,
  runProgram,
  verifyJournal,
} from "#rollout/index.js";
import { buildProgram, Controller, FakeFleet, type RequestFault } from "./fake-fleet.js";

/** How often a run is tried; the seed is printed where one fails. */
const RUNS = 2000;

interface Mishap {
  readonly host: number;
  readonly atMs: number;
  readonly kind: "reboot" | "dies" | "hangs" | "foreign" | "read-only";
}

interface Scene {
  readonly hosts: number;
  readonly phases: number;
  readonly strategy: RunProgram["strategy"];
  readonly onFailure: "revert-all" | "keep-confirmed";
  readonly order: "lock-step" | "one-by-one";
  readonly faults: readonly { readonly at: number; readonly fault: RequestFault }[];
  readonly mishaps: readonly Mishap[];
  readonly brokenPhase: number | null;
  readonly fullAt: number | null;
  readonly wish: { readonly from: number; readonly what: ReturnType<RunControl["wish"]> } | null;
  readonly kill: { readonly seq: number; readonly when: "before" | "after" } | null;
  readonly hasRival: boolean;
}

/** Most runs have most things go well: else none would come far. */
function rarely<T>(arbitrary: fc.Arbitrary<T>): fc.Arbitrary<T | null> {
  return fc.oneof({ weight: 4, arbitrary: fc.constant(null) }, { weight: 1, arbitrary });
}

const scenes: fc.Arbitrary<Scene> = fc.record({
  hosts: fc.integer({ min: 1, max: 4 }),
  phases: fc.integer({ min: 1, max: 2 }),
  strategy: fc.constantFrom("live" as const, "rolling-stop" as const, "full-stop" as const),
  onFailure: fc.constantFrom("revert-all" as const, "keep-confirmed" as const),
  order: fc.constantFrom("lock-step" as const, "one-by-one" as const),
  faults: fc.array(
    fc.record({
      at: fc.integer({ min: 0, max: 150 }),
      fault: fc.constantFrom("lose-request" as const, "lose-reply" as const, "late" as const),
    }),
    { maxLength: 6 },
  ),
  mishaps: fc.array(
    fc.record({
      host: fc.nat(3),
      atMs: fc.oneof(fc.integer({ min: 0, max: 8000 }), fc.integer({ min: 0, max: 90_000 })),
      kind: fc.constantFrom(
        "reboot" as const,
        "dies" as const,
        "hangs" as const,
        "foreign" as const,
        "read-only" as const,
      ),
    }),
    { maxLength: 2 },
  ),
  brokenPhase: rarely(fc.integer({ min: 1, max: 2 })),
  fullAt: rarely(fc.integer({ min: 1, max: 40 })),
  wish: rarely(
    fc.record({
      from: fc.integer({ min: 1, max: 40 }),
      what: fc.constantFrom("abort" as const, "leave" as const, "after-gate" as const),
    }),
  ),
  kill: rarely(
    fc.record({
      seq: fc.integer({ min: 1, max: 40 }),
      when: fc.constantFrom("before" as const, "after" as const),
    }),
  ),
  hasRival: rarely(fc.constant(true)).map((rival) => rival !== null),
});

/** Scenes that once ended otherwise than promised. */
const FOUND: [Scene][] = [
  [
    // Killed between giving the hosts back and writing it down, while another run waits for them and puts the records away.
    {
      hosts: 3,
      phases: 1,
      strategy: "live",
      onFailure: "revert-all",
      order: "one-by-one",
      faults: [{ at: 0, fault: "lose-request" }],
      mishaps: [],
      brokenPhase: null,
      fullAt: null,
      wish: { from: 22, what: "abort" },
      kill: { seq: 24, when: "before" },
      hasRival: true,
    },
  ],
];

class Stage {
  readonly program: RunProgram;
  readonly fleet: FakeFleet;
  readonly unguarded: string[] = [];
  #requests = 0;

  constructor(readonly scene: Scene) {
    const { hosts, phases, strategy, onFailure, order } = scene;
    this.program = buildProgram({ hosts, phases, strategy, policy: { onFailure, order } });
    this.fleet = new FakeFleet(this.program);
    if (scene.brokenPhase !== null) this.fleet.brokenPhases.add(scene.brokenPhase);
    const faults = new Map(scene.faults.map(({ at, fault }) => [at, fault]));
    this.fleet.fault = () => faults.get(this.#requests++) ?? "none";
    for (const mishap of scene.mishaps) this.#arrange(mishap);
    for (const host of this.fleet.hosts.values()) {
      host.onVerb = (verb, record) => {
        if (verb === "confirm" && !record.includes("services")) this.#guardConfirm(record);
      };
    }
  }

  /** Nobody is confirmed whose phase has not passed its gate and been decided, by what is on disk. */
  #guardConfirm(record: string): void {
    const phase = Number(/-p(\d+)/.exec(record)?.[1]);
    const disk = this.fleet.disk;
    const passed = disk.some((entry) => entry.kind === "gate" && entry.phase === phase && entry.passed);
    const decided = disk.some(
      (entry) => entry.kind === "decision" && entry.phase === phase && entry.decision === "confirm",
    );
    const announced = disk.some(
      (entry) => entry.kind === "intent" && entry.verb === "confirm" && entry.record === record,
    );
    if (!passed || !decided || !announced) this.unguarded.push(record);
  }

  #arrange({ host, atMs, kind }: Mishap): void {
    const fake = this.fleet.hosts.get(this.program.hosts[host % this.program.hosts.length] ?? this.#first());
    this.fleet.clock.at(atMs, () => {
      if (fake === undefined) return;
      if (kind === "reboot") fake.reboot();
      if (kind === "foreign") fake.touch();
      if (kind === "read-only") fake.isReadOnly = true;
      if (kind === "dies" || kind === "hangs") fake.isDead = true;
      // One that hangs comes back by itself, through a reboot.
      if (kind === "hangs") this.fleet.clock.at(atMs + 20_000, () => this.heal());
    });
  }

  #first(): HostId {
    const [first] = this.program.hosts;
    if (first === undefined) throw new Error("a fleet without hosts");
    return first;
  }

  heal(): void {
    for (const host of this.fleet.hosts.values()) {
      if (host.isDead) {
        host.isDead = false;
        host.reboot();
      }
      host.isReadOnly = false;
    }
  }

  async first(): Promise<RunOutcome | null> {
    const { kill, fullAt, wish } = this.scene;
    const { disk } = this.fleet;
    const controller = new Controller(this.fleet, {
      ...(kill === null ? {} : { kill }),
      ...(fullAt === null ? {} : { fullAt }),
      control: { wish: () => (wish !== null && disk.length >= wish.from ? wish.what : "go-on") },
    });
    return controller.run((ports) => runProgram(this.program, ports));
  }

  resume(): Promise<RunOutcome | null> {
    return new Controller(this.fleet).run((ports) => resumeRun(this.fleet.disk, ports));
  }
}

function isFinal(outcome: RunOutcome | null): boolean {
  return outcome !== null && !["left", "unknown", "rollback-incomplete"].includes(outcome.kind);
}

/** What an outcome says of every host must be so. */
function expectTruth(stage: Stage, outcome: RunOutcome | null): void {
  if (outcome === null || !isFinal(outcome)) return;
  const { fleet, program } = stage;
  const stays =
    outcome.kind === "done" ? program.phases.length : outcome.kind === "kept" ? outcome.phases : 0;
  for (const { number, steps } of program.phases) {
    for (const { host } of steps) {
      const isTrue = number <= stays ? fleet.isNew(host, number) : fleet.isOld(host, number);
      expect(isTrue, `${outcome.kind}, but ${host} in phase ${number}`).toBe(true);
    }
  }
}

function expectOnce(stage: Stage): void {
  for (const host of stage.fleet.hosts.values()) {
    for (const [record, times] of host.switched) {
      expect(times, `${record} on ${host.name}`).toBe(1);
    }
  }
  expect(stage.unguarded).toEqual([]);
}

function expectWholeJournal(disk: readonly JournalEntry[]): void {
  if (disk.length === 0) return;
  const verified = verifyJournal(disk.map(renderEntry).join(""));
  expect(verified.ok ? "" : verified.error.problem).toBe("");
}

describe("A run into which anything may come", () => {
  it("never says what is not so, does nothing twice, and ends whole when hosts are well again and it is resumed", async () => {
    await fc.assert(
      fc.asyncProperty(scenes, async (scene) => {
        const stage = new Stage(scene);
        const rival = { ...buildProgram({ hosts: scene.hosts, phases: 0, runId: "rival" }), baseline: [] };
        const rivalDisk: JournalEntry[] = [];
        const rivalRun = scene.hasRival
          ? new Controller(stage.fleet, { disk: rivalDisk }).run((ports) => runProgram(rival, ports))
          : null;
        let outcome = await stage.first();
        expectTruth(stage, outcome);
        await rivalRun;
        await stage.fleet.clock.run(() => false);
        expectTruth(stage, outcome);
        stage.heal();
        stage.fleet.fault = () => "none";
        for (let times = 0; times < 3 && !isFinal(outcome) && stage.fleet.disk.length > 0; times++) {
          outcome = await stage.resume();
          await stage.fleet.clock.run(() => false);
          expectTruth(stage, outcome);
        }
        expectOnce(stage);
        expectWholeJournal(stage.fleet.disk);
        if (stage.fleet.disk.length > 0) expect(isFinal(outcome), JSON.stringify(outcome)).toBe(true);
      }),
      { numRuns: RUNS, examples: FOUND },
    );
  }, 300_000);
});
