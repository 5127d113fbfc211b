import {
  buildWorld,
  classifyHosts,
  type Flow,
  type FlowKind,
  foldFlows,
  judgeFlow,
  type StagedHost,
  type Verdict,
  type World,
} from "#dataplane/index.js";
import type { Host, HostId, Invariant, Snapshot } from "#model/index.js";
import type { HostChange, RateFlow } from "#plan/index.js";
import { indexOwners, namedBy, statedDemand } from "./invariants.js";

/** Both ends of a change, and what every flow of it is worth. */
export interface RatedChange {
  readonly rate: RateFlow;
  /** Verdicts of one flow in the network as it is and as it will be. */
  readonly verdicts: (flow: Flow) => EndVerdicts | null;
  /** One flow of each kind, with how many it stands for. */
  readonly kinds: readonly FlowKind<true>[];
  /** Hosts of different labels differ somewhere on the whole way of the change. */
  readonly labels: ReadonlyMap<HostId, string>;
}

/** What the kernel may decide for a flow at the two ends. */
export interface EndVerdicts {
  readonly before: readonly Verdict[];
  readonly after: readonly Verdict[];
}

/** A change to rate: where it starts, the stages of those that move, and what the fleet states about flows. */
export interface ChangeToRate {
  readonly before: Snapshot;
  readonly changes: readonly HostChange[];
  readonly invariants: readonly Invariant[];
}

/**
 * Judges each kind of flow at both ends. Hosts are alike only where all their stages are, so that a flow may stand for
 * another in every phase of every plan of this change.
 */
export function rateFlows({ before, changes, invariants }: ChangeToRate): RatedChange {
  const staged = stageHosts(before, changes);
  const classes = classifyHosts(staged, before.segments).map(
    (shape, index) => `${namedBy(invariants, staged[index])} ${shape}`,
  );
  const numbers = new Map([...new Set(classes)].map((shape, index) => [shape, `k${index}`]));
  const short = classes.map((shape) => numbers.get(shape) ?? shape);
  const { kinds, kindOf } = foldFlows({
    world: buildWorld(staged, before.segments),
    classes: short,
    demandOf: () => true as const,
  });
  const ownerOf = indexOwners(staged);
  const verdictsOf = memoiseEnds(buildEnds(staged, before));
  const verdicts = (flow: Flow): EndVerdicts | null => {
    const kind = kindOf(flow);
    return kind === null ? null : verdictsOf(kind);
  };
  return {
    kinds,
    verdicts,
    labels: new Map(staged.map(({ id }, index) => [id, short[index] ?? ""])),
    rate: (flow) => {
      const ends = verdicts(flow);
      return {
        worksBefore: isDelivered(ends?.before),
        worksAfter: isDelivered(ends?.after),
        stated: statedDemand(invariants, flow, ownerOf),
      };
    },
  };
}

/** Every host with all its stages. */
export function stageHosts(before: Snapshot, changes: readonly HostChange[]): readonly StagedHost[] {
  const stages = new Map(changes.map((change) => [change.host, change.stages]));
  return [...before.hosts.values()].map((host) => ({ id: host.id, stages: stages.get(host.id) ?? [host] }));
}

/** Whether a flow is delivered whatever the kernel chooses. */
export function isDelivered(verdicts: readonly Verdict[] | undefined): boolean {
  return verdicts?.length === 1 && verdicts[0] === "delivered";
}

interface Ends {
  readonly before: World;
  readonly after: World;
}

function buildEnds(staged: readonly StagedHost[], { segments }: Snapshot): Ends {
  const only = (pick: (stages: readonly Host[]) => Host | undefined): World =>
    buildWorld(
      staged.map(({ id, stages }) => ({ id, stages: [pick(stages)].filter((host) => host !== undefined) })),
      segments,
    );
  return { before: only((stages) => stages[0]), after: only((stages) => stages.at(-1)) };
}

function memoiseEnds(ends: Ends): (kind: FlowKind<true>) => EndVerdicts {
  const known = new Map<FlowKind<true>, EndVerdicts>();
  return (kind) => {
    const found = known.get(kind);
    if (found !== undefined) return found;
    const judged = {
      before: judgeFlow(ends.before, kind.key, false).verdicts,
      after: judgeFlow(ends.after, kind.key, false).verdicts,
    };
    known.set(kind, judged);
    return judged;
  };
}
