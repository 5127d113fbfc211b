import type { Host, HostId, LinkName, Segment, Snapshot } from "#model/index.js";
import type { RateFlow } from "./demands.js";
import type { HelperKind } from "./helper-stage.js";
import type { DemandOf, HostChange, PhaseWitness, PlanFlow, Prove } from "./plan.js";

/** What was demanded of a flow. */
export type FlowDemand = NonNullable<ReturnType<DemandOf>>;

/** A flow that does not meet its demand, with its walk. */
export interface FlowWalk {
  readonly flow: PlanFlow;
  readonly demand: FlowDemand;
  readonly verdict: string;
  /** Hosts on whose link the request arrived, the sender left out; then the same of the reply. */
  readonly path: readonly HostId[];
  readonly back: readonly HostId[];
  readonly hops: readonly WalkHop[];
}

/** What a host did and by which rule of the kernel. */
export interface WalkHop {
  readonly host: HostId;
  readonly link: LinkName | null;
  readonly decision: string;
  readonly rule: string;
  readonly why: string;
}

/** A witness that says enough to look for helper stages: its walk, and one state of the fleet in which it holds. */
export interface WalkedWitness extends PhaseWitness, FlowWalk {
  /** Every host's stages up to the one that it is in, the first one first. */
  readonly state: () => { readonly histories: ReadonlyMap<HostId, readonly Host[]> };
}

/** Judges one flow in one state of the fleet, with what caches remember there: null where its demand is met. */
export type AskFlow = (
  state: readonly Host[],
  segments: readonly Segment[],
  asked: Pick<FlowWalk, "flow" | "demand"> & Pick<PhaseWitness, "memories">,
) => FlowWalk | null;

/** How helper stages are looked for and judged. */
export interface HelperSearch<P, W extends WalkedWitness> {
  readonly after: Snapshot;
  /** The kinds that may be used, in any order. */
  readonly kinds: readonly HelperKind[];
  /** Demands and proof for the same ends by other stages. */
  readonly judge: (changes: readonly HostChange[]) => Judge<P, W>;
  readonly askFlow: AskFlow;
  /** Hosts of one name are alike in all stages of the change. */
  readonly classOf: (host: HostId) => string;
}

/** What a change is judged by. */
export interface Judge<P, W extends PhaseWitness> {
  readonly rate: RateFlow;
  readonly prove: Prove<P, W>;
}

/** What the search for helper stages looked at before it said that there is no plan, or found one. */
export interface HelperEffort {
  /** Kinds of helper stages that may be used. */
  readonly kinds: readonly HelperKind[];
  /** Sets of helper stages, and of other orders of a host's operations, of which the whole change was judged. */
  readonly sets: number;
  /** Helper stages and orders that witnesses asked for and that were looked at in the state of the witness. */
  readonly proposals: number;
  /** Whether the search ended before all that witnesses asked for was tried. */
  readonly isCut: boolean;
}
