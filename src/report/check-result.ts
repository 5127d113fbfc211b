import type { Finding, FindingSeverity } from "#checks/index.js";
import type { HostId } from "#model/index.js";

/** What there is to show of a check; sources are paths that the reader of the report can open. */
export interface CheckResult {
  readonly hosts: readonly HostId[];
  readonly findings: readonly Finding[];
  readonly assumptions: readonly string[];
}

/** How many findings there are of each severity. */
export function countFindings(findings: readonly Finding[]): Readonly<Record<FindingSeverity, number>> {
  const count = (severity: FindingSeverity): number =>
    findings.filter((finding) => finding.severity === severity).length;
  return { error: count("error"), warning: count("warning"), note: count("note") };
}
