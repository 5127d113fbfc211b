import { compareText, equalValues } from "./compare.js";
import type { Definition } from "./definitions.js";
import { conflictIssue } from "./messages.js";
import { concatenateLists } from "./operators.js";
import { isLines } from "./option-paths.js";
import type { Session } from "./session.js";
import { concatenate } from "./text.js";
import { describe, forced, list, text, unknown, type Value } from "./value.js";

/** Merges the definitions of one option that is no attribute set: lists are joined, lines are joined, anything else must agree. */
export function mergeLeaf(
  path: readonly string[],
  definitions: readonly Definition[],
  session: Session,
): Value {
  const ordered = [...definitions].sort((a, b) => a.order - b.order);
  const values = ordered.map((definition) => forced(definition.entry));
  const [first] = values;
  if (first === undefined) {
    return { ...unknown(`\`config.${path.join(".")}\` is not defined in the files read`), isUndefined: true };
  }
  if (values.length === 1) return first.kind === "unknown" ? unknown(first.reason, first.source) : first;
  if (values.some((value) => value.kind === "list")) {
    return values.reduce((joined, value) => concatenateLists(joined, value, session.budget), list([]));
  }
  const why = values.find((value) => value.kind === "unknown");
  if (why !== undefined) return why;
  if (isLines(path)) {
    return concatenate(
      values.flatMap((value, index) => (index === 0 ? [value] : [text("\n"), value])),
      session.budget,
    );
  }
  const isSame = values.every((value) => isTrue(equalValues(first, value, session.budget)));
  if (isSame) return first;
  const found = [...new Set(values.map(describe))].sort(compareText);
  session.issues.push(conflictIssue(path.join("."), found, ordered.at(-1)?.entry.source ?? null));
  return unknown("its definitions conflict");
}

function isTrue(value: Value): boolean {
  return value.kind === "boolean" && value.value;
}
