import type { Issue } from "#model/index.js";
import type { Expression } from "./ast.js";
import type { Positions } from "./positions.js";
import type { Entry, UnknownValue, Value } from "./value.js";
import { unknown } from "./value.js";

/** One evaluation: what it may still spend, and how it reaches other files. */
export interface Session {
  readonly evaluate: (expression: Expression, scope: Scope) => Value;
  /** The value of a file of the tree, evaluated once. */
  readonly load: (path: string) => Value;
  /** The text of a file of the tree, or null. */
  readonly read: (path: string) => string | null;
  readonly budget: Budget;
  readonly issues: Issue[];
}

/** Counts down; when it is spent every further value is unknown, which ends the evaluation soon. */
export interface Budget {
  steps: number;
  depth: number;
  isSpent: boolean;
}

/** Evaluated expressions in one reading; the largest public module seen needs fewer than 50,000. */
export const MOST_STEPS = 1_000_000;
/** Expressions within expressions; each costs several frames of the engine's stack. */
export const DEEPEST_EVALUATION = 200;
/** Characters or list items that one value may have. */
export const LARGEST_VALUE = 4_000_000;

/** Spends `amount` steps; gives the reason where there are not enough left. */
export function spend(budget: Budget, amount = 1): UnknownValue | null {
  budget.steps -= amount;
  if (budget.steps > 0 && !budget.isSpent) return null;
  budget.isSpent = true;
  return unknown("the evaluation took too many steps");
}

/** The names that an expression can see. */
export interface Scope {
  readonly session: Session;
  readonly positions: Positions;
  /** The folder of the file, for relative paths. */
  readonly folder: string;
  readonly names: ReadonlyMap<string, Entry>;
  readonly parent: Scope | null;
  /** The set of a `with`; it gives only names that no binding around it has. */
  readonly fallback: Entry | null;
}

/** A scope inside another. */
export function innerScope(parent: Scope, names: ReadonlyMap<string, Entry>): Scope {
  return { ...parent, names, parent, fallback: null };
}

/** The scope of the body of a `with`. */
export function withScope(parent: Scope, fallback: Entry): Scope {
  return { ...parent, names: new Map(), parent, fallback };
}
