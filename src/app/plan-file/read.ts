import { z } from "zod";
import { readSnapshot } from "#formats/iproute2/index.js";
import { parsePrefix } from "#ip/index.js";
import {
  type Cluster,
  type ConfigurationTree,
  err,
  type Fleet,
  type Host,
  type HostId,
  hostId,
  type Invariant,
  type Issue,
  ok,
  type Result,
  type Snapshot,
} from "#model/index.js";
import type { Failure } from "../failure.js";
import type { Json } from "./encode.js";
import { say } from "./messages.js";
import { type PlanFile, planFileSchema } from "./schema.js";
import { digestOf } from "./write.js";

/** A plan file with its networks and whether its digest is its own. */
export interface ReadPlan {
  readonly plan: PlanFile;
  readonly before: Snapshot;
  readonly after: Snapshot;
  readonly isIntact: boolean;
  /** Hosts that are wired and of which a network has no state; they are left out of the wiring. */
  readonly missing: readonly HostId[];
}

/** Reads a plan file. Anything that is no plan file in form is `altered`: nothing can be said about it. */
export function parsePlanFile(text: string, path: string): Result<ReadPlan, Failure> {
  const json = parseJson(text);
  if (json === undefined) return err(say.damagedPlan(path, "it is not JSON to its end"));
  const parsed = planFileSchema.safeParse(json);
  if (!parsed.success) return err(say.damagedPlan(path, describeIssue(parsed.error.issues[0])));
  const plan = parsed.data;
  const before = readNetwork(plan.network.before, plan.unmodelled.before);
  if (!before.ok) return err(say.damagedPlan(path, `its network before: ${before.error}`));
  const after = readNetwork(plan.network.after, plan.unmodelled.after);
  if (!after.ok) return err(say.damagedPlan(path, `its network after: ${after.error}`));
  const missing = [plan.network.before, plan.network.after].flatMap((files) => findUnknownPorts(files));
  return ok({
    plan,
    before: before.value,
    after: after.value,
    isIntact: digestOf(json) === plan.digest,
    missing: [...new Set(missing)].map(hostId),
  });
}

function describeIssue(
  issue: { readonly path: readonly PropertyKey[]; readonly message: string } | undefined,
): string {
  const message = (issue?.message ?? "it does not fit").replace(/^Invalid input: /, "");
  const place = issue?.path.map(String).join(".") ?? "";
  return `${place === "" ? "at its top" : `at \`${place}\``}, ${message}`;
}

/** The host that the operator works from, or null. */
export function operatorOf({ operator }: PlanFile): HostId | null {
  return operator === null ? null : hostId(operator);
}

/** The clusters as far as a plan file knows them. */
export function clustersOf(plan: PlanFile): readonly Cluster[] {
  const nowhere = { file: "", line: 1, column: 1 };
  return plan.clusters.map(({ name, servers, agents }): Cluster => {
    const members = (names: readonly string[]): Cluster["servers"] =>
      names.map((host) => ({ host: hostId(host), podCidr: null, source: nowhere }));
    return {
      name,
      distribution: "other",
      servers: members(servers),
      agents: members(agents),
      backend: "none",
      podCidr: { address: NO_ADDRESS, length: 32 },
      serviceCidr: { address: NO_ADDRESS, length: 32 },
      vip: null,
      source: nowhere,
    };
  });
}

const NO_ADDRESS = 0 as Cluster["podCidr"]["address"];

/** The invariants of the fleet that the plan was made for. */
export function invariantsOf(plan: PlanFile): Fleet["invariants"] {
  return plan.invariants.flatMap(({ from, to, expect, why }): readonly Invariant[] => {
    const source =
      from.kind === "host" ? { kind: from.kind, host: hostId(from.host) } : ({ kind: "any" } as const);
    const target = readTarget(to);
    return target === null
      ? []
      : [{ from: source, to: target, expect, why, source: { file: "", line: 1, column: 1 } }];
  });
}

function readTarget(to: PlanFile["invariants"][number]["to"]): Invariant["to"] | null {
  switch (to.kind) {
    case "any":
      return { kind: "any" };
    case "host":
      return { kind: "host", host: hostId(to.host) };
    case "prefix": {
      const prefix = parsePrefix(to.prefix);
      return prefix === null ? null : { kind: "prefix", prefix };
    }
  }
}

function parseJson(text: string): Json | undefined {
  try {
    return JSON.parse(text) as Json;
  } catch {
    return undefined;
  }
}

type Unmodelled = PlanFile["unmodelled"]["before"];

function readNetwork(
  files: Readonly<Record<string, unknown>>,
  unmodelled: Unmodelled,
): Result<Snapshot, string> {
  const texts = new Map(
    Object.entries({ ...files, ...knownWiring(files) }).map(([path, value]) => [
      path,
      typeof value === "string" ? value : JSON.stringify(value),
    ]),
  );
  const tree: ConfigurationTree = {
    read: (path) => texts.get(path) ?? null,
    list: (folder) =>
      [...texts.keys()].filter((path) => folder === "." || path.startsWith(`${folder}/`)).sort(),
  };
  const reading = readSnapshot(tree);
  if (!reading.ok) return err(reading.error[0]?.message.replace(/[.]$/, "") ?? "it cannot be read");
  const { hosts, segments } = reading.value.snapshot;
  const marked = [...hosts.values()].map((host) => markUnmodelled(host, notedOf(unmodelled, host.id)));
  return ok({ hosts: new Map(marked.map((host) => [host.id, host])), segments });
}

const wiringSchema = z.object({ segments: z.record(z.string(), z.array(z.tuple([z.string(), z.string()]))) });

type Files = Readonly<Record<string, unknown>>;

function hasFolder(files: Files, host: string): boolean {
  return Object.keys(files).some((path) => path.startsWith(`hosts/${host}/`));
}

function findUnknownPorts(files: Files): readonly string[] {
  const wiring = wiringSchema.safeParse(files["wiring.json"]);
  if (!wiring.success) return [];
  const hosts = Object.values(wiring.data.segments).flatMap((ports) => ports.map(([host]) => host));
  return [...new Set(hosts)].filter((host) => !hasFolder(files, host));
}

/** The wiring without the ports of hosts that are gone: the rest of the plan can still be judged. Nothing where all is known. */
function knownWiring(files: Files): Files {
  const unknown = new Set(findUnknownPorts(files));
  const wiring = wiringSchema.safeParse(files["wiring.json"]);
  if (unknown.size === 0 || !wiring.success) return {};
  const segments = Object.entries(wiring.data.segments).map(([name, ports]) => [
    name,
    ports.filter(([host]) => !unknown.has(host)),
  ]);
  return { "wiring.json": { segments: Object.fromEntries(segments) } };
}

/** A host may be called `constructor`, which every object answers to. */
function notedOf(unmodelled: Unmodelled, host: HostId): Unmodelled[string] {
  return Object.hasOwn(unmodelled, host) ? (unmodelled[host] ?? []) : [];
}

/** What the reader of the files found by itself stays. */
function markUnmodelled(host: Host, noted: Unmodelled[string]): Host {
  const isKnown = new Set(host.unmodelled.map(({ code, message }) => `${code} ${message}`));
  const issues = noted
    .filter(({ code, message }) => !isKnown.has(`${code} ${message}`))
    .map((issue): Issue => ({ ...issue, severity: "unmodelled", source: null, hint: "" }));
  return issues.length === 0 ? host : { ...host, unmodelled: [...host.unmodelled, ...issues] };
}
