import type { FlowResult, Verdict } from "#dataplane/index.js";
import type { HostId } from "#model/index.js";
import { PLAIN, type TextStyle } from "./style-text.js";
import { describeVerdict, paintVerdict, verdictSymbol } from "./verdict-text.js";

/** What there is to show of a matrix. Flows come host by host, each to all targets in their order. */
export interface MatrixResult {
  readonly hosts: readonly HostId[];
  readonly targets: readonly MatrixTarget[];
  readonly flows: Iterable<FlowResult>;
}

/** A destination, and the hosts that own it. */
export interface MatrixTarget {
  readonly address: string;
  readonly owners: readonly HostId[];
}

/** Columns that a person can still tell apart; beyond, each host gets a line in words. */
const MAX_COLUMNS = 60;
const MAX_FAILURES = 20;
const MAX_NAMED = 5;
const VERDICTS: readonly Verdict[] = ["delivered", "lost-reply", "lost", "loop", "unknown"];

/** The matrix as a grid with a legend, in pieces; a large one as a line for each host. What is not delivered follows, with its cause. */
export function* renderMatrixText(result: MatrixResult, style: TextStyle = PLAIN): Generator<string, void> {
  const isGrid = result.targets.length <= MAX_COLUMNS;
  const tally = newTally();
  if (isGrid) yield renderHeader(result);
  for (const row of rowsOf(result)) {
    for (const flow of row.flows) count(tally, flow);
    yield isGrid ? renderGridRow(row, result, style) : renderSummaryRow(row);
  }
  if (isGrid) yield `\n${renderLegend(style)}`;
  yield renderFailures(tally);
  yield `\n${renderTotals(tally)}\n`;
}

interface Row {
  readonly host: HostId;
  readonly flows: readonly FlowResult[];
}

function* rowsOf({ hosts, targets, flows }: MatrixResult): Generator<Row, void> {
  const iterator = flows[Symbol.iterator]();
  for (const host of hosts) {
    const row: FlowResult[] = [];
    while (row.length < targets.length) {
      const next = iterator.next();
      if (next.done === true) break;
      row.push(next.value);
    }
    yield { host, flows: row };
  }
}

function renderHeader({ hosts, targets }: MatrixResult): string {
  const width = columnWidth(targets);
  const columns = targets.map(
    ({ address, owners }, index) =>
      `  ${String(index + 1).padStart(width - 2)}  ${address}${owners.length > 0 ? `  ${owners.join(", ")}` : ""}\n`,
  );
  const numbers = targets.map((_, index) => String(index + 1).padStart(width)).join("");
  return `${columns.join("")}\n${" ".repeat(marginOf(hosts))}${numbers}\n`;
}

function renderGridRow({ host, flows }: Row, { hosts, targets }: MatrixResult, style: TextStyle): string {
  const width = columnWidth(targets);
  const cells = flows.map((flow) => {
    const symbol = `${verdictSymbol(flow.verdict)}${flow.verdicts.length > 1 ? "*" : ""}`;
    return paintVerdict(flow.verdict, style)(symbol.padStart(width));
  });
  return `${host.padEnd(marginOf(hosts))}${cells.join("")}\n`;
}

function renderSummaryRow({ host, flows }: Row): string {
  const failed = flows.filter((flow) => flow.verdict !== "delivered");
  const named = failed.slice(0, MAX_NAMED).map((flow) => `${flow.to} ${flow.verdict}`);
  const left = failed.length - named.length;
  const rest = left > 0 ? [...named, `and ${left} more`] : named;
  return `${host}: ${flows.length - failed.length} of ${flows.length} delivered${rest.length > 0 ? `; ${rest.join(", ")}` : ""}\n`;
}

function renderLegend(style: TextStyle): string {
  const lines = VERDICTS.map(
    (verdict) =>
      `  ${paintVerdict(verdict, style)(verdictSymbol(verdict))}  ${verdict}: ${describeVerdict(verdict)}\n`,
  );
  return `${lines.join("")}  *  the kernel may decide in several ways: shown is the worst\n`;
}

interface Tally {
  readonly totals: Map<Verdict, number>;
  readonly failures: string[];
  failed: number;
}

function newTally(): Tally {
  return { totals: new Map(), failures: [], failed: 0 };
}

function count(tally: Tally, flow: FlowResult): void {
  tally.totals.set(flow.verdict, (tally.totals.get(flow.verdict) ?? 0) + 1);
  if (flow.verdict === "delivered") return;
  tally.failed += 1;
  if (tally.failures.length < MAX_FAILURES) tally.failures.push(describeFailure(flow));
}

function describeFailure(flow: FlowResult): string {
  const last = flow.hops.at(-1);
  const cause = last === undefined ? "" : `: \`${last.host}\` ${last.decision} by ${last.rule}, ${last.why}`;
  return `  ${flow.from} to ${flow.to} ${flow.verdict}${cause}\n`;
}

function renderFailures({ failures, failed }: Tally): string {
  if (failed === 0) return "";
  const left = failed - failures.length;
  const more = left > 0 ? `  and ${left} more; \`--json\` has them all\n` : "";
  return `\nNot delivered:\n${failures.join("")}${more}`;
}

function renderTotals({ totals }: Tally): string {
  const parts = VERDICTS.filter((verdict) => totals.has(verdict)).map(
    (verdict) => `${totals.get(verdict)} ${verdict}`,
  );
  const all = [...totals.values()].reduce((sum, one) => sum + one, 0);
  return `${all} flows: ${parts.join(", ") || "nothing to judge"}.`;
}

function columnWidth(targets: readonly MatrixTarget[]): number {
  return String(targets.length).length + 2;
}

function marginOf(hosts: readonly HostId[]): number {
  return Math.max(0, ...hosts.map((host) => host.length));
}
