import { contains } from "#ip/index.js";
import type { FlowSource, FlowTarget, Invariant, Issue } from "#model/index.js";
import { message } from "./messages.js";

/**
 * Invariants that can never take effect: the first that speaks of a flow counts, and an earlier one that wants something else speaks
 * of all their flows. An exception has to stand before the rule that it is taken from.
 */
export function findContradictions(invariants: readonly Invariant[]): readonly Issue[] {
  return invariants.flatMap((later, index) => {
    const earlier = invariants
      .slice(0, index)
      .find(
        (each) =>
          each.expect !== later.expect &&
          coversSource(each.from, later.from) &&
          coversTarget(each.to, later.to),
      );
    return earlier === undefined ? [] : [message.contradiction(later, earlier)];
  });
}

function coversSource(wide: FlowSource, narrow: FlowSource): boolean {
  return wide.kind === "any" || (narrow.kind === "host" && narrow.host === wide.host);
}

function coversTarget(wide: FlowTarget, narrow: FlowTarget): boolean {
  if (wide.kind !== "prefix")
    return wide.kind === "any" || (narrow.kind === "host" && narrow.host === wide.host);
  if (narrow.kind !== "prefix") return false;
  return narrow.prefix.length >= wide.prefix.length && contains(wide.prefix, narrow.prefix.address);
}
