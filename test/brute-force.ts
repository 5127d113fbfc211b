import {
  buildWorld,
  judgeExits,
  judgeFlow,
  ownedAddresses,
  type StagedHost,
  type Verdict,
} from "#dataplane/index.js";
import type { IPv4 } from "#ip/index.js";
import type { HostId, Segment } from "#model/index.js";

/** Says what is wrong in a state of the fleet, or null. */
export type Judge = (state: readonly StagedHost[]) => string | null;

/** The stages to judge, and addresses of no host that stand for the world outside. */
export interface Judged {
  readonly staged: readonly StagedHost[];
  readonly segments: readonly Segment[];
  readonly outside: readonly IPv4[];
  /** Flows that need not arrive on the way; a loop is forbidden to them too. */
  readonly isFree?: (from: HostId, to: IPv4) => boolean;
}

/** Says what is wrong in a state: the words of the relational invariant, without any class, fold or walk that is shared. */
export function buildJudge({ staged, segments, outside, isFree }: Judged): Judge {
  const targets = ownedAddresses(staged.flatMap(({ stages }) => stages));
  const asked = { targets, sizes: hasSeveralMtus(staged) ? SIZES : SIZES.slice(0, 1) };
  const first = judgeState(
    staged.map(({ id, stages }) => ({ id, stages: stages.slice(0, 1) })),
    segments,
    asked,
  );
  const last = judgeState(
    staged.map(({ id, stages }) => ({ id, stages: stages.slice(-1) })),
    segments,
    asked,
  );
  const ends = [0, -1].map((at) =>
    staged.map(({ id, stages }) => ({ id, stages: [stages.at(at)].filter((one) => one !== undefined) })),
  );
  const [firstExits, lastExits] = ends.map((state) => exitsOf(state, segments, outside));
  const free = new Set(
    staged.flatMap(({ id }) =>
      [...targets, ...outside]
        .filter((to) => isFree?.(id, to) === true)
        .flatMap((to) => SIZES.map((size) => flowName(id, to, size))),
    ),
  );
  return (state) => {
    for (const [flow, { exits, isLoop }] of exitsOf(state, segments, outside)) {
      const old = firstExits?.get(flow);
      const allowed = [...(old?.exits ?? []), ...(lastExits?.get(flow)?.exits ?? [])];
      if (old?.isLoop === true) continue;
      if (isLoop) return `${flow} loops`;
      if (!free.has(flow) && exits.some((exit) => !allowed.includes(exit)))
        return `${flow} leaves by ${exits.join()}`;
    }
    for (const [flow, verdicts] of judgeState(state, segments, asked)) {
      const [old, next] = [first.get(flow) ?? [], last.get(flow) ?? []];
      if (verdicts.includes("loop") && !old.includes("loop")) return `${flow} loops`;
      const mustArrive = isDelivered(old) && isDelivered(next) && !free.has(flow);
      if (mustArrive && !isDelivered(verdicts)) return `${flow} is ${verdicts.join()}`;
    }
    return null;
  };
}

/** Where each host's packets to the world outside end. */
function exitsOf(
  state: readonly StagedHost[],
  segments: readonly Segment[],
  outside: readonly IPv4[],
): ReadonlyMap<string, { readonly exits: readonly string[]; readonly isLoop: boolean }> {
  const world = buildWorld(state, segments);
  return new Map(
    state.flatMap(({ id }, host) =>
      outside.map((to) => {
        const isLoop = judgeFlow(world, { host, to }, false).verdicts.includes("loop");
        const exits = judgeExits(world, { host, to }).map((exit) => (exit === "self" ? id : exit));
        return [`${id} ${to}`, { exits, isLoop }] as const;
      }),
    ),
  );
}

function isDelivered(verdicts: readonly Verdict[]): boolean {
  return String(verdicts) === "delivered";
}

function judgeState(
  state: readonly StagedHost[],
  segments: readonly Segment[],
  { targets, sizes }: { readonly targets: readonly IPv4[]; readonly sizes: readonly Size[] },
): ReadonlyMap<string, readonly Verdict[]> {
  const world = buildWorld(state, segments);
  return new Map(
    state.flatMap(({ id }, host) =>
      targets.flatMap((to) =>
        sizes.map((size) => {
          const key = size === "small" ? { host, to } : { host, to, size };
          return [flowName(id, to, size), judgeFlow(world, key, false).verdicts] as const;
        }),
      ),
    ),
  );
}

type Size = "small" | "full";
const SIZES: readonly Size[] = ["small", "full"];

function flowName(from: HostId, to: IPv4, size: Size): string {
  return size === "small" ? `${from} ${to}` : `${from} ${to} in full size`;
}

/** Where all links have one MTU, the size of packets makes no difference. */
function hasSeveralMtus(staged: readonly StagedHost[]): boolean {
  const links = staged.flatMap(({ stages }) => stages.flatMap((stage) => stage.links));
  return new Set(links.filter(({ type }) => type.kind !== "loopback").map(({ mtu }) => mtu)).size > 1;
}

/** Every combination of stages. */
export function allStates(staged: readonly StagedHost[]): readonly (readonly StagedHost[])[] {
  return staged.reduce<readonly (readonly StagedHost[])[]>(
    (states, { id, stages }) =>
      states.flatMap((state) => stages.map((stage) => [...state, { id, stages: [stage] }])),
    [[]],
  );
}

/** A way through good states from nothing done to all done, one operation of one host at a time. */
export function hasSafeOrder(staged: readonly StagedHost[], judge: Judge): boolean {
  const seen = new Set<string>();
  const open = [staged.map(() => 0)];
  for (let at = open.pop(); at !== undefined; at = open.pop()) {
    const done = at;
    if (seen.has(done.join())) continue;
    seen.add(done.join());
    const state = staged.map(({ id, stages }, host) => ({
      id,
      stages: stages.slice(done[host], (done[host] ?? 0) + 1),
    }));
    if (judge(state) !== null) continue;
    if (done.every((stage, host) => stage === (staged[host]?.stages.length ?? 1) - 1)) return true;
    open.push(
      ...done.flatMap((stage, host) =>
        stage + 1 < (staged[host]?.stages.length ?? 1) ? [done.with(host, stage + 1)] : [],
      ),
    );
  }
  return false;
}
