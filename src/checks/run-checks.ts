import type { CheckInput, Finding, FindingSeverity } from "./rule.js";
import { RULES } from "./rules.js";

const RANK: Readonly<Record<FindingSeverity, number>> = { error: 0, warning: 1, note: 2 };

/** Runs every rule; findings come by severity, host (the fleet's own first), place and rule, and otherwise as the rules gave them. */
export function runChecks(input: CheckInput): readonly Finding[] {
  return RULES.flatMap((rule) => rule.check(input)).sort(compare);
}

function compare(a: Finding, b: Finding): number {
  return (
    RANK[a.severity] - RANK[b.severity] ||
    compareTexts(a.host ?? "", b.host ?? "") ||
    comparePlaces(a, b) ||
    compareTexts(a.rule, b.rule)
  );
}

function comparePlaces({ source: a }: Finding, { source: b }: Finding): number {
  if (a === null || b === null) return Number(a !== null) - Number(b !== null);
  return compareTexts(a.file, b.file) || a.line - b.line || a.column - b.column;
}

/** By code unit, so that the order is the same on every machine. */
function compareTexts(a: string, b: string): number {
  return a < b ? -1 : Number(a > b);
}
