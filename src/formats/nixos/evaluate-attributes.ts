import type { AttributesExpression, Bindings, BoundExpression } from "./ast.js";
import { innerScope, type Scope } from "./session.js";
import {
  type AttributesValue,
  attributes,
  delay,
  type Entry,
  type UnknownValue,
  unknown,
  type Value,
} from "./value.js";

/** Builds the set; a dynamic name that is not known makes the rest of the set uncertain and keeps what is certain. */
export function evaluateAttributes(expression: AttributesExpression, scope: Scope): Value {
  const { bindings } = expression;
  const inner = expression.isRecursive ? bindNames(bindings, scope) : scope;
  const entries = expression.isRecursive ? new Map(inner.names) : plainEntries(bindings, scope);
  return addDynamics(bindings, entries, inner);
}

/** The scope in which the bindings of `let` or `rec` see each other. */
export function bindNames(bindings: Bindings, scope: Scope): Scope {
  const names = new Map<string, Entry>();
  const inner = innerScope(scope, names);
  for (const [name, bound] of bindings.entries)
    names.set(name, boundEntry(bound, bound.isOuter ? scope : inner));
  return inner;
}

function plainEntries(bindings: Bindings, scope: Scope): Map<string, Entry> {
  const entries = new Map<string, Entry>();
  for (const [name, bound] of bindings.entries) entries.set(name, boundEntry(bound, scope));
  return entries;
}

function boundEntry(bound: BoundExpression, scope: Scope): Entry {
  const { session, positions } = scope;
  return { thunk: delay(() => session.evaluate(bound.value, scope)), source: positions.sourceAt(bound.at) };
}

function addDynamics(bindings: Bindings, entries: Map<string, Entry>, scope: Scope): AttributesValue {
  let missing: UnknownValue | null = null;
  for (const { name, value, at } of bindings.dynamics) {
    const source = scope.positions.sourceAt(at);
    const key = scope.session.evaluate(name, scope);
    if (key.kind === "null") continue;
    if (key.kind === "string" && key.holes.length === 0) {
      entries.set(key.text, { thunk: delay(() => scope.session.evaluate(value, scope)), source });
    } else {
      missing ??= whyUnknown(key, source);
    }
  }
  const why = missing;
  return attributes(entries, why === null ? null : () => why);
}

function whyUnknown(key: Value, source: UnknownValue["source"]): UnknownValue {
  const reason = key.kind === "unknown" ? key : key.kind === "string" ? key.holes[0]?.unknown : undefined;
  if (reason === undefined) return unknown("the name of an attribute is no string", source);
  return { kind: "unknown", reason: `the name of an attribute is not known, ${reason.reason}`, source };
}
