import { mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  type ApplyRequest,
  apply,
  buildLab,
  type Clock,
  type Failure,
  type OpenJournal,
  openFileJournals,
  type RunEvent,
  type RunReport,
  type RunSurroundings,
  removeLab,
  requestAbort,
  resume,
  rollback,
  runStatus,
} from "#app/index.js";
import { labExec } from "#lab/index.js";
import { buildPointsman } from "../repository/built.js";
import { startController } from "../rollout-lab/kill-controller.js";
import { makeScratch, planIncident, planSnapshots, writePlan } from "./incident-plan.js";

/** A label and a folder that no other lab of this machine has. */
const LABEL = "aprun";
const LAB = "inc";
const scratch = makeScratch();
const stateFolder = join(scratch.path, "state");
let planPath: string;

beforeAll(async () => {
  process.env["POINTSMAN_LAB_LABEL"] = LABEL;
  process.env["POINTSMAN_LAB_FOLDER"] = join(scratch.path, "labs");
  mkdirSync(join(scratch.path, "labs"));
  planPath = writePlan(scratch.path, planSnapshots(scratch.path, planIncident("before", "fixed")));
  const source = { kind: "snapshot", directory: join(scratch.path, "before") } as const;
  const lab = await buildLab({ name: LAB, source, kind: "netns", operator: null });
  if (!lab.ok) throw new Error(`${lab.error.message} ${lab.error.more.join(" ")}`);
});

afterAll(async () => {
  await removeLab(LAB);
  delete process.env["POINTSMAN_LAB_LABEL"];
  delete process.env["POINTSMAN_LAB_FOLDER"];
  scratch.remove();
});

const CLOCK: Clock = {
  now: () => new Date().toISOString(),
  monotonicMs: () => performance.now(),
  sleep: (ms) => sleep(ms),
};

function surroundings(): RunSurroundings {
  return {
    stateFolder,
    hooks: { before: null, after: null },
    webhook: null,
    control: { wish: () => "go-on", mayGoOn: async () => true, isConfirmed: async () => true },
    emit: () => undefined,
    clock: CLOCK,
    version: "0.0.0",
  };
}

const TRIAL = { persist: "never", logWatchSeconds: 0 } as const;

const QUICK = { ...TRIAL, deadlineSeconds: 60, requestTimeoutMs: 5000, confirmMarginSeconds: 5 } as const;

/** A journal that takes no more once this verb was announced to all hosts: to the run the controller's disk has died. */
function dyingAt(verb: string): OpenJournal {
  return async (folder, use) => {
    const journal = await openFileJournals(CLOCK)(folder, use);
    return {
      entries: journal.entries,
      append: async (entry) => {
        const last = journal.entries().at(-1);
        if (last?.kind === "intent" && last.verb === verb) throw new Error("the disk has died");
        await journal.append(entry);
      },
    };
  };
}

function request(given: Partial<ApplyRequest> = {}): ApplyRequest {
  return {
    ...surroundings(),
    planPath,
    fleetPath: null,
    reach: { kind: "lab", name: LAB },
    policy: TRIAL,
    configuration: null,
    systems: new Map(),
    skippedChecks: [],
    window: null,
    ...given,
  };
}

async function routesOf(host: string): Promise<string> {
  const { stdout } = await labExec(LAB, host, ["ip", "route", "show", "10.11.0.0/16"]);
  return stdout.trim();
}

function reportOf(result: Awaited<ReturnType<typeof apply>>): RunReport {
  if (!result.ok) throw new Error(describeFailure(result.error));
  return result.value;
}

function describeFailure({ message, more, hint }: Failure): string {
  return [message, ...more, hint].join("\n");
}

const NODES = ["nl-k8s-01", "nl-k8s-02", "nl-k8s-03", "nl-k8s-04"];

async function routes(): Promise<readonly string[]> {
  return Promise.all(NODES.map(routesOf));
}

function isNew(route: string): boolean {
  return /^10[.]11[.]0[.]0[/]16 via 10[.]0[.]0[.]1 dev \S+ proto static onlink$/.test(route);
}

/** The entry with the decision to confirm: behind the beginning, seven claims, the health, two gates, arming and switching. */
const DECIDED = 23;

const LAST = { stateFolder, fleetPath: null, run: null, reach: null };

describe("Seven hosts in namespaces", () => {
  it("are left as they are where nobody says yes, and no run is kept", async () => {
    const asked: string[] = [];
    const report = reportOf(
      await apply(
        request({
          mayBegin: async (program, checks) => {
            asked.push(
              program.planDigest,
              ...checks.flatMap(({ outcome }) => (outcome === "failed" ? outcome : [])),
            );
            return false;
          },
        }),
      ),
    );
    expect(report).toMatchObject({
      folder: "",
      entries: [],
      outcome: { kind: "refused", why: "Nobody said yes." },
    });
    expect(asked).toEqual([report.program.planDigest]);
    expect(await routes()).toEqual(["", "", "", ""]);
  });

  it("are whole once a run is resumed whose journal took no more in the middle of the switch", async () => {
    const dead = await apply(request({ openJournal: dyingAt("switch"), policy: QUICK }));
    expect(["unknown", "rolled-back"]).toContain(reportOf(dead).outcome.kind);
    const status = await runStatus({ ...LAST, asksHosts: true });
    expect(status.ok && status.value.hosts).toHaveLength(7);
    const report = reportOf(await resume({ ...surroundings(), ...LAST, repairsJournal: false }));
    expect(["done", "rolled-back"]).toContain(report.outcome.kind);
    const now = await routes();
    expect(now.every(isNew) || now.every((route) => route === "")).toBe(true);
    if (report.outcome.kind === "done")
      reportOf(await rollback({ ...surroundings(), ...LAST, repairsJournal: false }));
    expect(await routes()).toEqual(["", "", "", ""]);
  });

  it("are whole once a run is resumed whose controller was killed between the decision and the confirmations", async () => {
    buildPointsman();
    const { planPath: plan, ...rest } = request({ policy: QUICK });
    const told = {
      stateFolder,
      fleetPath: null,
      configuration: null,
      skippedChecks: [],
      window: null,
      policy: rest.policy,
    };
    const reach = { kind: "lab", name: LAB } as const;
    const order = { verb: "apply", request: { ...told, planPath: plan, reach, systems: {} } } as const;
    const dead = await startController({ ...order, kill: { entry: DECIDED, when: "after" } }).end;
    expect(dead).toEqual({ kind: "killed" });
    const last = await runStatus({ ...LAST, asksHosts: false });
    expect(last.ok && last.value.entries.at(-1)).toMatchObject({
      seq: DECIDED,
      kind: "decision",
      decision: "confirm",
    });
    const resumed = { stateFolder, fleetPath: null, run: null, repairsJournal: false, reach: null };
    const end = await startController({ verb: "resume", request: resumed, kill: null }).end;
    expect(end).toMatchObject({ kind: "ended", outcome: { kind: "done" } });
    expect((await routes()).every(isNew)).toBe(true);
    expect(reportOf(await rollback({ ...surroundings(), ...LAST, repairsJournal: false })).outcome.kind).toBe(
      "rolled-back",
    );
  });

  it("become what the plan wants, and the journal says how", async () => {
    const seen: RunEvent[] = [];
    const report = reportOf(await apply(request({ emit: (event) => void seen.push(event) })));
    expect(report.outcome).toEqual({ kind: "done" });
    expect((await routes()).every(isNew)).toBe(true);
    const text = readFileSync(join(report.folder, "journal.ndjson"), "utf8");
    expect(text.trim().split("\n")).toHaveLength(report.entries.length);
    expect(report.entries.at(-1)?.kind).toBe("end");
    expect(seen.flatMap((event) => (event.kind === "journal" ? event.entry.kind : []))).toContain("decision");
    expect(readFileSync(join(report.folder, "events.ndjson"), "utf8").trim().split("\n")).toHaveLength(
      seen.length,
    );
    const status = await runStatus({ ...LAST, asksHosts: true });
    if (!status.ok) throw new Error(describeFailure(status.error));
    expect(status.value).toMatchObject({ runId: report.runId, outcome: { kind: "done" }, controller: null });
    expect(status.value.hosts.map(({ status: now }) => now?.claim)).toEqual(
      Array.from({ length: 7 }, () => null),
    );
  });

  it("are no longer what the plan was made for, which is told as commands", async () => {
    const again = await apply(request());
    expect(again.ok ? null : again.error.kind).toBe("altered");
    expect(again.ok ? [] : again.error.more[0]).toBe(
      "nl-k8s-01: ip route del unicast 10.0.0.0/16 via 10.0.0.1 dev enp1s0 scope global",
    );
  });

  it("are taken back by the run's name", async () => {
    const report = reportOf(await rollback({ ...surroundings(), ...LAST, repairsJournal: false }));
    expect(report.outcome.kind).toBe("rolled-back");
    expect(await routes()).toEqual(["", "", "", ""]);
  });

  it("belong to one of two controllers", async () => {
    const both = await Promise.all([
      apply(request({ mayBegin: async () => sleep(500, false) })),
      apply(request({ mayBegin: async () => sleep(500, false) })),
    ]);
    const kinds = both.map((one) => (one.ok ? one.value.outcome.kind : one.error.kind));
    expect(kinds.sort()).toEqual(["locked", "refused"]);
  });

  it("are all taken back where another terminal asks for it meanwhile", async () => {
    const report = reportOf(
      await apply(
        request({
          emit: (event) => {
            if (event.kind === "gate" && event.phase === 1) void requestAbort(LAST);
          },
        }),
      ),
    );
    expect(report.outcome.kind).toBe("rolled-back");
    expect(await routes()).toEqual(["", "", "", ""]);
  });
});
