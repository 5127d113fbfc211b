import { appendFileSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { renderSnapshot } from "#formats/iproute2/index.js";
import { err, type Result, type Snapshot } from "#model/index.js";
import type { RunEvent } from "#rollout/index.js";
import { buildSnapshot } from "../../../test/fleet-builder.js";
import {
  buildProgram,
  Controller,
  type ControllerOptions,
  FakeFleet,
} from "../../../test/rollout/fake-fleet.js";
import { makeScratch } from "../../../test/run/incident-plan.js";
import type { Failure } from "../failure.js";
import { sha256Of } from "../plan-file/changed-files.js";
import type { ChangedFile } from "../plan-file/schema.js";
import { buildPlanFile, renderPlanFile } from "../plan-file/write.js";
import { findPlan } from "../planning/find-plan.js";
import { PREFLIGHT_CHECKS } from "../preflight/preflight.js";
import { apply } from "./apply.js";
import { resume, rollback } from "./continue.js";
import { openFileJournals } from "./open-journal.js";
import type { OpenedHosts } from "./opened-hosts.js";
import type { ApplyRequest, ContinueRequest, RunReport } from "./request.js";

const KEY = "conf.e0.arp_announce";
const PLACE = "/etc/rancher/k3s/config.yaml";
const [OLD, NEW] = ["token: old-secret\n", "token: new-secret\n"];

function network(value: number): Snapshot {
  const host = (address: string): object => ({
    links: { e0: { on: "main", addresses: [address] } },
    sysctls: { [KEY]: value },
  });
  return buildSnapshot({ h1: host("10.0.0.1/24"), h2: host("10.0.0.2/24") });
}

/** Two hosts of a plan that changes a sysctl and a file of each, with a controller on hosts in memory. */
class Stage {
  readonly folder: string;
  readonly fleet = new FakeFleet(buildProgram({ hosts: 2, phases: 1 }));
  readonly events: RunEvent[] = [];
  live: Snapshot = network(0);

  constructor() {
    const scratch = makeScratch();
    onTestFinished(scratch.remove);
    this.folder = scratch.path;
    mkdirSync(join(this.folder, "tree"));
    for (const [name, host] of this.fleet.hosts) {
      host.kernel.set(`net.ipv4.${KEY}`, "0");
      host.files.set(PLACE, OLD);
      writeFileSync(join(this.folder, "tree", `${name}.yaml`), NEW);
    }
    writeFileSync(join(this.folder, "plan.json"), this.#plan());
  }

  #plan(): string {
    const [before, after] = [network(0), network(1)];
    const outcome = findPlan({
      before,
      after,
      clusters: [],
      operator: null,
      invariants: [],
      strategies: ["live"],
    });
    if (outcome.kind !== "proved") throw new Error(outcome.kind);
    const files = [...this.fleet.hosts.keys()].map((host): ChangedFile => {
      const [was, is] = [sha256Of(OLD), sha256Of(NEW)];
      return { host, dialect: "k3s", path: `${host}.yaml`, at: PLACE, before: was, after: is };
    });
    const to = join(this.folder, "tree");
    const context = {
      version: "0.0.0",
      fleet: null,
      from: "before",
      to,
      before,
      after,
      assumptions: [],
      files,
    };
    return renderPlanFile(buildPlanFile(outcome, context));
  }

  /** Works in virtual time; null: the controller was killed. */
  apply(
    given: Partial<ApplyRequest> = {},
    options: ControllerOptions = {},
  ): Promise<Result<RunReport, Failure> | null> {
    const controller = new Controller(this.fleet, options);
    return controller.run(() =>
      apply({
        ...this.#surroundings(controller),
        planPath: join(this.folder, "plan.json"),
        reach: { kind: "open", hosts: this.#hosts(controller) },
        policy: { logWatchSeconds: 0 },
        configuration: null,
        systems: new Map(),
        skippedChecks: PREFLIGHT_CHECKS,
        window: null,
        ...given,
      }),
    );
  }

  carryOn(
    verb: typeof resume,
    given: Partial<ContinueRequest> = {},
  ): Promise<Result<RunReport, Failure> | null> {
    const controller = new Controller(this.fleet);
    return controller.run(() =>
      verb({
        ...this.#surroundings(controller),
        reach: { kind: "open", hosts: this.#hosts(controller) },
        run: null,
        repairsJournal: false,
        ...given,
      }),
    );
  }

  #surroundings({ ports }: Controller) {
    return {
      stateFolder: join(this.folder, "state"),
      fleetPath: null,
      hooks: { before: null, after: null },
      webhook: null,
      control: ports.control,
      emit: (event: RunEvent) => void this.events.push(event),
      clock: ports.clock,
      version: "0.0.0",
    };
  }

  #hosts({ ports }: Controller): OpenedHosts {
    return {
      reach: ports.reach,
      hostProgram: ports.hostProgram,
      sessionOf: async () => err({ why: "these hosts have no shell" }),
      statusOf: async () => err("these hosts have no shell"),
      measure: async (cells) =>
        cells.map((cell) => ({ cell, observed: cell.expected === "lost" ? "lost" : "delivered", why: "" })),
      collect: async (hosts) => ({
        files: renderSnapshot(this.live),
        hosts: hosts.map((host) => ({ host, outcome: "whole" as const, missing: [], why: "" })),
      }),
      close: async () => undefined,
    };
  }

  /** What a host has in its kernel and in its file. */
  now(): readonly string[] {
    return [...this.fleet.hosts.values()].map(
      (host) => `${host.kernel.get(`net.ipv4.${KEY}`)} ${host.files.get(PLACE)?.trim()}`,
    );
  }

  get runFolder(): string {
    const runs = join(this.folder, "state", "%", "runs");
    return join(runs, readdirSync(runs).at(-1) ?? "");
  }
}

const ALL_NEW = ["1 token: new-secret", "1 token: new-secret"];
const ALL_OLD = ["0 token: old-secret", "0 token: old-secret"];

function reportOf(result: Result<RunReport, Failure> | null): RunReport {
  if (result === null) throw new Error("the controller was killed");
  if (!result.ok) throw new Error([result.error.message, ...result.error.more].join("\n"));
  return result.value;
}

function messageOf(result: Result<RunReport, Failure> | null): string {
  return result === null || result.ok ? "" : result.error.message;
}

describe("apply", () => {
  it("brings every host to the plan, in its kernel and on its disk", async () => {
    const stage = new Stage();
    const report = reportOf(await stage.apply());
    expect(report.outcome).toEqual({ kind: "done" });
    expect(stage.now()).toEqual(ALL_NEW);
    expect(report.folder).toBe(stage.runFolder);
    expect(stage.events.some((event) => event.kind === "journal" && event.entry.kind === "end")).toBe(true);
  });

  it("leaves no text of a configuration file behind: not in the journal, the events or the plan's copy", async () => {
    const stage = new Stage();
    reportOf(await stage.apply());
    const files = readdirSync(stage.runFolder, { recursive: true, withFileTypes: true }).filter((entry) =>
      entry.isFile(),
    );
    expect(files.map(({ name }) => name).sort()).toEqual([
      "events.ndjson",
      "health.json",
      "journal.ndjson",
      "plan.json",
      "start.json",
    ]);
    for (const { name } of files)
      expect(readFileSync(join(stage.runFolder, name), "utf8")).not.toContain("secret");
    expect(JSON.stringify(stage.events)).not.toContain("secret");
  });

  it("notes the checks that the operator did not want right behind the beginning", async () => {
    const report = reportOf(await new Stage().apply());
    const [begin, ...rest] = report.entries;
    expect(begin?.kind).toBe("begin");
    const notes = rest
      .slice(0, PREFLIGHT_CHECKS.length)
      .map((entry) => (entry.kind === "note" ? entry.what : entry.kind));
    expect(notes).toEqual(PREFLIGHT_CHECKS.map((name) => `check ${name}: skipped`));
  });

  it("refuses hosts that are not what the plan was made for, as commands for each host", async () => {
    const stage = new Stage();
    stage.live = network(2);
    const refused = await stage.apply();
    expect(refused?.ok === false && refused.error).toMatchObject({
      kind: "altered",
      message:
        "Expected the hosts as the plan found them, and `h1`, `h2` are different now. Nothing was changed.",
      more: [`h1: sysctl -w net.ipv4.${KEY}=0`, `h2: sysctl -w net.ipv4.${KEY}=0`],
    });
    expect(stage.now()).toEqual(ALL_OLD);
    expect(existsSync(join(stage.folder, "state", "%", "runs"))).toBe(false);
  });

  it("refuses a plan file that was edited, and one whose new files are others than it was made for", async () => {
    const stage = new Stage();
    writeFileSync(join(stage.folder, "tree", "h2.yaml"), "token: other\n");
    expect(messageOf(await stage.apply())).toBe(
      "Expected `h2.yaml` of `h2` with the text that the plan was made for, found another one or none. Nothing was changed.",
    );
    const path = join(stage.folder, "plan.json");
    writeFileSync(path, readFileSync(path, "utf8").replace("before", "behind"));
    expect(messageOf(await stage.apply())).toBe(
      "Expected the plan file as it was written, found one whose digest does not fit its text. Nothing was changed.",
    );
    expect(stage.now()).toEqual(ALL_OLD);
  });

  it("stops where a check fails, and names the check to skip", async () => {
    const stage = new Stage();
    const skippedChecks = PREFLIGHT_CHECKS.filter((name) => name !== "sessions");
    const refused = await stage.apply({ skippedChecks });
    expect(messageOf(refused)).toMatch(/^The check `sessions` failed: /);
    expect(refused?.ok === false && refused.error.hint).toContain("`--skip-check sessions`");
    expect(stage.now()).toEqual(ALL_OLD);
  });

  it("gives the fleet free again whatever came of it", async () => {
    const stage = new Stage();
    expect(reportOf(await stage.apply({ mayBegin: async () => false })).outcome.kind).toBe("refused");
    stage.live = network(2);
    await stage.apply();
    stage.live = network(0);
    expect(reportOf(await stage.apply()).outcome.kind).toBe("done");
  });

  it("says what it was to do with systems that no host has, or that are none", async () => {
    const stage = new Stage();
    expect(messageOf(await stage.apply({ systems: new Map([["h9", "/nix/store/x"]]) }))).toBe(
      "Expected a host of the plan for `--system`, found `h9`.",
    );
    expect(messageOf(await stage.apply({ systems: new Map([["h1", "/tmp/x"]]) }))).toBe(
      "Expected the path of a NixOS system in the store for `h1`, found `/tmp/x`.",
    );
  });

  it("says where the run cannot be kept on disk", async () => {
    const stage = new Stage();
    writeFileSync(join(stage.folder, "state"), "");
    expect(messageOf(await stage.apply())).toMatch(/^Expected to keep the run on disk: /);
    expect(stage.now()).toEqual(ALL_OLD);
  });
});

describe("resume and rollback", () => {
  const BROKEN = (entry: number): Partial<ApplyRequest> => ({
    openJournal: async (folder, use) => {
      const journal = await openFileJournals({ now: () => new Date().toISOString() })(folder, use);
      return {
        entries: journal.entries,
        append: async (next) => {
          if (journal.entries().length + 1 >= entry) throw new Error("the disk has died");
          await journal.append(next);
        },
      };
    },
  });

  it("bring a run to a whole end wherever its journal took no more", async () => {
    const whole = new Stage();
    const entries = reportOf(await whole.apply()).entries.length;
    const ends = new Set<string>();
    for (let entry = PREFLIGHT_CHECKS.length + 2; entry <= entries; entry += 1) {
      const stage = new Stage();
      await stage.apply(BROKEN(entry));
      const report = await stage.carryOn(resume);
      const ended = report?.ok === true ? report.value.outcome.kind : messageOf(report);
      expect([ALL_NEW, ALL_OLD], `entry ${entry}: ${ended}`).toContainEqual(stage.now());
      ends.add(ended);
    }
    expect([...ends]).toContain("done");
  });

  it("keep what is to be written while they are refused, and go on when the reason is gone", async () => {
    const whole = new Stage();
    const entries = reportOf(await whole.apply()).entries.length;
    const ends = new Set<string>();
    for (let entry = PREFLIGHT_CHECKS.length + 2; entry <= entries; entry += 1) {
      const stage = new Stage();
      await stage.apply(BROKEN(entry));
      const host = stage.fleet.host("h1");
      const { claim } = host;
      if (claim === null) continue;
      host.claim = "somebody";
      const first = await stage.carryOn(resume);
      if (first?.ok !== true || first.value.outcome.kind !== "refused") continue;
      expect(readdirSync(join(stage.runFolder, "texts")), `entry ${entry}`).toHaveLength(1);
      host.claim = claim;
      ends.add(reportOf(await stage.carryOn(resume)).outcome.kind);
    }
    expect([...ends]).toContain("done");
  });

  it("take a run back that was done, files and all", async () => {
    const stage = new Stage();
    reportOf(await stage.apply());
    expect(messageOf(await stage.carryOn(resume))).toMatch(
      /^Expected a run that goes on, found that `.*` has ended: done\.$/,
    );
    expect(reportOf(await stage.carryOn(rollback)).outcome.kind).toBe("rolled-back");
    expect(stage.now()).toEqual(ALL_OLD);
  });

  it("cut a torn journal only where that is asked for", async () => {
    const stage = new Stage();
    await stage.apply(BROKEN(PREFLIGHT_CHECKS.length + 8));
    appendFileSync(join(stage.runFolder, "journal.ndjson"), '{"kind":"inte');
    expect(messageOf(await stage.carryOn(resume))).toMatch(
      /^Entry \d+: expected a whole line, found 13 bytes/,
    );
    const report = reportOf(await stage.carryOn(resume, { repairsJournal: true }));
    expect(["done", "rolled-back"]).toContain(report.outcome.kind);
    expect([ALL_NEW, ALL_OLD]).toContainEqual(stage.now());
  });

  it("need to be told how hosts are reached whose ways had no name", async () => {
    const stage = new Stage();
    reportOf(await stage.apply());
    expect(messageOf(await stage.carryOn(rollback, { reach: null }))).toMatch(
      /^Expected to know how the hosts of run `.*` are reached, found no note of it\.$/,
    );
  });
});
