import type { Finding, Rule } from "#checks/index.js";
import { formatSource } from "#model/index.js";
import type { CheckResult } from "./check-result.js";
import { escapeXml } from "./escape-xml.js";

/** A check as JUnit XML, for CI: each finding is a test, an error one that failed; a rule without findings is one that passed. */
export function renderCheckJUnit(result: CheckResult, rules: readonly Rule[]): string {
  const found = new Set(result.findings.map((finding) => finding.rule));
  const passed = rules.filter((rule) => !found.has(rule.name));
  const failures = result.findings.filter((finding) => finding.severity === "error").length;
  const tests = result.findings.length + passed.length;
  const counts = `tests="${tests}" failures="${failures}" errors="0"`;
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites name="pointsman" ${counts}>`,
    `  <testsuite name="check" ${counts} skipped="0">`,
    ...result.findings.map(renderCase),
    ...passed.map((rule) => `    <testcase classname="check" name="${escapeXml(rule.name)}"/>`),
    "  </testsuite>",
    "</testsuites>",
    "",
  ].join("\n");
}

function renderCase(finding: Finding): string {
  const place =
    finding.source === null ? "" : ` file="${escapeXml(finding.source.file)}" line="${finding.source.line}"`;
  const subject = finding.host ?? "fleet";
  const name = escapeXml(`${finding.rule}: ${subject}: ${finding.message}`);
  const details = escapeXml(
    [
      ...(finding.source === null ? [] : [formatSource(finding.source)]),
      ...finding.evidence,
      `Way out: ${finding.wayOut}`,
    ].join("\n"),
  );
  const body =
    finding.severity === "error"
      ? `<failure type="${escapeXml(finding.rule)}" message="${escapeXml(finding.message)}">${details}</failure>`
      : `<system-out>${finding.severity}\n${details}</system-out>`;
  return `    <testcase classname="check" name="${name}"${place}>${body}</testcase>`;
}
