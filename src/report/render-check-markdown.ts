import type { Finding } from "#checks/index.js";
import { formatSource } from "#model/index.js";
import type { CheckResult } from "./check-result.js";
import { summarise } from "./render-check-text.js";

/** A check as Markdown, for a merge request or a ticket. */
export function renderCheckMarkdown(result: CheckResult): string {
  const parts = [
    "# Network check",
    summarise(result),
    ...result.findings.map(renderFinding),
    ...renderList("Assumed", result.assumptions),
  ];
  return `${parts.join("\n\n")}\n`;
}

function renderFinding(finding: Finding): string {
  const host = finding.host === null ? "" : ` on \`${finding.host}\``;
  const place = finding.source === null ? [] : [`\`${formatSource(finding.source)}\``];
  return [
    `## ${finding.severity}: ${finding.rule}${host}`,
    ...place,
    escapeMarkdown(finding.message),
    ...(finding.evidence.length > 0
      ? [finding.evidence.map((fact) => `- ${escapeMarkdown(fact)}`).join("\n")]
      : []),
    `**Way out:** ${escapeMarkdown(finding.wayOut)}`,
  ].join("\n\n");
}

function renderList(title: string, lines: readonly string[]): readonly string[] {
  if (lines.length === 0) return [];
  return [`## ${title}`, lines.map((line) => `- ${escapeMarkdown(line)}`).join("\n")];
}

/** Values stand in backticks already; what could start markup outside of them is escaped. */
function escapeMarkdown(text: string): string {
  return text
    .split("`")
    .map((part, index) => (index % 2 === 0 ? part.replace(/[<>*_[\]|\\]/g, "\\$&") : part))
    .join("`");
}
