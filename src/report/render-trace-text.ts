import type { FlowResult, Hop, Verdict } from "#dataplane/index.js";
import type { HostId } from "#model/index.js";
import { PLAIN, type TextStyle } from "./style-text.js";
import { describeVerdict, paintVerdict } from "./verdict-text.js";

/** What there is to show of one flow. */
export interface TraceResult {
  readonly flow: FlowResult;
  /** The host that the operator named, and its addresses that were not taken; null where an address was named. */
  readonly target: { readonly host: HostId; readonly others: readonly string[] } | null;
}

/** One flow, hop by hop: the request, the reply, and what else the kernel may do. */
export function renderTraceText({ flow, target }: TraceResult, style: TextStyle = PLAIN): string {
  const { request, reply } = splitHops(flow.hops);
  const blocks = [
    [headline(flow, target, style), ...chosenAddress(target, flow.to)].join("\n"),
    renderLeg("Request", flow.path, { hops: request, style }),
    ...(reply.length > 0 ? [renderLeg("Reply", flow.back, { hops: reply, style })] : []),
    ...choices(flow),
    ...(flow.findings.length > 0
      ? [["Seen on the way:", ...flow.findings.map((one) => `  - ${one}`)].join("\n")]
      : []),
  ];
  return `${blocks.join("\n\n")}\n`;
}

function headline(flow: FlowResult, target: TraceResult["target"], style: TextStyle): string {
  const name = target === null ? "" : ` (${target.host})`;
  const verdict = paintVerdict(flow.verdict, style)(flow.verdict);
  return `${style.bold(flow.from)} to ${style.bold(flow.to)}${name}${describeSize(flow)}: ${verdict}, ${describeVerdict(flow.verdict)}.`;
}

function describeSize({ size, bytes }: FlowResult): string {
  if (size === undefined) return "";
  return bytes === undefined ? ` with ${size}-size packets` : ` with packets of ${bytes} bytes`;
}

function chosenAddress(target: TraceResult["target"], taken: string): readonly string[] {
  if (target === null || target.others.length === 0) return [];
  return [
    `\`${target.host}\` has several addresses; this is its first, \`${taken}\`. The others: ${target.others.join(", ")}.`,
  ];
}

interface Leg {
  readonly hops: readonly DepthHop[];
  readonly style: TextStyle;
}

function renderLeg(title: string, path: readonly HostId[], { hops, style }: Leg): string {
  const way = path.length === 0 ? "arrives nowhere" : `arrives at ${path.join(", ")}`;
  const lines = hops.flatMap(({ hop, depth }, index) => {
    const indent = "  ".repeat(depth);
    const link = hop.link === null ? "" : ` ${hop.link}`;
    return [
      `  ${String(index + 1).padStart(2)}. ${indent}${style.bold(hop.host)}${link}: ${paintDecision(hop, style)} by ${hop.rule}`,
      `      ${indent}${style.faint(hop.why)}`,
    ];
  });
  return [`${style.bold(title)} ${way}`, ...lines].join("\n");
}

function paintDecision(hop: Hop, style: TextStyle): string {
  switch (hop.decision) {
    case "drop":
      return style.red(hop.decision);
    case "unknown":
      return style.yellow(hop.decision);
    case "accept":
      return style.green(hop.decision);
    case "send":
    case "resolve":
    case "receive":
    case "forward":
      return hop.decision;
  }
}

interface DepthHop {
  readonly hop: Hop;
  /** 1 for the packet that carries this one through a tunnel. */
  readonly depth: number;
}

/** The request ends where a host accepts it; what a tunnel's own packet is accepted by does not count. */
function splitHops(hops: readonly Hop[]): {
  readonly request: readonly DepthHop[];
  readonly reply: readonly DepthHop[];
} {
  const request: DepthHop[] = [];
  const reply: DepthHop[] = [];
  let depth = 0;
  let leg = request;
  for (const hop of hops) {
    leg.push({ hop, depth });
    if (hop.rule === "vxlan fdb" && hop.decision === "send") depth += 1;
    else if (hop.decision === "accept" && depth > 0) depth -= 1;
    else if (hop.decision === "accept") leg = reply;
  }
  return { request, reply };
}

function choices(flow: FlowResult): readonly string[] {
  if (flow.verdicts.length < 2 && flow.paths.length < 2 && flow.backs.length < 2) return [];
  const verdicts = flow.verdicts.map((verdict: Verdict) => `${verdict} (${describeVerdict(verdict)})`);
  return [
    [
      `The kernel may decide in several ways: ${verdicts.join("; ")}. Shown is the worst.`,
      ...flow.paths.map((path) => `  - request by ${path.join(", ") || "nobody"}`),
      ...flow.backs.map((path) => `  - reply by ${path.join(", ") || "nobody"}`),
    ].join("\n"),
  ];
}
