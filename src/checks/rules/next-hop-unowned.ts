import { formatIPv4 } from "#ip/index.js";
import { fewLines, grouped, listed } from "../evidence.js";
import { type GatewayRoute, gatewayRoutes, routeText } from "../next-hop.js";
import type { CheckInput, Finding, Rule } from "../rule.js";
import { topologyOf } from "../topology.js";

const name = "next-hop-unowned";

/** Gateways that are no host's address. */
export const nextHopUnowned: Rule = {
  name,
  title: "A next hop is owned by nobody",
  explanation:
    "A gateway is only resolved when the first packet leaves: the kernel accepts the route whether or not anybody has the address. Where no host of the fleet owns it, packets end at the sender with `Destination Host Unreachable`, unless a device outside the fleet file answers.",
  check,
};

function check(input: CheckInput): readonly Finding[] {
  const topology = topologyOf(input.snapshot);
  const unowned = [...input.snapshot.hosts.values()]
    .flatMap(gatewayRoutes)
    .filter(({ gateway }) => topology.ownersOf(gateway).length === 0);
  return grouped(unowned, ({ gateway }) => String(gateway)).flatMap((routes) => describe(input, routes));
}

function describe(input: CheckInput, routes: readonly GatewayRoute[]): readonly Finding[] {
  const [first] = routes;
  if (first === undefined) return [];
  const topology = topologyOf(input.snapshot);
  const hosts = [...new Set(routes.map(({ host }) => host.id))];
  // Alone on its segment, a host's gateway is the way out of the fleet: nothing speaks against it.
  const isAmongOthers = routes.some(({ host, link }) =>
    topology.neighboursOf(host, link).some((member) => member.host.id !== host.id),
  );
  const gateway = formatIPv4(first.gateway);
  return [
    {
      rule: name,
      severity: isAmongOthers ? "warning" : "note",
      message: `No host of the fleet owns the next hop \`${gateway}\` of ${listed(hosts.slice(0, 4))}${hosts.length > 4 ? ` and ${hosts.length - 4} more` : ""}.`,
      host: first.host.id,
      source: first.route.source,
      evidence: fewLines(
        routes.map(({ host, route, link }) => `\`${host.id}\`: \`${routeText(route)}\` on \`${link}\``),
      ),
      wayOut: `Use a gateway that a host owns; or, where a device outside the fleet has \`${gateway}\`, add it to the fleet file so that its paths can be judged.`,
    },
  ];
}
