import { describeRoute } from "#dataplane/index.js";
import { DEFAULT_TABLE, type Host, MAIN_TABLE, type Route } from "#model/index.js";
import { grouped } from "../evidence.js";
import { routeText } from "../next-hop.js";
import { type BootRefusal, isSecondDefault, refusalsOf, refusedRoute } from "../refusals.js";
import type { CheckInput, Finding, Rule } from "../rule.js";

const name = "two-default-routes";

/** More than one default route where only one can be in use. */
export const twoDefaultRoutes: Rule = {
  name,
  title: "Two default routes of one metric",
  explanation:
    "`ip route add` of a second route with the same prefix, table and metric is refused with `File exists`; `append` puts it behind the first, where it is not used while the first is there. Which gateway is the first then depends on the order in which links come up.",
  check,
};

function check(input: CheckInput): readonly Finding[] {
  const refused = refusalsOf(input).flatMap((refusal) => checkRefusal(refusal));
  return [...refused, ...[...input.snapshot.hosts.values()].flatMap(checkHost)];
}

function checkRefusal(refusal: BootRefusal): readonly Finding[] {
  const route = refusedRoute(refusal);
  if (!isSecondDefault(refusal) || refusal.at === null || route === null) return [];
  const { host } = refusal.at;
  const present = host.routes.find(
    (one) => isDefault(one) && one.table === route.table && one.metric === route.metric,
  );
  return [
    {
      rule: name,
      severity: refusal.at.step.onRefusal === "stop-unit" ? "error" : "warning",
      message: `\`${host.id}\` is configured with a second default route of metric ${route.metric}, \`${routeText(route)}\`: the kernel refuses it.`,
      host: host.id,
      source: refusal.issue.source,
      evidence: [
        ...(present === undefined ? [] : [`first: \`${describeRoute(present)}\``]),
        refusal.issue.message,
      ],
      wayOut:
        "Leave one default route, or give the second a larger metric so that it takes over when the first goes.",
    },
  ];
}

function isDefault(route: Route): boolean {
  return route.type === "unicast" && route.destination.length === 0;
}

function checkHost(host: Host): readonly Finding[] {
  const defaults = host.routes.filter((route) => isDefault(route) && !route.isDead);
  const same = grouped(defaults, (route) => `${route.table} ${route.metric}`).flatMap((group) =>
    group.length < 2 ? [] : [shared(host, group)],
  );
  const main = defaults.find((route) => route.table === MAIN_TABLE);
  const shadowed = defaults.find((route) => route.table === DEFAULT_TABLE);
  return main === undefined || shadowed === undefined ? same : [...same, behindMain(host, main, shadowed)];
}

function shared(host: Host, group: readonly Route[]): Finding {
  return {
    rule: name,
    severity: "warning",
    message: `\`${host.id}\` has ${group.length} default routes of metric ${group[0]?.metric ?? 0}: only the first inserted is used.`,
    host: host.id,
    source: group[1]?.source ?? null,
    evidence: group.map((route) => `\`${describeRoute(route)}\``),
    wayOut:
      "Leave one default route, or give each its own metric, so that the order does not depend on the boot.",
  };
}

function behindMain(host: Host, main: Route, shadowed: Route): Finding {
  return {
    rule: name,
    severity: "note",
    message: `The default route of \`${host.id}\` in table \`default\` is never used while table \`main\` has one.`,
    host: host.id,
    source: shadowed.source,
    evidence: [main, shadowed].map((route) => `\`${describeRoute(route)}\``),
    wayOut: "Remove the route from table `default`, or say by a rule when it is to be used.",
  };
}
