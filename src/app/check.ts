import { buildCheckInput, type Finding, RULES, type Rule, runChecks } from "#checks/index.js";
import { type HostId, ok, type Result } from "#model/index.js";
import type { Failure } from "./failure.js";
import { type Network, type NetworkSource, openNetwork } from "./network.js";

/** What the rules say about a network, with places that can be opened from here. */
export interface Check {
  readonly hosts: readonly HostId[];
  /** The worst first. */
  readonly findings: readonly Finding[];
  readonly assumptions: readonly string[];
  /** The rules that were asked. */
  readonly rules: readonly Rule[];
}

/** Runs every rule on the network. */
export function check(source: NetworkSource): Result<Check, Failure> {
  const network = openNetwork(source);
  if (!network.ok) return network;
  return ok(checkNetwork(network.value));
}

/** Runs every rule on a network that is open already. */
export function checkNetwork(network: Network): Check {
  const { snapshot, fleet, configurations, issues, assumptions, placeOf } = network;
  const input = buildCheckInput({ snapshot, fleet, configurations, issues, booted: null });
  return {
    hosts: [...snapshot.hosts.keys()],
    findings: runChecks(input).map((finding) => ({
      ...finding,
      source: finding.source === null ? null : placeOf(finding.source),
    })),
    assumptions,
    rules: RULES,
  };
}
