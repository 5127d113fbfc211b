import { type CheckResult, countFindings } from "./check-result.js";

/** A check as one JSON document; schemas/check.schema.json. */
export function renderCheckJson(result: CheckResult): string {
  const { hosts, findings, assumptions } = result;
  const document = {
    schemaVersion: 1,
    hosts,
    counts: countFindings(findings),
    findings,
    assumptions,
  };
  return `${JSON.stringify(document, null, 2)}\n`;
}
