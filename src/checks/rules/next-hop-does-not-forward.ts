import { compileHost } from "#dataplane/index.js";
import { formatIPv4 } from "#ip/index.js";
import type { Host } from "#model/index.js";
import { fewLines, grouped } from "../evidence.js";
import { forwardsOn, type GatewayRoute, gatewayRoutes, routeText } from "../next-hop.js";
import type { CheckInput, Finding, Rule } from "../rule.js";
import { topologyOf } from "../topology.js";

const name = "next-hop-does-not-forward";

/** Gateways whose owner drops what is not for itself. */
export const nextHopDoesNotForward: Rule = {
  name,
  title: "A next hop does not forward",
  explanation:
    "Forwarding is asked of the link on which a packet arrives (`net.ipv4.conf.LINK.forwarding`, set for all by `net.ipv4.ip_forward`). A host that does not forward there drops foreign packets silently: no ICMP error comes back.",
  check,
};

function check(input: CheckInput): readonly Finding[] {
  const silent = [...input.snapshot.hosts.values()].flatMap(gatewayRoutes).flatMap((use) => {
    const owner = silentOwner(input, use);
    return owner === null ? [] : [{ ...use, owner }];
  });
  return grouped(silent, ({ gateway, owner }) => `${gateway} ${owner.id}`).flatMap(describe);
}

/** The owner, where there is one on the segment, no owner forwards, and all of that is known. */
function silentOwner(input: CheckInput, { host, route, gateway, link }: GatewayRoute): Host | null {
  const topology = topologyOf(input.snapshot);
  const owners = topology.ownersOf(gateway);
  const isOnlyForOwner = route.destination.length === 32 && owners.some((owner) => owns(owner, route));
  if (isOnlyForOwner || owners.some((owner) => owner.id === host.id || compileHost(owner).isUncertain))
    return null;
  const legs = topology
    .neighboursOf(host, link)
    .filter((member) => owners.some((owner) => owner.id === member.host.id));
  const isSilent = legs.length > 0 && !legs.some((leg) => forwardsOn(leg.host, leg.link.name));
  return isSilent ? (legs[0]?.host ?? null) : null;
}

function owns(owner: Host, route: GatewayRoute["route"]): boolean {
  return owner.addresses.some((address) => address.ip === route.destination.address);
}

function describe(uses: readonly (GatewayRoute & { readonly owner: Host })[]): readonly Finding[] {
  const [first] = uses;
  if (first === undefined) return [];
  const { owner } = first;
  return [
    {
      rule: name,
      severity: "error",
      message: `The next hop \`${formatIPv4(first.gateway)}\` is an address of \`${owner.id}\`, which does not forward.`,
      host: first.host.id,
      source: first.route.source,
      evidence: [
        ...fewLines(uses.map(({ host, route }) => `\`${host.id}\`: \`${routeText(route)}\``)),
        `\`${owner.id}\` has forwarding off on the link where these packets arrive`,
      ],
      wayOut: `Set \`net.ipv4.ip_forward=1\` on \`${owner.id}\` (all links), or name a next hop that forwards.`,
    },
  ];
}
