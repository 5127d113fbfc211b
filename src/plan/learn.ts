import type { HostId } from "#model/index.js";
import { type HostRange, type Precedence, waysToAvoid } from "./constraints.js";
import type { PhaseMemory, PhaseWitness } from "./plan.js";
import { offsetsOf, type Staging } from "./staging.js";

/** A witness with the stages that hosts may be in during its phase. */
export interface Judgement {
  readonly witness: PhaseWitness;
  readonly ranges: ReadonlyMap<HostId, HostRange>;
}

/** Stages and memories that make a witness when they meet. */
interface Meeting {
  readonly stages: readonly HostRange[];
  readonly memories: readonly PhaseMemory[];
}

/** A witness among alike hosts forbids the same among all of them; beyond this many it is learnt one by one. */
const MAX_GENERALISED = 5_000;

/** The clauses that a witness teaches, for its own hosts and for all that are alike: each has to be obeyed by one of its precedences. */
export function learn(staging: Staging, { witness, ranges }: Judgement): readonly (readonly Precedence[])[] {
  const movers = new Map(staging.changes.map((change) => [change.host, change.operations.length]));
  const offsets = offsetsOf(staging);
  const conditions = witness.conditions.flatMap((host) => ranges.get(host) ?? []);
  const stages = witness.stages.map(({ host, stage }): HostRange => {
    const at = stage + (ranges.get(host)?.from ?? 0);
    return { host, from: at, to: at };
  });
  const own: Meeting = { stages, memories: witness.memories };
  return [own, ...likewise(own, witness)].map((meeting) => [
    ...waysToAvoid(
      [
        ...meeting.stages,
        ...conditions,
        ...meeting.memories.flatMap((memory) => kept(memory, { movers, offsets })),
      ],
      movers,
    ),
    ...meeting.memories.flatMap((memory) => neverTaught(memory, { movers, offsets })),
  ]);
}

interface Numbers {
  readonly movers: ReadonlyMap<HostId, number>;
  /** Memories number stages over the whole change, precedences from the first of its phases that are still open. */
  readonly offsets: ReadonlyMap<HostId, number>;
}

/** When a memory is there: its teacher has been in that stage, and the host that was taught has forgotten nothing since. */
function kept(
  { host, learntIn, until, of, stage }: PhaseMemory,
  { movers, offsets }: Numbers,
): readonly HostRange[] {
  const own = offsets.get(host) ?? 0;
  return [
    { host: of, from: Math.max(0, stage - (offsets.get(of) ?? 0)), to: movers.get(of) ?? 0 },
    { host, from: Math.max(0, learntIn.from - own), to: until - own },
  ];
}

/** The ways in which host and teacher never are in those stages at one time: for a neighbour entry, the host flushes after its teacher has moved on. */
function neverTaught(
  { host, learntIn, of, stage }: PhaseMemory,
  { movers, offsets }: Numbers,
): readonly Precedence[] {
  const [own, others] = [offsets.get(host) ?? 0, offsets.get(of) ?? 0];
  if (stage < others || learntIn.to < own) return [];
  const met: readonly HostRange[] = [
    { host: of, from: stage - others, to: stage - others },
    { host, from: Math.max(0, learntIn.from - own), to: learntIn.to - own },
  ];
  return waysToAvoid(met, movers);
}

function likewise({ stages, memories }: Meeting, witness: PhaseWitness): readonly Meeting[] {
  const conditions = new Set(witness.conditions);
  const named = new Set([
    ...stages.map(({ host }) => host),
    ...memories.flatMap(({ host, of }) => [host, of]),
  ]);
  const choices = [...named].map((host) =>
    conditions.has(host)
      ? [host]
      : (witness.alike.get(host) ?? [host]).filter((other) => !conditions.has(other)),
  );
  const count = choices.reduce((product, hosts) => product * hosts.length, 1);
  if (count > MAX_GENERALISED) return [];
  const tuples = choices.reduce<readonly (readonly HostId[])[]>(
    (tuples, hosts) => tuples.flatMap((tuple) => hosts.map((host) => [...tuple, host])),
    [[]],
  );
  return tuples
    .filter((tuple) => new Set(tuple).size === tuple.length)
    .map((tuple) => {
      const others = new Map([...named].map((host, index) => [host, tuple[index] ?? host]));
      const other = (host: HostId): HostId => others.get(host) ?? host;
      return {
        stages: stages.map((stage) => ({ ...stage, host: other(stage.host) })),
        memories: memories.map((memory) => ({ ...memory, host: other(memory.host), of: other(memory.of) })),
      };
    });
}
