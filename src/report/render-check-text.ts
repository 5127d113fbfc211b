import type { Finding, FindingSeverity } from "#checks/index.js";
import { formatSource } from "#model/index.js";
import { type CheckResult, countFindings } from "./check-result.js";
import { counted, PLAIN, type TextStyle } from "./style-text.js";

/** What a check says, one block for each finding, with what was assumed below. */
export function renderCheckText(result: CheckResult, style: TextStyle = PLAIN): string {
  const blocks = [
    ...result.findings.map((finding) => renderFinding(finding, style)),
    ...renderList("Assumed", result.assumptions, style),
    summarise(result),
  ];
  return `${blocks.join("\n\n")}\n`;
}

/** `4 hosts: 2 errors, 1 warning, 0 notes.` */
export function summarise(result: CheckResult): string {
  const counts = countFindings(result.findings);
  const hosts = counted(result.hosts.length, "host");
  if (result.findings.length === 0) return `${hosts}: no findings.`;
  return `${hosts}: ${counted(counts.error, "error")}, ${counted(counts.warning, "warning")}, ${counted(counts.note, "note")}.`;
}

function renderFinding(finding: Finding, style: TextStyle): string {
  const host = finding.host === null ? "" : ` on ${style.bold(finding.host)}`;
  const place = finding.source === null ? "" : `${formatSource(finding.source)}: `;
  const lines = [
    `${place}${paint(finding.severity, style)(finding.severity)}: ${style.bold(finding.rule)}${host}`,
    `  ${finding.message}`,
    ...finding.evidence.map((fact) => `    - ${fact}`),
    `  Way out: ${finding.wayOut}`,
  ];
  return lines.join("\n");
}

function paint(severity: FindingSeverity, style: TextStyle): (text: string) => string {
  switch (severity) {
    case "error":
      return style.red;
    case "warning":
      return style.yellow;
    case "note":
      return style.faint;
  }
}

function renderList(title: string, lines: readonly string[], style: TextStyle): readonly string[] {
  if (lines.length === 0) return [];
  return [[style.bold(`${title} (${lines.length}):`), ...lines.map((line) => `  - ${line}`)].join("\n")];
}
