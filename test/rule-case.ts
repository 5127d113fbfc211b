import { buildCheckInput, type CheckInput, type Finding, type Rule } from "#checks/index.js";
import {
  type BootStep,
  emptyConfiguration,
  type HostConfiguration,
  type HostId,
  hostId,
  type Issue,
  type K3sConfiguration,
  operation,
  parseIpCommand,
  type Snapshot,
  type Source,
} from "#model/index.js";
import { at, buildSnapshot, type SnapshotSketch } from "./fleet-builder.js";

/** What a rule is shown; everything but the snapshot is empty unless given. */
export interface RuleCase extends Partial<Omit<CheckInput, "flows" | "snapshot">> {
  readonly snapshot: Snapshot | SnapshotSketch;
}

/** The input of a rule. */
export function buildCase(given: RuleCase): CheckInput {
  const snapshot = isSnapshot(given.snapshot) ? given.snapshot : buildSnapshot(given.snapshot);
  const empty = { fleet: null, configurations: new Map(), issues: [], booted: null };
  return buildCheckInput({ ...empty, ...given, snapshot });
}

/** What one rule says. */
export function runRule(rule: Rule, given: RuleCase): readonly Finding[] {
  return rule.check(buildCase(given));
}

/** `severity host: message` of each finding. */
export function lines(findings: readonly Finding[]): readonly string[] {
  return findings.map(({ severity, host, message }) => `${severity} ${host ?? "fleet"}: ${message}`);
}

/** Configurations by host name. */
export function configure(
  hosts: Readonly<Record<string, Partial<HostConfiguration>>>,
): ReadonlyMap<HostId, HostConfiguration> {
  return new Map(
    Object.entries(hosts).map(([name, given]) => [hostId(name), { ...emptyConfiguration(), ...given }]),
  );
}

/** The k3s part of a configuration: a server of which nothing else is said, at line 5 of `k3s.nix`. */
export function k3s(given: Partial<K3sConfiguration> = {}): K3sConfiguration {
  return {
    role: "server",
    nodeIp: null,
    flannelBackend: null,
    flannelLink: null,
    podCidr: null,
    serviceCidr: null,
    server: null,
    tlsSans: [],
    isClusterInit: false,
    source: at("k3s.nix", 5),
    ...given,
  };
}

/** A step `ip route add TEXT`. */
export function routeStep(text: string, source: Source, unit = "network"): BootStep {
  const parsed = parseIpCommand(`ip route add ${text}`.split(" "));
  const [step] = parsed.ok ? parsed.value : [];
  if (step?.kind !== "route-add") throw new RangeError(`\`${text}\` is no route`);
  const route = operation.route({ ...step.route, source });
  return { operation: { kind: "route-add", route }, source, unit, onRefusal: "continue" };
}

/** An issue as the boot reports a refusal of this kind. */
export function refusal(kind: string, source: Source | null, message = "The kernel refuses it."): Issue {
  return { code: `boot/${kind}`, severity: "error", message, source, hint: "Correct the configuration." };
}

function isSnapshot(given: Snapshot | SnapshotSketch): given is Snapshot {
  return given["hosts"] instanceof Map;
}
