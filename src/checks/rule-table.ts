import type { Rule } from "./rule.js";

/** The table of docs/checks/README.md, one line for each rule. */
export function renderRuleTable(rules: readonly Rule[]): string {
  const lines = rules.map(({ name, title }) => `| [\`${name}\`](${name}.md) | ${title} |`);
  return ["| rule | what it finds |", "| --- | --- |", ...lines].join("\n");
}
