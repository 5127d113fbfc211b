import { formatIPv4 } from "#ip/index.js";
import type { WitnessView } from "./plan-view.js";
import { PLAIN, type TextStyle } from "./style-text.js";
import { describeVerdict } from "./verdict-text.js";
import { nameMover } from "./wiring-text.js";

/** A witness as a person can check it: the host stages, the flow, and its walk with the kernel's rules. */
export function renderWitness(
  witness: WitnessView,
  style: TextStyle = PLAIN,
  whole: "phase" | "change" = "phase",
): string {
  const size = witness.flow.size === undefined ? "" : " with full-size packets";
  const flow = `${witness.flow.from} to ${formatIPv4(witness.flow.to)}${size}`;
  const lines = [
    `Flow ${style.bold(flow)} is ${style.red(witness.verdict)}: ${describeVerdict(witness.verdict)}.`,
    ...describeExits(witness),
    ...describeStages(witness, whole),
    `  Request arrives at: ${witness.path.join(", ") || "nobody"}`,
    ...(witness.back.length > 0 ? [`  Reply arrives at:   ${witness.back.join(", ")}`] : []),
    ...witness.hops.map((hop, index) => {
      const link = hop.link === null ? "" : ` ${hop.link}`;
      return `  ${String(index + 1).padStart(2)}. ${hop.host}${link}: ${hop.decision} by ${hop.rule}; ${hop.why}`;
    }),
  ];
  return lines.join("\n");
}

/** An address of no host stands for the world outside: what matters is where the packet leaves the fleet. */
function describeExits({ demand, flow, path }: WitnessView): readonly string[] {
  if (typeof demand === "string") return [];
  const exits = demand.exits.map((exit) => (exit === "self" ? flow.from : exit));
  return [
    `  No host owns the address: it stands for the world outside. The packet ends on ${path.at(-1) ?? flow.from}, and may only leave by ${[...new Set(exits)].join(" or ")}.`,
  ];
}

function describeStages({ stages }: WitnessView, whole: "phase" | "change"): readonly string[] {
  if (stages.length === 0) return [`  In every state of the ${whole}, whatever stage the hosts are in.`];
  return stages.map(({ host: mover, stage, last }) => {
    const host = nameMover(mover);
    if (stage === 0) return `  While ${host} has not begun`;
    const command = last == null ? "" : `, the last of them \`${last}\``;
    return `  While ${host} has done ${stage} operation${stage === 1 ? "" : "s"} of the ${whole}${command}`;
  });
}
