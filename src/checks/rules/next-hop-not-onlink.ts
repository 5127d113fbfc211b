import { formatIPv4, type IPv4 } from "#ip/index.js";
import type { Host, Route, Source } from "#model/index.js";
import { alternatives, connectedLine, gatewayRoutes, isGatewayOnlink, routeText } from "../next-hop.js";
import { isGatewayNotOnlink, refusalsOf, refusedRoute } from "../refusals.js";
import type { CheckInput, Finding, Rule } from "../rule.js";

const name = "next-hop-not-onlink";

/** Routes whose gateway lies in no connected prefix: refused at boot, or alive from an earlier address only. */
export const nextHopNotOnlink: Rule = {
  name,
  title: "A next hop is not on-link",
  explanation:
    "The kernel takes a route only if its gateway is a neighbour: inside a connected prefix of the link, or declared so with `onlink`. Anything else it refuses with `Nexthop has invalid gateway`, and the route is missing after the boot. A route from before a prefix change stays until the next boot or link flap, and then cannot come back.",
  check,
};

function check(input: CheckInput): readonly Finding[] {
  const refused = refusalsOf(input)
    .filter(isGatewayNotOnlink)
    .map((refusal) => {
      const route = refusedRoute(refusal);
      const gateway = route?.gateway ?? null;
      const { at, issue } = refusal;
      if (at === null || route === null || gateway === null) return unplaced(refusal.issue);
      return describe(input, { host: at.host, route, gateway, source: issue.source, refusal: issue.message });
    });
  const alive = [...input.snapshot.hosts.values()]
    .flatMap(gatewayRoutes)
    .filter(({ host, route, gateway, link }) => !route.isOnlink && !isGatewayOnlink(host, link, gateway))
    .map(({ host, route, gateway }) =>
      describe(input, { host, route, gateway, source: route.source, refusal: null }),
    );
  return [...refused, ...alive];
}

interface Case {
  readonly host: Host;
  readonly route: Route;
  readonly gateway: IPv4;
  readonly source: Source | null;
  /** What the boot said, or null where the route is still there. */
  readonly refusal: string | null;
}

function describe(input: CheckInput, { host, route, gateway, source, refusal }: Case): Finding {
  const wish = `The route \`${routeText(route)}\` of \`${host.id}\` needs \`${formatIPv4(gateway)}\` on-link, but no connected prefix of the host contains it`;
  const fate =
    refusal === null
      ? "it works until the next boot or link flap, then the kernel refuses it"
      : "the kernel refuses the route, and a boot ends without it";
  return {
    rule: name,
    severity: "error",
    message: `${wish}: ${fate}.`,
    host: host.id,
    source,
    evidence: [
      connectedLine(host, null),
      refusal ?? `the route is in the table, and \`ip route add\` would say \`Nexthop has invalid gateway\``,
    ],
    wayOut: wayOut(input, host, gateway),
  };
}

function wayOut(input: CheckInput, host: Host, gateway: IPv4): string {
  const snapshot = input.booted ?? input.snapshot;
  const onlink = `Declare \`${formatIPv4(gateway)}\` as a neighbour with \`onlink\``;
  const [best] = alternatives(snapshot, host, gateway);
  if (best !== undefined)
    return `${onlink}; or use a gateway inside a connected prefix: \`${formatIPv4(best.address)}\` is an address of \`${best.owner.id}\`, which forwards.`;
  return `${onlink}; or give a forwarding neighbour an address inside a connected prefix of \`${host.id}\` and use that as the gateway.`;
}

function unplaced(issue: CheckInput["issues"][number]): Finding {
  return {
    rule: name,
    severity: "error",
    message: issue.message,
    host: null,
    source: issue.source,
    evidence: [`\`${issue.code}\``],
    wayOut: issue.hint,
  };
}
