import { err, type Fleet, type HostId, ok, type Result } from "#model/index.js";
import type { Strategy } from "#plan/index.js";
import type { HostServices } from "#rollout/index.js";
import type { Failure } from "../failure.js";
import { say } from "./messages.js";

/** The host's own service manager calls an agent by the name of a server only where the distribution's installer made no other one. */
const SERVER_UNIT = "k3s.service";
const AGENT_UNIT = "k3s-agent.service";

/**
 * The units that a strategy stops, by host: those of k3s on all its members for `full-stop`, on the members among `changed` for `rolling-stop`,
 * none for `live`. What another distribution runs is not known, and then there is no such run.
 */
export function servicesToStop(
  strategy: Strategy,
  fleet: Fleet | null,
  changed: ReadonlySet<HostId>,
): Result<readonly HostServices[], Failure> {
  if (strategy === "live") return ok([]);
  if (fleet === null) return err(say.servicesUnknown(strategy));
  const other = fleet.clusters.find(({ distribution }) => distribution !== "k3s");
  if (other !== undefined) return err(say.distributionUnknown(strategy, other.name));
  const members = fleet.clusters.flatMap(({ servers, agents }) => [
    ...servers.map(({ host }) => ({ host, unit: SERVER_UNIT })),
    ...agents.map(({ host }) => ({ host, unit: isNixos(fleet, host) ? SERVER_UNIT : AGENT_UNIT })),
  ]);
  return ok(
    members
      .filter(({ host }) => strategy === "full-stop" || changed.has(host))
      .map(({ host, unit }) => ({ host, units: [unit] })),
  );
}

/** NixOS has one unit for both roles (nixos/modules/services/cluster/k3s). */
function isNixos(fleet: Fleet, host: HostId): boolean {
  return fleet.hosts.find(({ id }) => id === host)?.os === "nixos";
}
