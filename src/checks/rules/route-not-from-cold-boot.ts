import { describeRoute } from "#dataplane/index.js";
import { samePrefix } from "#ip/index.js";
import { type Host, linkOf, MAIN_TABLE, type Route } from "#model/index.js";
import { isClusterLink } from "../cluster-view.js";
import { connectedLine, gatewayRoutes, isGatewayOnlink } from "../next-hop.js";
import type { CheckInput, Finding, Rule } from "../rule.js";

const name = "route-not-from-cold-boot";

/** Who puts routes there again by itself after a boot; ip-route(8), /etc/iproute2/rt_protos. */
const SELF_MADE: ReadonlySet<string> = new Set([
  "kernel",
  "redirect",
  "dhcp",
  "ra",
  "bird",
  "zebra",
  "bgp",
  "ospf",
  "isis",
  "rip",
  "eigrp",
  "babel",
  "keepalived",
]);

/** Live routes that are there by history only. */
export const routeNotFromColdBoot: Rule = {
  name,
  title: "A route would not come back after a cold boot",
  explanation:
    "The kernel keeps a route whose gateway was on-link when it was added, also when the prefix that made it so is gone, and it keeps what was typed by hand. Neither survives a boot, or a link that goes down and up: the network works now and breaks with the next restart.",
  check,
};

function check(input: CheckInput): readonly Finding[] {
  return [...input.snapshot.hosts.values()].flatMap((host) => {
    const dead = gatewayRoutes(host)
      .filter(({ route, gateway, link }) => !route.isOnlink && !isGatewayOnlink(host, link, gateway))
      .map(({ route }) => route);
    const booted = input.booted?.hosts.get(host.id);
    const missing =
      booted === undefined
        ? []
        : host.routes.filter((route) => isByHand(input, host, route) && !holds(booted, route));
    return [
      ...dead.map((route) => cannotReturn(host, route)),
      ...missing.filter((route) => !dead.includes(route)).map((route) => notConfigured(host, route)),
    ];
  });
}

function isByHand(input: CheckInput, host: Host, route: Route): boolean {
  if (route.table !== MAIN_TABLE || route.isDead || SELF_MADE.has(route.protocol)) return false;
  const link = route.link === null ? null : linkOf(host, route.link);
  const dynamic = input.configurations.get(host.id)?.dynamicLinks ?? [];
  const isDynamic = dynamic.some((one) => one.link === route.link);
  return !isDynamic && (link === null || !isClusterLink(link));
}

function holds(booted: Host, route: Route): boolean {
  return booted.routes.some(
    (one) =>
      one.table === route.table &&
      one.type === route.type &&
      samePrefix(one.destination, route.destination) &&
      one.gateway === route.gateway &&
      one.link === route.link &&
      one.metric === route.metric,
  );
}

function cannotReturn(host: Host, route: Route): Finding {
  return {
    rule: name,
    severity: "error",
    message: `The route \`${describeRoute(route)}\` of \`${host.id}\` is alive from an earlier prefix: a cold boot would not give it.`,
    host: host.id,
    source: route.source,
    evidence: [connectedLine(host, null), "the gateway lies in none of them, and the route is not `onlink`"],
    wayOut:
      "Replace it with a route that the kernel takes today (`ip route replace ... onlink`, or a gateway inside a connected prefix), and write that into the configuration.",
  };
}

function notConfigured(host: Host, route: Route): Finding {
  return {
    rule: name,
    severity: "warning",
    message: `The route \`${describeRoute(route)}\` of \`${host.id}\` is in the kernel, but the configuration does not give it.`,
    host: host.id,
    source: route.source,
    evidence: [`protocol \`${route.protocol}\``, "a cold boot of the configuration ends without it"],
    wayOut:
      "Write it into the configuration, or delete it now and see what breaks while somebody is looking.",
  };
}
