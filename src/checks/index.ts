/**
 * What is wrong with a network, said by one rule a file: each a name, an explanation, evidence and a way out.
 *
 * For: findings about a snapshot, from configuration or live, alone or as the target of a change.
 * Not for: what happens between two snapshots (`prove`), or which cause explains symptoms (`diagnose`).
 * Law: a rule is a pure function of its input; what is not known is a note or silence, never an error.
 */
export { buildCheckInput } from "./check-input.js";
export type { CheckInput, Finding, FindingSeverity, Rule } from "./rule.js";
export { renderRuleTable } from "./rule-table.js";
export { RULES } from "./rules.js";
export { runChecks } from "./run-checks.js";
