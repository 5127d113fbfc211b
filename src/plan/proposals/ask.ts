import type { IPv4 } from "#ip/index.js";
import type { HostId } from "#model/index.js";
import type { HelperProposal } from "../helper-stage.js";
import type { FlowWalk } from "../helper-stage-search.js";
import type { Surroundings } from "./surroundings.js";

/** What a witness asks helper stages for: its walk, and the fleet around it. */
export interface Ask {
  readonly walk: FlowWalk;
  readonly around: Surroundings;
  /** Hosts that the walk need not have met: those whose caches remember something, and of whom. */
  readonly others: readonly HostId[];
}

/** Proposes helper stages of one kind; whether they help is for the proof to say. */
export type Propose = (ask: Ask) => readonly HelperProposal[];

/** A host that decides where a packet of the flow goes, and where that packet wants to go. */
export interface Decision {
  readonly host: HostId;
  readonly destination: IPv4;
  /** `request` or `reply`, with the place on the way. */
  readonly place: string;
}

/** Every decision of the request, and of the reply as far as it went. Where the request did not arrive, the owner's reply is asked for too. */
export function decisionsOf({ walk, around }: Ask): readonly Decision[] {
  const { from, to } = walk.flow;
  const owners = around.ownersOf(to);
  const request = [from, ...walk.path].filter((host, index) => index === 0 || !owners.includes(host));
  const answering = walk.path.filter((host) => owners.includes(host)).slice(-1);
  const reply = [...(answering.length > 0 ? answering : owners), ...walk.back].filter(
    (host) => host !== from,
  );
  const sources = around.addressesOf(from);
  return distinct([
    ...request.map((host, at) => ({ host, destination: to, place: `request ${at}` })),
    ...reply.flatMap((host, at) =>
      sources.map((destination) => ({ host, destination, place: `reply ${at}` })),
    ),
  ]);
}

function distinct(decisions: readonly Decision[]): readonly Decision[] {
  return [
    ...new Map(
      decisions.map((each) => [`${each.host} ${each.destination}`, each] as const).reverse(),
    ).values(),
  ].reverse();
}

/** Every host that the walk met, the sender and the owners of the target among them. */
export function hostsOf({ walk, around, others }: Ask): readonly HostId[] {
  const { from, to } = walk.flow;
  return [...new Set([from, ...walk.path, ...walk.back, ...around.ownersOf(to), ...others])];
}
