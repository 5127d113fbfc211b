import type { Rule } from "../host.js";
import type { Draft } from "./draft.js";
import { refuse } from "./messages.js";
import type { Refusal } from "./refusal.js";

/** `ip rule add`: behind the rules of its priority (net/core/fib_rules.c, fib_nl_newrule). */
export function addRule(draft: Draft, rule: Rule): Refusal | null {
  if (draft.rules.some((other) => isSameRule(other, rule))) return refuse.ruleExists();
  const at = draft.rules.findIndex((other) => other.priority > rule.priority);
  draft.rules = at < 0 ? [...draft.rules, rule] : draft.rules.toSpliced(at, 0, rule);
  return null;
}

/** `ip rule del` with all of the rule's selectors. */
export function deleteRule(draft: Draft, rule: Rule): Refusal | null {
  const at = draft.rules.findIndex((other) => isSameRule(other, rule));
  if (at < 0) return refuse.noSuchRule();
  draft.rules = draft.rules.toSpliced(at, 1);
  return null;
}

function isSameRule(a: Rule, b: Rule): boolean {
  return (
    a.priority === b.priority &&
    a.isInverted === b.isInverted &&
    isSameValue(a.from, b.from) &&
    isSameValue(a.to, b.to) &&
    a.incoming === b.incoming &&
    a.outgoing === b.outgoing &&
    isSameValue(a.mark, b.mark) &&
    isSameValue(a.action, b.action)
  );
}

/** Compares two flat records whose keys stand in any order. */
function isSameValue<T extends object>(a: T | null, b: T | null): boolean {
  if (a === null || b === null) return a === b;
  const left = Object.entries(a).sort();
  const right = Object.entries(b).sort();
  return JSON.stringify(left) === JSON.stringify(right);
}
