import type { Addition } from "./draft.js";
import type { HostChange } from "./plan.js";
import { heldUntil, operationName } from "./scaffold.js";

/**
 * Other orders of one host's own operations in which it is never in the stage as it is: an operation that comes after it is done before
 * the last one that led there, or one that came before it waits for a later one. Whether the kernel takes them is not asked here.
 */
export function proposeOrders(change: HostChange, stage: number): readonly Addition[] {
  const first = Math.max(0, ...(change.helpers ?? []).map(({ made }) => made.to));
  const names = change.operations.slice(first, heldUntil(change)).map(operationName);
  const at = stage - first;
  if (at <= 0 || at >= names.length) return [];
  const orders = [
    ...laterFirst(names, at),
    ...names.slice(0, at).flatMap((_, from) => waiting(names, from, at)),
  ];
  const once = new Map(orders.map((order) => [order.join("\n"), order]));
  once.delete(names.join("\n"));
  return [...once.values()].map((order) => ({ kind: "order", host: change.host, order }));
}

/** Each operation behind the stage, put before the one that led there. */
function laterFirst(names: readonly string[], at: number): readonly (readonly string[])[] {
  return names
    .slice(at)
    .map((name, behind) => [...names.toSpliced(at + behind, 1).toSpliced(at - 1, 0, name)]);
}

/** One operation before the stage, put behind each of those that follow it. */
function waiting(names: readonly string[], from: number, at: number): readonly (readonly string[])[] {
  const rest = names.toSpliced(from, 1);
  return names
    .slice(at)
    .map((_, behind) => [...rest.toSpliced(at + behind, 0, ...names.slice(from, from + 1))]);
}
