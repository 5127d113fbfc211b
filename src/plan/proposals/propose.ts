import type { HostId } from "#model/index.js";
import { HELPER_KINDS, type HelperKind, type HelperProposal } from "../helper-stage.js";
import type { FlowWalk } from "../helper-stage-search.js";
import { operationName } from "../scaffold.js";
import {
  proposeBothPrefixes,
  proposeGatewayAddress,
  proposeKeptSecondaries,
  proposeSecondAddress,
} from "./address-proposals.js";
import type { Ask, Propose } from "./ask.js";
import { proposePinnedNeighbour } from "./neighbour-proposals.js";
import { proposeLooseFilter, proposeSilentRedirects } from "./quiet-proposals.js";
import { proposeRoutes } from "./route-proposals.js";

const PROPOSERS: Readonly<Record<HelperKind, Propose>> = {
  "kept-secondaries": proposeKeptSecondaries,
  "silent-redirects": proposeSilentRedirects,
  "loose-filter": proposeLooseFilter,
  "both-prefixes": proposeBothPrefixes,
  "host-route": proposeRoutes,
  "gateway-route": proposeRoutes,
  "second-address": proposeSecondAddress,
  "gateway-address": proposeGatewayAddress,
  "pinned-neighbour": proposePinnedNeighbour,
  // Flushes are placed by the search for phases: they mend no state, only the way from one to the next.
  flush: () => [],
};

/** Everything that might help a flow, the mildest kinds first; each once. */
export function proposeHelpers(ask: Ask, kinds: readonly HelperKind[]): readonly HelperProposal[] {
  const wanted = HELPER_KINDS.filter((kind) => kinds.includes(kind));
  const proposers = new Set(wanted.map((kind) => PROPOSERS[kind]));
  const all = [...proposers].flatMap((propose) => propose(ask)).filter(({ kind }) => kinds.includes(kind));
  const once = new Map(all.map((each) => [proposalName(each), each] as const).reverse());
  return [...once.values()].reverse().sort((a, b) => wanted.indexOf(a.kind) - wanted.indexOf(b.kind));
}

/** A proposal by what it does to whom. */
export function proposalName({ host, make }: HelperProposal): string {
  return `${host} ${make.map(operationName).join(" ")}`;
}

/** The same helper for every host that is alike: asked for by the same flow with the two hosts exchanged. */
export function proposeLikewise(
  ask: Ask,
  proposal: HelperProposal,
  alike: readonly HostId[],
): readonly HelperProposal[] {
  return alike.flatMap((other): readonly HelperProposal[] => {
    if (other === proposal.host) return [proposal];
    const exchanged = { ...ask, walk: exchange(ask, proposal.host, other) };
    const same = PROPOSERS[proposal.kind](exchanged).find(
      ({ host, kind, shape }) => host === other && kind === proposal.kind && shape === proposal.shape,
    );
    return same === undefined ? [] : [same];
  });
}

function exchange({ walk, around }: Ask, one: HostId, other: HostId): FlowWalk {
  const name = (host: HostId): HostId => (host === one ? other : host === other ? one : host);
  const [own, others] = [around.addressesOf(one), around.addressesOf(other)];
  const place = own.indexOf(walk.flow.to);
  const back = others.indexOf(walk.flow.to);
  const to = place >= 0 ? others[place] : back >= 0 ? own[back] : walk.flow.to;
  return {
    ...walk,
    flow: { from: name(walk.flow.from), to: to ?? walk.flow.to },
    path: walk.path.map(name),
    back: walk.back.map(name),
    hops: walk.hops.map((hop) => ({ ...hop, host: name(hop.host) })),
  };
}
