import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parse } from "yaml";
import { hostPrefix, parseIPv4 } from "#ip/index.js";
import {
  type Cluster,
  compareRoutes,
  type FlowTarget,
  hostId,
  type Invariant,
  type Snapshot,
} from "#model/index.js";
import { at, buildSnapshot, ip, net } from "../fleet-builder.js";
import { type FlannelSketch, withFlannel } from "./flannel.js";
import { type ScenarioDocument, scenarioDocument } from "./format.js";
import { changedHosts, sketchOf } from "./sketch.js";

/** A scenario, ready to be planned. */
export interface Scenario
  extends Pick<ScenarioDocument, "strategies" | "helpers" | "expect" | "notInKernel"> {
  /** The name of its folder. */
  readonly name: string;
  readonly before: Snapshot;
  readonly after: Snapshot;
  readonly clusters: readonly Cluster[];
  readonly operator: ReturnType<typeof hostId> | null;
  readonly invariants: readonly Invariant[];
}

const FOLDER = fileURLToPath(new URL(".", import.meta.url));

/** The names of all scenarios, sorted: the folders beside this file. */
export function scenarioNames(): readonly string[] {
  return readdirSync(FOLDER, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => entry.name)
    .sort();
}

/** Reads one scenario; throws with the file's name where it is not as `format.ts` has it. */
export function readScenario(name: string): Scenario {
  const text = readFileSync(join(FOLDER, name, "scenario.yaml"), "utf8");
  const read = scenarioDocument.safeParse(parse(text, { merge: true }));
  if (!read.success) throw new RangeError(`${name}/scenario.yaml: ${read.error.message}`);
  return buildScenario(name, read.data);
}

/** The README of a scenario, which says what makes it hard. */
export function readStory(name: string): string {
  return readFileSync(join(FOLDER, name, "README.md"), "utf8");
}

/** Builds both networks of a scenario. */
function buildScenario(name: string, document: ScenarioDocument): Scenario {
  const { before, after, strategies, helpers, expect, notInKernel, operator, flannel } = document;
  return {
    name,
    before: buildNetwork(before, flannel && { nodes: flannel.nodes, backend: flannel.before }),
    after: buildNetwork(
      changedHosts(before, after),
      flannel && { nodes: flannel.nodes, backend: flannel.after },
    ),
    clusters: Object.entries(document.clusters).map(([id, cluster]) => buildCluster(id, cluster)),
    operator: operator === null ? null : hostId(operator),
    invariants: document.invariants.map((invariant) => buildInvariant(invariant, Object.keys(before))),
    strategies,
    helpers,
    expect,
    notInKernel,
  };
}

const HERE = at("scenario.yaml", 1);

/** Routes stand in the kernel's order, which a list that a person writes has not. */
function buildNetwork(hosts: ScenarioDocument["before"], flannel: FlannelSketch | undefined): Snapshot {
  const built = buildSnapshot(sketchOf(flannel === undefined ? hosts : withFlannel(hosts, flannel)));
  const ordered = [...built.hosts].map(
    ([id, host]) => [id, { ...host, routes: [...host.routes].sort(compareRoutes) }] as const,
  );
  return { ...built, hosts: new Map(ordered) };
}

function buildCluster(name: string, given: ScenarioDocument["clusters"][string]): Cluster {
  const member = (host: string): Cluster["servers"][number] => ({
    host: hostId(host),
    podCidr: null,
    source: HERE,
  });
  return {
    name,
    distribution: "k3s",
    servers: given.servers.map(member),
    agents: given.agents.map(member),
    backend: given.backend,
    podCidr: net(given.podCidr),
    serviceCidr: net(given.serviceCidr),
    vip: given.vip === null ? null : ip(given.vip),
    source: HERE,
  };
}

function buildInvariant(given: ScenarioDocument["invariants"][number], hosts: readonly string[]): Invariant {
  const { from, to, expect, why } = given;
  if (from !== "any" && !hosts.includes(from)) throw new RangeError(`no host \`${from}\` for an invariant`);
  return {
    from: from === "any" ? { kind: "any" } : { kind: "host", host: hostId(from) },
    to: flowTarget(to, hosts),
    expect,
    why,
    source: HERE,
  };
}

function flowTarget(text: string, hosts: readonly string[]): FlowTarget {
  if (text === "any") return { kind: "any" };
  if (hosts.includes(text)) return { kind: "host", host: hostId(text) };
  const address = parseIPv4(text);
  return { kind: "prefix", prefix: address === null ? net(text) : hostPrefix(address) };
}
