import { judgeOne, type Verdict } from "#dataplane/index.js";
import { type IPv4, parseIPv4 } from "#ip/index.js";
import type { Host, HostId, Segment, Snapshot } from "#model/index.js";
import { resolveWiring } from "#plan/index.js";
import type { Demand } from "#prove/index.js";
import type { BrokenFlow, PlanOutcome } from "../planning/plan-outcome.js";
import type { PlanWitness } from "../planning/proof.js";

/** One state of the whole fleet in which a flow fares ill, and how each host came there. */
export interface BadState {
  /** Each host's states from the first to the one that it is in: at least one. */
  readonly histories: ReadonlyMap<HostId, readonly Host[]>;
  readonly segments: readonly Segment[];
  readonly flow: { readonly from: HostId; readonly to: IPv4; readonly size?: "full" };
  readonly verdict: Verdict;
  /** Hosts at which the request arrives, as the witness has them. */
  readonly path: readonly HostId[];
  readonly demand: Demand;
  /** Entries of caches, without which it is not bad. */
  readonly memories: PlanWitness["memories"];
  /** Hosts whose stage makes it so, with the number of operations that they have done; null for the target itself. */
  readonly stages: readonly { readonly host: HostId; readonly done: number }[] | null;
}

/**
 * The smallest witness of the least disruptive strategy that has one, as a whole state; for a target that breaks flows, the target
 * itself. null where nothing was found to be bad.
 */
export function findBadState(outcome: PlanOutcome, target: Snapshot): BadState | null {
  if (outcome.kind === "refused") {
    const broken = outcome.broken.find(({ after }) => !after.includes("delivered"));
    return broken === undefined ? null : targetState(broken, target);
  }
  if (!("tried" in outcome) || outcome.kind === "proved") return null;
  const witness = outcome.tried.flatMap((tried) => tried.witnesses)[0];
  return witness === undefined ? null : stateOf(witness);
}

function targetState({ from, to, size }: BrokenFlow, { hosts, segments }: Snapshot): BadState | null {
  const address = parseIPv4(to);
  if (address === null) return null;
  const { verdict, path } = judgeOne({ hosts, segments }, from, address, size);
  return {
    histories: new Map([...hosts].map(([id, host]) => [id, [host]])),
    segments,
    flow: { from, to: address, ...(size === undefined ? {} : { size }) },
    verdict,
    path,
    demand: "delivered",
    memories: [],
    stages: null,
  };
}

function stateOf({ flow, verdict, path, demand, memories, stages, state }: PlanWitness): BadState {
  const { histories, segments } = state();
  const done = (host: HostId): number => (histories.get(host)?.length ?? 1) - 1;
  return {
    ...withoutParts(histories, segments),
    flow,
    verdict,
    path,
    demand,
    memories,
    stages: stages.map(({ host }) => ({ host, done: done(host) })),
  };
}

/** Parts of the wiring that change are hosts to the planner; a script plugs its cables in where they are in this state. */
function withoutParts(
  histories: BadState["histories"],
  segments: readonly Segment[],
): Pick<BadState, "histories" | "segments"> {
  const lasts = [...histories].flatMap(([id, history]) =>
    history.slice(-1).map((last) => [id, last] as const),
  );
  const { hosts, segments: plain } = resolveWiring({ hosts: new Map(lasts), segments });
  return { histories: new Map([...histories].filter(([id]) => hosts.has(id))), segments: plain };
}
