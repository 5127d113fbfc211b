import { formatSource } from "#model/index.js";
import { commentHelper, describeHelped, describeHelper, HELPERS_ARE } from "./helper-stage-text.js";
import type { HelperView, NoPlanView, PhaseView, PlanView, StepView } from "./plan-view.js";
import { renderWitness } from "./render-witness-text.js";
import { counted, PLAIN, type TextStyle } from "./style-text.js";
import { isByHand, nameMover } from "./wiring-text.js";

/** A plan with its phases, commands, proofs and gates. */
export function renderPlanText(plan: PlanView, style: TextStyle = PLAIN): string {
  const title = `Plan for ${plan.fleet || "the fleet"}: ${plan.from} -> ${plan.to}`;
  if (plan.result === "nothing-to-do")
    return `${style.bold(title)}\n\nNothing to do: both sides hold the same.\n`;
  const blocks = [
    style.bold(title),
    `${style.green("Proved")}, strategy ${style.bold(plan.strategy ?? "")}: ${describeStrategy(plan)}`,
    ...list(`Helper stages, ${HELPERS_ARE}`, plan.helpers.map(describeHelper), style),
    ...plan.phases.map((phase, index) =>
      renderPhase(phase, { index, count: plan.phases.length, style, helpers: plan.helpers }),
    ),
    ...list("Assumed", plan.assumptions, style),
    `Digest ${plan.digest}`,
  ];
  return `${blocks.join("\n\n")}\n`;
}

/** Why there is no plan: the finding, the broken flows, or the witness of each strategy. */
export function renderNoPlanText(none: NoPlanView, style: TextStyle = PLAIN): string {
  const blocks = [
    `${style.red(RESULT[none.result])} ${none.from} -> ${none.to}: ${none.why}`,
    ...none.findings.map((finding) =>
      [
        `${describePlace(finding)}${style.red(finding.severity)}: ${style.bold(finding.rule)}${finding.host === null ? "" : ` on ${finding.host}`}`,
        `  ${finding.message}`,
        `  Way out: ${finding.wayOut}`,
      ].join("\n"),
    ),
    ...list(
      "Flows",
      none.flows.map(
        ({ from, to, size, before, after, why }) =>
          `${from} to ${to}${size === undefined ? "" : " with full-size packets"}: ${before.join("/")} now, ${after.join("/")} after${why === null ? "" : ` (${why})`}`,
      ),
      style,
    ),
    ...none.tried.map(({ strategy, outcome, why, witnesses, helped }) =>
      [
        `Strategy ${style.bold(strategy)}: ${outcome}${why === null ? "" : `, ${why}`}`,
        ...(helped === null || outcome === "proved" ? [] : [describeHelped(helped)]),
        ...witnesses.slice(0, 1).map((witness) => renderWitness(witness, style, "change")),
      ].join("\n"),
    ),
  ];
  return `${blocks.join("\n\n")}\n`;
}

function describePlace({ source }: NoPlanView["findings"][number]): string {
  return source === null ? "" : `${formatSource(source)}: `;
}

const RESULT: Readonly<Record<NoPlanView["result"], string>> = {
  refused: "Refused:",
  impossible: "Proved impossible:",
  unknown: "Unknown:",
  "gave-up": "Gave up:",
};

/** What a strategy means for the cluster. */
export function describeStrategy(plan: Pick<PlanView, "strategy" | "clusters">): string {
  if (plan.clusters.length === 0) return "every flow that works now keeps working in every state on the way.";
  switch (plan.strategy) {
    case "live":
      return "the cluster keeps running; every flow that works now keeps working in every state on the way.";
    case "rolling-stop":
      return "the services of one member stand still at a time; all other flows keep working in every state.";
    default:
      return "the cluster stands still while the network changes; flows between other hosts keep working in every state.";
  }
}

interface Place {
  readonly index: number;
  readonly count: number;
  readonly style: TextStyle;
  readonly helpers: readonly HelperView[];
}

function renderPhase(phase: PhaseView, { index, count, style, helpers }: Place): string {
  const { states, flows, classes, walks } = phase.proof;
  return [
    style.bold(
      `Phase ${index + 1} of ${count}: ${counted(phase.steps.length, phase.steps.some(isByHand) ? "step" : "host")}, in any order or all at once`,
    ),
    ...phase.steps.flatMap((step) => renderStep(step, style, helpers)),
    `  Proof: all ${states} states, ${counted(flows, "flow")}, ${classes} classes of hosts, ${counted(walks, "walk")}`,
    `  Gate:  ${expectations(phase)}, ${phase.gate.consecutive} times in a row over ${phase.gate.settleSeconds} s`,
  ].join("\n");
}

function renderStep(
  { host, operations, revert }: StepView,
  style: TextStyle,
  helpers: readonly HelperView[],
): readonly string[] {
  return [
    `  ${style.bold(nameMover(host))}`,
    ...operations.map(
      (operation) => `    ${operation.command}${style.faint(commentHelper(operation, helpers))}`,
    ),
    ...revert.map((command) => style.faint(`    back: ${command}`)),
  ];
}

/** What the gate expects, in numbers. */
export function expectations(phase: PhaseView): string {
  const total = (isWanted: (verdicts: readonly string[]) => boolean): number =>
    phase.expected.reduce((sum, flow) => sum + (isWanted(flow.after) ? (flow.count ?? 1) : 0), 0);
  const delivered = total((verdicts) => String(verdicts) === "delivered");
  const rest = total((verdicts) => String(verdicts) !== "delivered");
  return `${counted(delivered, "flow")} delivered and ${rest} not, as expected cell by cell`;
}

function list(title: string, lines: readonly string[], style: TextStyle): readonly string[] {
  if (lines.length === 0) return [];
  return [[style.bold(`${title} (${lines.length}):`), ...lines.map((line) => `  - ${line}`)].join("\n")];
}
