import type { Flow } from "#dataplane/index.js";
import { formatIPv4 } from "#ip/index.js";
import type { Snapshot } from "#model/index.js";
import type { BrokenFlow } from "./plan-outcome.js";
import { type EndVerdicts, isDelivered, isLost, type RatedChange } from "./rate-flows.js";

/**
 * Flows that work before and not after, to addresses that are still owned, where no invariant frees them; those whose end is
 * not what an invariant wants; those that go in a circle after and not before; and those to the world outside that lose
 * their route.
 */
export function findBrokenFlows(rated: RatedChange, target: Snapshot): readonly BrokenFlow[] {
  const owned = new Set(
    [...target.hosts.values()].flatMap((host) => host.addresses.map((address) => address.ip)),
  );
  return rated.kinds.flatMap(({ flow }) => {
    const { worksBefore, stated } = rated.rate(flow);
    const ends = rated.verdicts(flow);
    const wanted = stated ?? (worksBefore && owned.has(flow.to) ? "delivered" : "free");
    if (ends === null || isKept(ends, wanted, stated !== null)) return [];
    const loss =
      ends.exits?.losesRoute === true ? "an address of no host: the route to the world outside goes" : null;
    const why = stated === null ? loss : (rated.invariantOf(flow)?.why ?? null);
    const { before, after } = ends;
    return [{ ...nameFlow(flow), before, after, why }];
  });
}

function isKept(
  { before, after, exits }: EndVerdicts,
  wanted: "delivered" | "lost" | "free",
  isStated: boolean,
): boolean {
  if (after.includes("loop") && !before.includes("loop")) return false;
  if (!isStated && exits?.losesRoute === true) return false;
  if (wanted === "free") return true;
  return wanted === "delivered" ? isDelivered(after) : isLost(after);
}

/** Flows whose fate at one end is not known: a plan that rests on them is not proved. */
export function findUnknownFlows(rated: RatedChange): readonly BrokenFlow[] {
  return rated.kinds.flatMap(({ flow }) => {
    const ends = rated.verdicts(flow);
    if (ends === null || rated.rate(flow).stated === "free") return [];
    const isUnknown = [...ends.before, ...ends.after].includes("unknown");
    const isBroken = !isDelivered(ends.before) && !ends.before.includes("unknown");
    if (!isUnknown || isBroken) return [];
    const { before, after } = ends;
    return [{ ...nameFlow(flow), before, after, why: null }];
  });
}

function nameFlow({ from, to, size }: Flow): Pick<BrokenFlow, "from" | "to" | "size"> {
  return { from, to: formatIPv4(to), ...(size === undefined ? {} : { size }) };
}
