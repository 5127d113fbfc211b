/** Where a fact stands; line and column count from 1. A live snapshot's file has line 1 where no better is known. */
export interface Source {
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

/** `unmodelled` is input that was read but whose effect is not known: verdicts that depend on it are `unknown`. */
export type Severity = "error" | "warning" | "unmodelled";

/** Something to tell the operator about input, as data. */
export interface Issue {
  /** Stable kebab-case name, such as `uci/unknown-protocol`; the dialect or rule stands before the slash. */
  readonly code: string;
  readonly severity: Severity;
  /** What was expected and what was found, in sentence case, values in backticks. */
  readonly message: string;
  readonly source: Source | null;
  /** What to do next. */
  readonly hint: string;
}

/** Writes `file:line:column`. */
export function formatSource(source: Source): string {
  return `${source.file}:${source.line}:${source.column}`;
}
