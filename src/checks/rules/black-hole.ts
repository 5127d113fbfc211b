import { describeRoute } from "#dataplane/index.js";
import { fewLines, grouped } from "../evidence.js";
import { type FailedFlow, failedFlows, flowLine, severityOfLoss, unicastRoute } from "../flow-cause.js";
import type { CheckInput, Finding, Rule } from "../rule.js";

const name = "black-hole";

/** Places where packets for addresses of the fleet end although the sender has a route. */
export const blackHole: Rule = {
  name,
  title: "A black hole: a route leads nowhere",
  explanation:
    "The sender has a route for an address that a host of the fleet owns, and yet the packet or its reply is dropped on the way. Routes of type blackhole, unreachable and prohibit are taken as wanted and not reported; drops by source validation have a rule of their own.",
  check,
};

function check(input: CheckInput): readonly Finding[] {
  const dropped = failedFlows(input).filter(({ drop }) => !drop.rule.startsWith("rp_filter"));
  const places = grouped(
    dropped,
    ({ flow, drop }) => `${drop.host} ${drop.link ?? ""} ${drop.rule} ${flow.verdict}`,
  );
  return places.flatMap((failed) => describe(input, failed));
}

function describe(input: CheckInput, failed: readonly FailedFlow[]): readonly Finding[] {
  const worst = failed.find(({ route }) => route.destination.length > 0) ?? failed[0];
  if (worst === undefined) return [];
  const { flow, drop, route, to } = worst;
  const isReply = flow.verdict === "lost-reply";
  const here = isReply ? null : unicastRoute(input, drop.host, to);
  const place = drop.link === null ? `on \`${drop.host}\`` : `on \`${drop.link}\` of \`${drop.host}\``;
  const count = failed.length === 1 ? "" : `, and so in ${failed.length} flows`;
  const may = flow.verdicts.includes("delivered") ? "may end" : "ends";
  return [
    {
      rule: name,
      severity: severityOfLoss(failed),
      message: `The ${isReply ? "reply to a packet" : "packet"} from \`${flow.from}\` to \`${flow.to}\` ${may} ${place}: ${drop.why}${count}.`,
      host: drop.host,
      source: here?.source ?? route.source,
      evidence: [
        `\`${flow.from}\` sends by \`${describeRoute(route)}\``,
        ...fewLines(failed.map((one) => flowLine(input, one.flow))),
      ],
      wayOut: wayOut(worst, isReply),
    },
  ];
}

function wayOut({ flow, drop }: FailedFlow, isReply: boolean): string {
  const trace = `\`pointsman trace ${flow.from} ${flow.to}\` shows each hop`;
  if (drop.rule === "no route")
    return `Give \`${drop.host}\` a route ${isReply ? "back" : "there"}; ${trace}.`;
  if (drop.rule === "no neighbour")
    return `Nobody on that segment answers for the next hop: send by a gateway that is there, or join the segments; ${trace}.`;
  if (drop.rule === "not local")
    return `Turn on forwarding on \`${drop.host}\`, or send by a host that forwards; ${trace}.`;
  return `Correct what \`${drop.host}\` does with the packet (\`${drop.rule}\`); ${trace}.`;
}
