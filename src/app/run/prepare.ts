import { resolve } from "node:path";
import {
  type Cluster,
  type ConfigurationTree,
  err,
  type Fleet,
  type Host,
  ok,
  type Result,
} from "#model/index.js";
import type { RunProgram } from "#rollout/index.js";
import type { Failure } from "../failure.js";
import { loadFleet } from "../load-fleet.js";
import { clustersOf } from "../plan-file/read.js";
import { openTree, placeOfTree } from "../tree/tree-reference.js";
import { buildRunProgram, fleetHosts } from "./build-run-program.js";
import { checkWindow } from "./check-window.js";
import { say } from "./messages.js";
import { type HostsRequest, reachableAddresses } from "./open-hosts.js";
import { type ReadyPlan, readReadyPlan } from "./ready-plan.js";
import type { ApplyRequest } from "./request.js";
import { newRunId } from "./run-id.js";

/** A run that is ready but for its hosts. */
export interface PreparedRun {
  readonly ready: ReadyPlan;
  readonly fleet: Fleet | null;
  readonly clusters: readonly Cluster[];
  readonly program: RunProgram;
  readonly hosts: HostsRequest;
  /** A folder of this machine with the files that will be written; null: none will, or they come from git. */
  readonly configurationFolder: string | null;
}

/** Reads and proves the plan and makes its program, without asking any host. */
export function prepareRun(request: ApplyRequest): Result<PreparedRun, Failure> {
  const ready = readReadyPlan(request.planPath);
  if (!ready.ok) return ready;
  const fleet = readFleet(request.fleetPath);
  if (!fleet.ok) return fleet;
  const systems = checkSystems(ready.value, request.systems);
  if (!systems.ok) return systems;
  const { plan } = ready.value;
  const reference = request.configuration ?? plan.to;
  // Without a fleet file the tree is looked for from here.
  const home = request.fleetPath ?? "pointsman.yaml";
  const program = buildRunProgram(ready.value, {
    runId: newRunId(request.clock.now()),
    fleet: fleet.value,
    policy: request.policy,
    openTree: (): Result<ConfigurationTree, Failure> => openTree(home, reference),
    systems: request.systems,
  });
  if (!program.ok) return program;
  const window = checkWindow(request.window, program.value, request.clock.now());
  if (!window.ok) return window;
  const writes = program.value.phases.some(({ steps }) => steps.some(({ persist }) => persist.length > 0));
  return ok({
    ready: ready.value,
    fleet: fleet.value,
    clusters: fleet.value?.clusters ?? clustersOf(plan),
    program: program.value,
    hosts: hostsRequest(request, ready.value, { fleet: fleet.value, program: program.value }),
    configurationFolder:
      writes && !reference.startsWith("git:") ? resolve(placeOfTree(home, reference)) : null,
  });
}

function readFleet(path: string | null): Result<Fleet | null, Failure> {
  if (path === null) return ok(null);
  const loaded = loadFleet(path);
  return loaded.ok ? ok(loaded.value.fleet) : loaded;
}

const STORE_PATH = /^\/nix\/store\/[0-9a-z]{32}-[A-Za-z0-9+._?=-]+$/;

function checkSystems(ready: ReadyPlan, systems: ReadonlyMap<string, string>): Result<null, Failure> {
  const known = new Set<string>(fleetHosts(ready));
  for (const [host, path] of systems) {
    if (!known.has(host)) return err(say.systemOfNobody(host));
    if (!STORE_PATH.test(path)) return err(say.noSystem(host, path));
  }
  return ok(null);
}

function hostsRequest(
  { reach }: ApplyRequest,
  { plan, states }: ReadyPlan,
  { fleet, program }: { readonly fleet: Fleet | null; readonly program: RunProgram },
): HostsRequest {
  const named = fleet === null ? plan.hosts : fleet.hosts.map(({ id, ssh }) => ({ name: id, ssh }));
  const statesOf = (host: Host["id"]): readonly Host[] =>
    states.flatMap((state) => state.hosts.get(host) ?? []);
  return {
    reach,
    destinations: new Map(named.flatMap(({ name, ssh }) => (ssh === null ? [] : [[name, ssh] as const]))),
    thisMachine: program.hosts.find((host) => host === (fleet?.operator ?? plan.operator)) ?? null,
    addressesOf: (host) => reachableAddresses(statesOf(host)),
    requestTimeoutMs: program.policy.requestTimeoutMs,
  };
}
