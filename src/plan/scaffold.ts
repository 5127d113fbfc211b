import { applyOperation, type Host, type HostId, type Operation } from "#model/index.js";
import { findDifference } from "./difference.js";
import type { HelperProposal, PlacedHelper } from "./helper-stage.js";
import type { HostChange } from "./plan.js";
import { describeDifference } from "./sameness.js";

/** One host's change with helper stages around it and, where it is given, another order of its own operations. */
export interface Scaffold {
  readonly host: HostId;
  readonly before: Host;
  readonly after: Host;
  readonly helpers: readonly HelperProposal[];
  /** Names of the operations (`operationName`) in the order wanted; null: as the difference has them. */
  readonly order: readonly string[] | null;
}

/** Names are asked for again and again, and operations never change. */
const NAMES = new WeakMap<Operation, string>();

/** An operation by all that it says. */
export function operationName(operation: Operation): string {
  const known = NAMES.get(operation);
  if (known !== undefined) return known;
  const name = JSON.stringify(operation, (key, value: unknown) => (key === "source" ? undefined : value));
  NAMES.set(operation, name);
  return name;
}

/**
 * Makes the helpers, turns the host with them into the target with them, and unmakes them, the last one first.
 *
 * @returns null where the kernel refuses a helper at one of the ends, where one changes nothing, or where unmaking does not lead to the target.
 */
export function scaffold({ host, before, after, helpers, order }: Scaffold): HostChange | null {
  const make = helpers.flatMap((helper) => helper.make);
  const made = applyAll(before, make);
  const held = holdAll(after, helpers);
  if (made === null || held === null) return null;
  const own = differenceInOrder(made.at(-1) ?? before, held.at(-1) ?? after, order);
  if (own === null) return null;
  const unmakes = unmakeAll(own.stages.at(-1) ?? before, held);
  if (unmakes === null) return null;
  const operations = [...make, ...own.operations, ...unmakes.flat()];
  const stages = [before, ...made, ...own.stages.slice(1)];
  const whole = applyAll(stages.at(-1) ?? before, unmakes.flat());
  if (whole === null) return null;
  return {
    host,
    operations,
    stages: [...stages, ...whole],
    ...(helpers.length === 0
      ? {}
      : { helpers: place(host, { helpers, unmakes, ownEnd: make.length + own.operations.length }) }),
  };
}

/** The states after each operation, or null where the kernel refuses one. */
function applyAll(start: Host, operations: readonly Operation[]): readonly Host[] | null {
  const stages: Host[] = [];
  let state = start;
  for (const operation of operations) {
    const result = applyOperation(state, operation);
    if (!result.ok) return null;
    state = result.value;
    stages.push(state);
  }
  return stages;
}

/** The target without helpers, with the first, with the first two, and so on; null where one of them is refused or does nothing. */
function holdAll(after: Host, helpers: readonly HelperProposal[]): readonly Host[] | null {
  const held = [after];
  for (const { make } of helpers) {
    const last = held.at(-1) ?? after;
    const next = applyAll(last, make)?.at(-1);
    if (next === undefined || describeDifference(last, next).length === 0) return null;
    held.push(next);
  }
  return held;
}

function differenceInOrder(
  from: Host,
  to: Host,
  order: readonly string[] | null,
): Pick<HostChange, "operations" | "stages"> | null {
  const difference = findDifference(from, to);
  if (difference.kind === "not-found") return null;
  if (order === null) return difference;
  const operations = sortBy(difference.operations, order);
  if (operations === null) return difference;
  const stages = applyAll(from, operations);
  if (stages === null || describeDifference(stages.at(-1) ?? from, to).length > 0) return null;
  return { operations, stages: [from, ...stages] };
}

/** The operations in the order of the names, or null where they are not those that the names name. */
function sortBy(operations: readonly Operation[], order: readonly string[]): readonly Operation[] | null {
  const rest = operations.map((operation) => ({ operation, name: operationName(operation) }));
  const sorted = order.flatMap((name) => {
    const at = rest.findIndex((each) => each.name === name);
    return at < 0 ? [] : rest.splice(at, 1);
  });
  return rest.length > 0 || sorted.length < order.length ? null : sorted.map(({ operation }) => operation);
}

/** What takes each helper back, the last one first. */
function unmakeAll(end: Host, held: readonly Host[]): readonly (readonly Operation[])[] | null {
  const unmakes: (readonly Operation[])[] = [];
  let state = end;
  for (const target of held.slice(0, -1).reverse()) {
    const back = findDifference(state, target);
    if (back.kind === "not-found") return null;
    unmakes.push(back.operations);
    state = back.stages.at(-1) ?? state;
  }
  return unmakes;
}

interface Placing {
  readonly helpers: readonly HelperProposal[];
  readonly unmakes: readonly (readonly Operation[])[];
  readonly ownEnd: number;
}

function place(host: HostId, { helpers, unmakes, ownEnd }: Placing): readonly PlacedHelper[] {
  let made = 0;
  const ends = [ownEnd];
  for (const unmake of unmakes) ends.push((ends.at(-1) ?? ownEnd) + unmake.length);
  return helpers.map(({ kind, make, why }, index) => {
    const back = helpers.length - 1 - index;
    const from = made;
    made += make.length;
    return {
      kind,
      host,
      why,
      make,
      unmake: unmakes[back] ?? [],
      made: { from, to: made },
      unmade: { from: ends[back] ?? ownEnd, to: ends[back + 1] ?? ownEnd },
    };
  });
}

/** How many operations of a host come before the first that takes a helper back. */
export function heldUntil({ operations, helpers = [] }: HostChange): number {
  return Math.min(operations.length, ...helpers.map(({ unmade }) => unmade.from));
}
