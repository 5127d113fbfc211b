import type { Rule, RuleAction } from "../host.js";
import type { Draft } from "./draft.js";
import { refuse } from "./messages.js";
import type { Refusal } from "./refusal.js";

/** `ip rule add`: behind the rules of its priority (net/core/fib_rules.c, fib_nl_newrule). */
export function addRule(draft: Draft, rule: Rule): Refusal | null {
  if (draft.rules.some((other) => isInTheWay(other, rule))) return refuse.ruleExists();
  const at = draft.rules.findIndex((other) => other.priority > rule.priority);
  draft.rules = at < 0 ? [...draft.rules, rule] : draft.rules.toSpliced(at, 0, rule);
  return null;
}

/** `ip rule del`: the first rule that has all that is given; what is not given matches any. */
export function deleteRule(draft: Draft, rule: Rule): Refusal | null {
  const at = draft.rules.findIndex((other) => fits(other, rule));
  if (at < 0) return refuse.noSuchRule();
  draft.rules = draft.rules.toSpliced(at, 1);
  return null;
}

/** rule_exists: the kernel looks at neither `not` nor a prefix that the new rule does not give, so a wider rule is refused beside a narrower one. */
function isInTheWay(other: Rule, rule: Rule): boolean {
  return (
    other.priority === rule.priority &&
    hasPrefixes(other, rule) &&
    other.incoming === rule.incoming &&
    other.outgoing === rule.outgoing &&
    isSameValue(other.mark, rule.mark) &&
    isSameValue(other.action, rule.action)
  );
}

/** rule_find. */
function fits(other: Rule, rule: Rule): boolean {
  return (
    other.priority === rule.priority &&
    hasPrefixes(other, rule) &&
    (rule.incoming === null || other.incoming === rule.incoming) &&
    (rule.outgoing === null || other.outgoing === rule.outgoing) &&
    (rule.mark === null || isSameValue(other.mark, rule.mark)) &&
    hasAction(other.action, rule.action)
  );
}

/** fib4_rule_compare. */
function hasPrefixes(other: Rule, rule: Rule): boolean {
  return (
    (rule.from === null || isSameValue(other.from, rule.from)) &&
    (rule.to === null || isSameValue(other.to, rule.to))
  );
}

function hasAction(other: RuleAction, action: RuleAction): boolean {
  if (other.kind !== "lookup" || action.kind !== "lookup") return isSameValue(other, action);
  const { suppressPrefixLength } = action;
  return (
    other.table === action.table &&
    (suppressPrefixLength === null || other.suppressPrefixLength === suppressPrefixLength)
  );
}

/** Compares two flat records whose keys stand in any order. */
function isSameValue<T extends object>(a: T | null, b: T | null): boolean {
  if (a === null || b === null) return a === b;
  const left = Object.entries(a).sort();
  const right = Object.entries(b).sort();
  return JSON.stringify(left) === JSON.stringify(right);
}
