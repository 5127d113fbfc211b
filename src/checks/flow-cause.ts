import { compileHost, type FlowResult, type Hop, lookupRoute } from "#dataplane/index.js";
import { contains, type IPv4, ipv4, parseIPv4 } from "#ip/index.js";
import type { HostId, Route } from "#model/index.js";
import { clustersOf, isClusterLink } from "./cluster-view.js";
import type { CheckInput, FindingSeverity } from "./rule.js";
import { topologyOf } from "./topology.js";

/** A flow that is meant to work and may fail, with the hop that ends it. */
export interface FailedFlow {
  readonly flow: FlowResult;
  readonly to: IPv4;
  /** The sender's route for the destination. */
  readonly route: Route;
  readonly drop: Hop;
}

/** Rules of the walk that an operator asks for: to end there is what was wanted. */
const DELIBERATE: ReadonlySet<string> = new Set([
  "blackhole",
  "unreachable",
  "prohibit",
  "icmp_echo_ignore_all",
]);

const failures = new WeakMap<CheckInput, readonly FailedFlow[]>();

/**
 * The flows to addresses of the fleet that the kernel may drop although their sender has a unicast route. Left out:
 * loops, deliberate ends, and pod or service addresses asked from outside the cluster.
 */
export function failedFlows(input: CheckInput): readonly FailedFlow[] {
  const known = failures.get(input);
  if (known !== undefined) return known;
  const isForeign = foreignToClusters(input);
  const found = input.flows().flatMap((flow) => {
    if (flow.verdict !== "lost" && flow.verdict !== "lost-reply") return [];
    const to = parseIPv4(flow.to);
    const drop = flow.hops.findLast((hop) => hop.decision === "drop");
    if (to === null || drop === undefined || DELIBERATE.has(drop.rule) || isForeign(flow.from, to)) return [];
    const route = unicastRoute(input, flow.from, to);
    return route === null ? [] : [{ flow, to, route, drop }];
  });
  failures.set(input, found);
  return found;
}

/** A route of its own says that the destination is meant to be reached; a default route only that it may be tried. */
export function severityOfLoss(flows: readonly FailedFlow[]): FindingSeverity {
  return flows.some(({ route }) => route.destination.length > 0) ? "error" : "warning";
}

/** The unicast route that a host has for an address, or null where it has none or keeps the packet. */
export function unicastRoute(input: CheckInput, from: HostId, to: IPv4): Route | null {
  const host = input.snapshot.hosts.get(from);
  if (host === undefined) return null;
  const key = { source: ipv4(0), destination: to, incoming: null, outgoing: null };
  const found = lookupRoute(compileHost(host), key);
  return found.kind === "found" && found.route.type === "unicast" ? found.route : null;
}

/** `a -> 10.0.0.2 (b)`: the flow with the owner of its destination. */
export function flowLine(input: CheckInput, flow: FlowResult): string {
  const to = parseIPv4(flow.to);
  const owners = to === null ? [] : topologyOf(input.snapshot).ownersOf(to);
  const owner = owners.length === 0 ? "" : ` of \`${owners.map((host) => host.id).join("`, `")}\``;
  return `\`${flow.from}\` to \`${flow.to}\`${owner}`;
}

/** Pod and service addresses are for the members of their cluster, and so is what stands on links that a cluster makes. */
function foreignToClusters(input: CheckInput): (from: HostId, to: IPv4) => boolean {
  const clusters = clustersOf(input).map(({ members, podCidr, serviceCidr }) => ({
    members: new Set(members.map((member) => member.host.id)),
    networks: serviceCidr === null ? [podCidr] : [podCidr, serviceCidr],
  }));
  const inside = new Set(
    [...input.snapshot.hosts.values()].flatMap((host) => {
      const own = new Set(host.links.filter(isClusterLink).map((link) => link.name));
      return host.addresses.filter((address) => own.has(address.link)).map((address) => address.ip);
    }),
  );
  return (from, to) => {
    const cluster = clusters.find(({ networks }) => networks.some((network) => contains(network, to)));
    return cluster === undefined ? inside.has(to) : !cluster.members.has(from);
  };
}
