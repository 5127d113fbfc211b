import type { Rule } from "#model/index.js";
import type { Placed } from "./declared-link.js";

/** A rule whose priority may be left to the kernel. */
export type UnrankedRule = Omit<Rule, "priority"> & { readonly priority: number | null };

const MAIN_RULE_PRIORITY = 32766;

/** Gives each rule without a priority the one that the kernel takes: one less than the lowest behind the rule of priority 0 (net/core/fib_rules.c, fib_default_rule_pref). */
export function rankRules(rules: readonly Placed<UnrankedRule>[]): readonly Placed<Rule>[] {
  let lowest = MAIN_RULE_PRIORITY;
  return rules.map(({ value, source }) => {
    const priority = value.priority ?? Math.max(lowest - 1, 0);
    if (priority > 0) lowest = Math.min(lowest, priority);
    return { value: { ...value, priority }, source };
  });
}
