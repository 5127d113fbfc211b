import type { FlowResult } from "#dataplane/index.js";
import { formatIPv4, type IPv4, parseIPv4 } from "#ip/index.js";
import type { HostId, Source } from "#model/index.js";
import { fewLines, grouped } from "../evidence.js";
import { unicastRoute } from "../flow-cause.js";
import type { CheckInput, Finding, Rule } from "../rule.js";
import { type Circle, unownedCircles } from "../unowned-circles.js";

const name = "loop";

/** Packets that come back to a host that already forwarded them. */
export const loop: Rule = {
  name,
  title: "A routing loop",
  explanation:
    "Hosts hand a packet on in a circle until its TTL ends, up to 64 hops for each packet, which multiplies the load by as much. Owned addresses are walked from every host; for each routed network also one address that nobody owns, because two routers that send it to each other loop for every address that is not in use.",
  check,
};

function check(input: CheckInput): readonly Finding[] {
  const owned = input
    .flows()
    .filter((flow) => flow.verdicts.includes("loop"))
    .map(loopOf);
  const byCircle = grouped(owned, ({ hosts }) => circleKey(hosts));
  const known = new Set(byCircle.map(([first]) => circleKey(first?.hosts ?? [])));
  const unowned = unownedCircles(input).filter(({ hosts }) => !known.has(circleKey(hosts)));
  return [
    ...byCircle.flatMap((group) => describeOwned(input, group)),
    ...grouped(unowned, ({ hosts }) => circleKey(hosts)).flatMap((group) => describeUnowned(input, group)),
  ];
}

interface Loop {
  readonly flow: FlowResult;
  readonly hosts: readonly HostId[];
  readonly isReply: boolean;
}

function loopOf(flow: FlowResult): Loop {
  const onTheWay = circleIn([flow.from, ...flow.path]);
  return { flow, hosts: onTheWay ?? circleIn(flow.back) ?? [], isReply: onTheWay === null };
}

/** The hosts between a host and its first repetition on a path, or null where none comes twice. */
function circleIn(path: readonly HostId[]): readonly HostId[] | null {
  for (let end = 1; end < path.length; end++) {
    const host = path[end];
    const start = host === undefined ? -1 : path.lastIndexOf(host, end - 1);
    if (start >= 0) return path.slice(start, end);
  }
  return null;
}

function circleKey(hosts: readonly HostId[]): string {
  return [...hosts].sort().join(" ");
}

function describeOwned(input: CheckInput, loops: readonly Loop[]): readonly Finding[] {
  const [first] = loops;
  if (first === undefined) return [];
  const { flow, hosts, isReply } = first;
  const to = parseIPv4(flow.to);
  const may = flow.verdicts.length > 1 ? "may go" : "goes";
  const sends = loops.map(
    (one) => `\`${one.flow.from}\` to \`${one.flow.to}\`${one.isReply ? ", the reply" : ""}`,
  );
  return [
    {
      rule: name,
      severity: "error",
      message: `The ${isReply ? "reply to a packet" : "packet"} from \`${flow.from}\` to \`${flow.to}\` ${may} in a circle: ${round(hosts)}.`,
      host: hosts[0] ?? flow.from,
      source: to === null || isReply ? null : sourceOf(input, hosts, to),
      evidence: fewLines(sends),
      wayOut: `Make one of these hosts deliver or refuse what the others send it: correct its route or its neighbour entry. \`pointsman trace ${flow.from} ${flow.to}\` shows each hop.`,
    },
  ];
}

function describeUnowned(input: CheckInput, circles: readonly Circle[]): readonly Finding[] {
  const [first] = circles;
  if (first === undefined) return [];
  const { to, hosts } = first;
  return [
    {
      rule: name,
      severity: "error",
      message: `A packet to \`${formatIPv4(to)}\`, which no host owns, goes in a circle: ${round(hosts)}.`,
      host: hosts[0] ?? null,
      source: sourceOf(input, hosts, to),
      evidence: fewLines(
        circles.flatMap((circle) =>
          circle.hosts.map((host) => {
            const gateway = unicastRoute(input, host, circle.to)?.gateway ?? null;
            return `\`${host}\` sends \`${formatIPv4(circle.to)}\` to ${gateway === null ? "the link" : `\`${formatIPv4(gateway)}\``}`;
          }),
        ),
      ),
      wayOut:
        "Add a `blackhole` or `unreachable` route for the whole network on the host that is to own it, or narrow the route that leads to it to the addresses in use.",
    },
  ];
}

function round(hosts: readonly HostId[]): string {
  return [...hosts, ...hosts.slice(0, 1)].map((host) => `\`${host}\``).join(" -> ");
}

function sourceOf(input: CheckInput, [start]: readonly HostId[], to: IPv4): Source | null {
  return start === undefined ? null : (unicastRoute(input, start, to)?.source ?? null);
}
