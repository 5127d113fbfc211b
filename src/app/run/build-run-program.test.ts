import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { hostId, ok } from "#model/index.js";
import type { RunProgram } from "#rollout/index.js";
import {
  INCIDENT,
  INCIDENT_FLEET,
  makeScratch,
  planIncident,
  writePlan,
} from "../../../test/run/incident-plan.js";
import { loadFleet } from "../load-fleet.js";
import { sha256Of } from "../plan-file/changed-files.js";
import { openFolderTree } from "../tree/folder-tree.js";
import { type BuildRequest, buildRunProgram } from "./build-run-program.js";
import { type ReadyPlan, readReadyPlan } from "./ready-plan.js";

const scratch = makeScratch();
let ready: ReadyPlan;

beforeAll(() => {
  const read = readReadyPlan(writePlan(scratch.path, planIncident("before", "fixed")));
  if (!read.ok) throw new Error(read.error.message);
  ready = read.value;
}, 120_000);
afterAll(scratch.remove);

const NODES = ["nl-k8s-01", "nl-k8s-02", "nl-k8s-03", "nl-k8s-04"];
const SYSTEMS = new Map(NODES.map((name) => [name, `/nix/store/${"a".repeat(32)}-nixos-system-${name}`]));

function build(given: Partial<BuildRequest> = {}): ReturnType<typeof buildRunProgram> {
  const fleet = loadFleet(INCIDENT_FLEET);
  return buildRunProgram(ready, {
    runId: "20261123T031500Z-3f2a",
    fleet: fleet.ok ? fleet.value.fleet : null,
    policy: {},
    openTree: () => openFolderTree(join(INCIDENT, "fixed")),
    systems: SYSTEMS,
    ...given,
  });
}

function built(given: Partial<BuildRequest> = {}): RunProgram {
  const program = build(given);
  if (!program.ok) throw new Error(`${program.error.message} ${program.error.more.join(" ")}`);
  return program.value;
}

function refusal(given: Partial<BuildRequest>): string {
  const program = build(given);
  return program.ok ? "built" : program.error.message;
}

describe("The program of a run", () => {
  it("names every host of the fleet, changed or not, and what it belongs to", () => {
    const program = built();
    expect(program.hosts).toEqual([...NODES, "nl-pve-01", "nl-pve-02", "r5c"]);
    expect(program).toMatchObject({
      fleet: "inc-0004",
      strategy: "live",
      planDigest: ready.plan.digest,
      services: [],
    });
  });

  it("tells each host the plan's own commands as words, there and back", () => {
    const [phase] = built().phases;
    const [step] = phase?.steps ?? [];
    const [planned] = ready.plan.phases[0]?.steps ?? [];
    expect(step?.forward.map((words) => words.join(" "))).toEqual(
      planned?.operations.map(({ command }) => command),
    );
    expect(step?.revert.map((words) => words.join(" "))).toEqual(planned?.revert);
    expect(step?.forward[0]).toEqual(
      "ip route add 10.0.0.0/16 via 10.0.0.1 dev enp1s0 proto static onlink".split(" "),
    );
  });

  it("expects every pair of a host and an address, before and after each phase", () => {
    const program = built();
    const addresses = new Set(program.baseline.map(({ to }) => to));
    expect(program.baseline).toHaveLength(program.hosts.length * addresses.size);
    expect(program.phases[0]?.expected).toHaveLength(program.baseline.length);
    expect(program.baseline.every(({ expected }) => expected === "delivered")).toBe(true);
  });

  it("gives each host the system that is written when it is confirmed", () => {
    expect(built().phases[0]?.steps.map(({ host, persist }) => [host, persist])).toEqual(
      NODES.map((host) => [host, [{ kind: "nixos-system", system: SYSTEMS.get(host) }]]),
    );
  });

  it("writes nothing where the run is a trial", () => {
    const program = built({ policy: { persist: "never" }, systems: new Map() });
    expect(program.phases.flatMap(({ steps }) => steps.flatMap(({ persist }) => persist))).toEqual([]);
  });

  it("refuses hosts of NixOS without their new system", () => {
    expect(refusal({ systems: new Map() })).toBe(
      "Expected the new NixOS system of `nl-k8s-01`, whose modules change, found none. Nothing was changed.",
    );
  });

  it("arms for as long as the slowest phase needs with its gate's patience", () => {
    // 3 x 15 s of requests, 5 s settling, 3 x 5 s measuring, 15 s margin, 120 s patience.
    expect(built().policy.deadlineSeconds).toBe(200);
    expect(built({ policy: { order: "one-by-one" } }).policy.deadlineSeconds).toBe(245);
    expect(built({ policy: { deadlineSeconds: 80 } }).policy.deadlineSeconds).toBe(80);
    expect(refusal({ policy: { deadlineSeconds: 79 } })).toBe(
      "Expected a deadline of at least 80 s for arming, switching, settling, measuring and confirming, found 79 s.",
    );
  });

  it("pauses only where hosts switch one by one", () => {
    expect(refusal({ policy: { pauses: true } })).toBe(
      "Expected `--one-by-one` with `--pause`, found `--pause` alone.",
    );
    expect(built({ policy: { pauses: true, order: "one-by-one" } }).policy.pauses).toBe(true);
  });
});

describe("What is written", () => {
  const FILE = { host: "nl-pve-01", dialect: "ifupdown", path: "machines/nl-pve-01/interfaces" } as const;
  const text = "auto lo\n";
  const digest = "3b2f7c1b7ee0b0ca0f8d3d1bd3e1b7b8ac2b07c2a2a4c6f1d4c8b3a3f1f1a111";

  function withFiles(files: ReadyPlan["plan"]["files"]): ReadyPlan {
    return { ...ready, plan: { ...ready.plan, files: [...ready.plan.files, ...files] } };
  }

  function buildWith(files: ReadyPlan["plan"]["files"], tree: string): ReturnType<typeof buildRunProgram> {
    return buildRunProgram(withFiles(files), {
      runId: "r",
      fleet: null,
      policy: {},
      openTree: () => openFolderTree(tree),
      systems: SYSTEMS,
    });
  }

  it("goes to hosts whose network does not change too, with the last phase, and the platform's tool is asked", () => {
    mkdirSync(join(scratch.path, "machines", "nl-pve-01"), { recursive: true });
    writeFileSync(join(scratch.path, FILE.path), text);
    const at = "/etc/network/interfaces";
    const program = buildWith([{ ...FILE, at, before: digest, after: sha256Of(text) }], scratch.path);
    expect(program.ok && program.value.phases.at(-1)?.steps.at(-1)).toEqual({
      host: "nl-pve-01",
      forward: [],
      revert: [],
      persist: [
        { kind: "file", path: at, before: digest, text },
        { kind: "check", platform: "ifupdown2" },
      ],
    });
  });

  it.each([
    {
      name: "a text that is not the one of the plan",
      file: { ...FILE, at: "/etc/network/interfaces", before: digest, after: digest },
      message:
        "Expected `machines/nl-pve-01/interfaces` of `nl-pve-01` with the text that the plan was made for, found another one or none. Nothing was changed.",
    },
    {
      name: "a file whose place on the host is not known",
      file: { ...FILE, at: null, before: digest, after: digest },
      message:
        "Expected to know where `machines/nl-pve-01/interfaces` lies on `nl-pve-01`, and nothing says so. Nothing was changed.",
    },
  ])("is refused: $name", ({ file, message }) => {
    const program = buildWith([file], join(INCIDENT, "fixed"));
    expect(program.ok ? "" : program.error.message).toBe(message);
  });

  it("is removed where the new tree has the file no more", () => {
    const at = "/etc/network/interfaces.d/guests";
    const program = buildWith([{ ...FILE, at, before: digest, after: null }], scratch.path);
    expect(program.ok && program.value.phases.at(-1)?.steps.at(-1)?.persist[0]).toEqual({
      kind: "file-delete",
      path: at,
      before: digest,
    });
  });

  it("must be something where a network changes for good: a plan of snapshots has no files", () => {
    const bare = { ...ready, plan: { ...ready.plan, files: [] } };
    const request = {
      runId: "r",
      fleet: null,
      openTree: () => ok({ read: () => null, list: () => [] }),
      systems: SYSTEMS,
    };
    const program = buildRunProgram(bare, { ...request, policy: {} });
    expect(program.ok ? "" : program.error.message).toBe(
      "Expected changed configuration files of `nl-k8s-01`, `nl-k8s-02`, `nl-k8s-03`, `nl-k8s-04`, found none in the plan: after a reboot the old network would be back. Nothing was changed.",
    );
    expect(buildRunProgram(bare, { ...request, policy: { persist: "never" } }).ok).toBe(true);
  });
});

describe("Services that stand still", () => {
  const stopping = (strategy: "rolling-stop" | "full-stop"): ReadyPlan => ({
    ...ready,
    plan: { ...ready.plan, strategy },
  });
  const request = {
    runId: "r",
    policy: { persist: "never" as const },
    openTree: () => ok({ read: () => null, list: () => [] }),
    systems: new Map(),
  };

  it("are k3s's own, of every member", () => {
    const fleet = loadFleet(INCIDENT_FLEET);
    const program = buildRunProgram(stopping("full-stop"), {
      ...request,
      fleet: fleet.ok ? fleet.value.fleet : null,
    });
    expect(program.ok && program.value.services).toEqual(
      NODES.map((host) => ({ host: hostId(host), units: ["k3s.service"] })),
    );
  });

  it("are not known without the fleet file, nor of another distribution", () => {
    const fleet = loadFleet(INCIDENT_FLEET);
    const without = buildRunProgram(stopping("full-stop"), { ...request, fleet: null });
    expect(without.ok ? "" : without.error.message).toBe(
      "Expected the fleet file, since `full-stop` stops services and it says which cluster runs where, found none. Nothing was changed.",
    );
    if (!fleet.ok) throw new Error(fleet.error.message);
    const clusters = fleet.value.fleet.clusters.map((cluster) => ({
      ...cluster,
      distribution: "other" as const,
    }));
    const other = buildRunProgram(stopping("rolling-stop"), {
      ...request,
      fleet: { ...fleet.value.fleet, clusters },
    });
    expect(other.ok ? "" : other.error.message).toBe(
      "Expected clusters of k3s for `rolling-stop`, found `home` of another distribution, whose units are not known. Nothing was changed.",
    );
  });
});
