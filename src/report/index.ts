/**
 * Results as text, JSON, SARIF, JUnit XML and Markdown.
 *
 * For: whatever shows a result to a person or to another program.
 * Not for: producing results, files, terminals or the choice of colours.
 * Law: a renderer is a function of its result alone, ends with a newline, and its JSON fits the published schema.
 */
export type { CheckResult } from "./check-result.js";
export { countFindings } from "./check-result.js";
export type { NoPlanView, PlanView } from "./plan-view.js";
export type { RehearsalView, RehearsedRunView } from "./rehearsal-view.js";
export { renderCheckJson } from "./render-check-json.js";
export { renderCheckJUnit } from "./render-check-junit.js";
export { renderCheckMarkdown } from "./render-check-markdown.js";
export type { SarifTool } from "./render-check-sarif.js";
export { renderCheckSarif } from "./render-check-sarif.js";
export { renderCheckText } from "./render-check-text.js";
export type { CollectView } from "./render-collect.js";
export { renderCollectJson, renderCollectText } from "./render-collect.js";
export type { ChangedFile } from "./render-diff.js";
export { renderDiff } from "./render-diff.js";
export type { EditView } from "./render-edit.js";
export { renderEditJson, renderEditText, renderRefusal } from "./render-edit.js";
export { renderMatrixJson, renderTraceJson } from "./render-flow-json.js";
export type { MatrixResult, MatrixTarget } from "./render-matrix-text.js";
export { renderMatrixText } from "./render-matrix-text.js";
export { renderNoPlanJson, witnessJson } from "./render-plan-json.js";
export { renderNoPlanText, renderPlanText } from "./render-plan-text.js";
export { renderRehearsal, renderRehearsalJson } from "./render-rehearsal.js";
export { renderRunbook } from "./render-runbook.js";
export type { TraceResult } from "./render-trace-text.js";
export { renderTraceText } from "./render-trace-text.js";
export { renderWitness } from "./render-witness-text.js";
export { describeBlastRadius, shortDigest } from "./run/blast-radius.js";
export { renderAudit } from "./run/render-audit.js";
export type { OpenRecord } from "./run/render-by-hand.js";
export { openRecords, renderByHand } from "./run/render-by-hand.js";
export type { HostProgress } from "./run/render-progress.js";
export { describeGate, renderEventText, renderHostLines } from "./run/render-progress.js";
export { renderEventLine, renderRunJson, renderStatusJson } from "./run/render-run-json.js";
export { describeCheck, renderRunText } from "./run/render-run-text.js";
export { renderStatus } from "./run/render-status-text.js";
export type { CheckView, HostNowView, RunStatusView, RunView } from "./run/run-view.js";
export type { TextStyle } from "./style-text.js";
export { COLOURED, PLAIN } from "./style-text.js";
