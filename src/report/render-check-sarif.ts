import type { Finding, FindingSeverity, Rule } from "#checks/index.js";
import type { Source } from "#model/index.js";
import type { CheckResult } from "./check-result.js";

/** What a SARIF log says of the tool. */
export interface SarifTool {
  readonly version: string;
  readonly rules: readonly Rule[];
}

interface ReportingDescriptor {
  readonly id: string;
  readonly shortDescription: { readonly text: string };
  readonly fullDescription: { readonly text: string };
}

/** A check as a SARIF 2.1.0 log, for code hosting and editors; OASIS sarif-v2.1.0. */
export function renderCheckSarif(result: CheckResult, tool: SarifTool): string {
  const rules = describeRules(result.findings, tool.rules);
  const indexOf = new Map(rules.map((rule, index) => [rule.id, index]));
  const log = {
    $schema: "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json",
    version: "2.1.0",
    runs: [
      {
        tool: { driver: { name: "pointsman", version: tool.version, rules } },
        columnKind: "utf16CodeUnits",
        results: result.findings.map((finding) => renderResult(finding, indexOf.get(finding.rule) ?? -1)),
      },
    ],
  };
  return `${JSON.stringify(log, null, 2)}\n`;
}

/** All rules in their order, then what readers found under names of their own. */
function describeRules(findings: readonly Finding[], rules: readonly Rule[]): readonly ReportingDescriptor[] {
  const known = new Set(rules.map((rule) => rule.name));
  const others = [...new Set(findings.map((finding) => finding.rule))].filter((name) => !known.has(name));
  return [
    ...rules.map((rule) => ({
      id: rule.name,
      shortDescription: { text: rule.title },
      fullDescription: { text: rule.explanation },
    })),
    ...others.map((name) => ({
      id: name,
      shortDescription: { text: `Found while reading: ${name}` },
      fullDescription: { text: "Something about the input itself, found before any rule looked at it." },
    })),
  ];
}

function renderResult(finding: Finding, ruleIndex: number): object {
  const facts = finding.evidence.map((fact) => `\n- ${fact}`).join("");
  return {
    ruleId: finding.rule,
    ruleIndex,
    level: levelOf(finding.severity),
    message: { text: `${finding.message}${facts}\nWay out: ${finding.wayOut}` },
    locations: locationsOf(finding),
  };
}

/** SARIF has the same three words. */
function levelOf(severity: FindingSeverity): "error" | "warning" | "note" {
  return severity;
}

function locationsOf({ source, host }: Finding): readonly object[] {
  if (source === null && host === null) return [];
  return [
    {
      ...(source === null ? {} : { physicalLocation: physicalLocation(source) }),
      ...(host === null
        ? {}
        : { logicalLocations: [{ name: host, fullyQualifiedName: host, kind: "resource" }] }),
    },
  ];
}

function physicalLocation({ file, line, column }: Source): object {
  return {
    artifactLocation: { uri: fileUri(file) },
    region: { startLine: Math.max(1, line), startColumn: Math.max(1, column) },
  };
}

/** A path as a URI reference: RFC 3986 takes a colon in the first part of a relative one for a scheme. */
function fileUri(path: string): string {
  const encoded = path.split("/").map(encodeURIComponent).join("/");
  return encoded.startsWith("/") ? `file://${encoded}` : encoded;
}
