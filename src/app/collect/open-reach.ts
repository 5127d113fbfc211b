import { LabError, labReach } from "#lab/index.js";
import { err, type Fleet, ok, type Result } from "#model/index.js";
import { openSshReach, type Reach } from "#transport/index.js";
import type { Failure } from "../failure.js";
import { reachFromHere } from "../reach-from-here.js";
import { say } from "../run/messages.js";

/** How the hosts are reached whose state is collected. */
export type CollectReach =
  | {
      readonly kind: "ssh";
      /** For `ssh -F`; null: the user's own. */
      readonly configFile: string | null;
      /** Takes and keeps the key of a host that nobody knows yet; one that has changed is refused all the same. */
      readonly acceptsNewHostKeys: boolean;
    }
  | { readonly kind: "lab"; readonly name: string };

/** Opens the way to the hosts of a fleet; no host is asked yet. The caller closes it. */
export function openReachTo(fleet: Fleet, reach: CollectReach): Result<Reach, Failure> {
  switch (reach.kind) {
    case "ssh": {
      const { configFile, acceptsNewHostKeys } = reach;
      const destinations = new Map(fleet.hosts.map(({ id, ssh }) => [id, ssh ?? id]));
      const ssh = openSshReach({
        destinationOf: (host) => destinations.get(host) ?? null,
        configFile,
        acceptsNewHostKeys,
      });
      const here = fleet.hosts.find(
        ({ id, ssh: destination }) => id === fleet.operator && destination === null,
      );
      return ok(reachFromHere(ssh, here?.id ?? null));
    }
    case "lab":
      return openLabNamed(reach.name);
  }
}

function openLabNamed(name: string): Result<Reach, Failure> {
  try {
    return ok(labReach(name));
  } catch (error) {
    if (error instanceof LabError) return err(say.noLab(error.message, error.hint));
    throw error;
  }
}
