import { formatIPv4 } from "#ip/index.js";
import type { Snapshot } from "#model/index.js";
import type { BrokenFlow } from "./plan-outcome.js";
import { isDelivered, type RatedChange } from "./rate-flows.js";

/** Flows that work before and not after, to addresses that are still owned, and that no invariant frees. */
export function findBrokenFlows(rated: RatedChange, after: Snapshot): readonly BrokenFlow[] {
  const owned = new Set(
    [...after.hosts.values()].flatMap((host) => host.addresses.map((address) => address.ip)),
  );
  return rated.kinds.flatMap(({ flow }) => {
    const { worksBefore, worksAfter, stated } = rated.rate(flow);
    const isDemanded = stated === "delivered" || (stated === null && worksBefore && owned.has(flow.to));
    const ends = rated.verdicts(flow);
    if (!isDemanded || worksAfter || ends === null) return [];
    return [{ from: flow.from, to: formatIPv4(flow.to), ...ends }];
  });
}

/** Flows whose fate at one end is not known: a plan that rests on them is not proved. */
export function findUnknownFlows(rated: RatedChange): readonly BrokenFlow[] {
  return rated.kinds.flatMap(({ flow }) => {
    const ends = rated.verdicts(flow);
    if (ends === null || rated.rate(flow).stated === "free") return [];
    const isUnknown = [...ends.before, ...ends.after].includes("unknown");
    const isBroken = !isDelivered(ends.before) && !ends.before.includes("unknown");
    if (!isUnknown || isBroken) return [];
    return [{ from: flow.from, to: formatIPv4(flow.to), ...ends }];
  });
}
