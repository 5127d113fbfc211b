import { buildCheckInput, type Finding, runChecks } from "#checks/index.js";
import type { Fleet, FleetHost, Snapshot } from "#model/index.js";
import { at } from "../fleet-builder.js";
import type { Scenario } from "./scenario.js";

const HERE = at("scenario.yaml", 1);

/** The rules with errors that the target has and the network of today has not, sorted: why `pointsman plan` refuses it before any proof. */
export function newErrors(scenario: Scenario): string[] {
  const known = new Set(errorsOf(scenario, scenario.before).map(identity));
  const added = errorsOf(scenario, scenario.after).filter((finding) => !known.has(identity(finding)));
  return [...new Set(added.map(({ rule }) => String(rule)))].sort();
}

function errorsOf(scenario: Scenario, snapshot: Snapshot): readonly Finding[] {
  const fleet = fleetOf(scenario);
  const input = buildCheckInput({ snapshot, fleet, configurations: new Map(), issues: [], booted: null });
  return runChecks(input).filter(({ severity }) => severity === "error");
}

function identity({ rule, host, message }: Finding): string {
  return `${rule} ${host} ${message}`;
}

function fleetOf({ name, before, clusters, operator, invariants }: Scenario): Fleet {
  const members = new Set(
    clusters.flatMap(({ servers, agents }) => [...servers, ...agents].map(({ host }) => host)),
  );
  const hosts = [...before.hosts.values()].map(
    ({ id }): FleetHost => ({
      id,
      role: members.has(id) ? "node" : "other",
      os: "other",
      ssh: null,
      configuration: [],
      macs: new Map(),
      sysctls: new Map(),
      source: HERE,
    }),
  );
  const segments = before.segments.map((segment) => ({ ...segment, mtu: null, source: HERE }));
  return { name, hosts, segments, clusters, zones: [], operator, invariants, assumptions: [] };
}
