import { applyOperation, type Host, type HostId, hostId, type Operation } from "#model/index.js";
import { describeDifference, type HostChange, isWiringHost, type Phase, type Step } from "#plan/index.js";
import type { ReadPlan } from "./read.js";

/** The steps of a plan file carried out on its network before, or the first thing that does not go. */
export type Replay =
  | { readonly kind: "replayed"; readonly changes: readonly HostChange[]; readonly phases: readonly Phase[] }
  | { readonly kind: "stuck"; readonly problem: string; readonly host: HostId };

interface Way {
  readonly operations: Operation[];
  readonly stages: Host[];
}

/** Carries the steps out on the model of the kernel, and compares where they end with the network after. Both networks are in one wiring. */
export function replayPlan({ plan, before, after, missing: lost }: ReadPlan): Replay {
  const missing = lost[0] ?? findMissingHost({ plan, before, after });
  if (missing !== null)
    return {
      kind: "stuck",
      host: missing,
      problem: "it is wired to a segment or moved by a step, and the plan has no state of it",
    };
  const ways = new Map<HostId, Way>();
  const phases: Phase[] = [];
  for (const phase of plan.phases) {
    const steps: Step[] = [];
    for (const { host: name, operations } of phase.steps) {
      const host = hostId(name);
      const start = before.hosts.get(host);
      if (start === undefined)
        return { kind: "stuck", host, problem: "a step moves it, and the plan has no state of it" };
      const way = ways.get(host) ?? { operations: [], stages: [start] };
      ways.set(host, way);
      const fromStage = way.operations.length;
      const refusal = advance(
        way,
        operations.map(({ operation }) => operation),
      );
      if (refusal !== null) return { kind: "stuck", host, problem: refusal };
      steps.push({ host, fromStage, toStage: way.operations.length });
    }
    phases.push({ steps });
  }
  const short = findShort({ before, after }, ways);
  if (short !== null) return short;
  return { kind: "replayed", phases, changes: [...ways].map(([host, way]) => ({ host, ...way })) };
}

function advance(way: Way, operations: readonly Operation[]): string | null {
  for (const operation of operations) {
    const result = applyOperation(way.stages.at(-1) ?? ({} as Host), operation);
    if (!result.ok) {
      return `the kernel refuses its operation ${way.operations.length + 1} (${operation.kind}): ${result.error.kernelMessage}`;
    }
    way.operations.push(operation);
    way.stages.push(result.value);
  }
  return null;
}

type Ends = Pick<ReadPlan, "before" | "after">;

function findMissingHost({
  plan,
  before,
  after,
}: Pick<ReadPlan, "plan" | "before" | "after">): HostId | null {
  // A plan from two snapshots lists no hosts; one of a fleet lists them all.
  const listed = new Set(plan.hosts.map(({ name }) => hostId(name)));
  const known = (host: HostId): boolean =>
    before.hosts.has(host) &&
    after.hosts.has(host) &&
    (listed.size === 0 || listed.has(host) || isWiringHost(host));
  const wired = [...before.segments, ...after.segments].flatMap((segment) =>
    segment.ports.map((port) => port.host),
  );
  return [...wired, ...before.hosts.keys(), ...after.hosts.keys()].find((host) => !known(host)) ?? null;
}

/** A host that ends elsewhere than in the network after: a step of it is missing, or one too many is there. */
function findShort({ before, after }: Ends, ways: ReadonlyMap<HostId, Way>): Replay | null {
  for (const [host, target] of after.hosts) {
    const end = ways.get(host)?.stages.at(-1) ?? before.hosts.get(host);
    const difference = end === undefined ? [] : describeDifference(end, target);
    if (difference.length > 0) {
      return {
        kind: "stuck",
        host,
        problem: `its steps do not end in the target: ${difference.slice(0, 3).join("; ")}`,
      };
    }
  }
  return null;
}
