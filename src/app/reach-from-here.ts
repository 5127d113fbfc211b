import type { HostId } from "#model/index.js";
import { openLocalReach, type Reach } from "#transport/index.js";

/** Reaches one host as this machine itself and all others as before; null: this machine is none of them. */
export function reachFromHere(others: Reach, thisMachine: HostId | null): Reach {
  if (thisMachine === null) return others;
  const local = openLocalReach(thisMachine);
  return {
    open: (host, purpose) => (host === thisMachine ? local : others).open(host, purpose),
    close: async () => {
      await local.close();
      await others.close();
    },
  };
}
