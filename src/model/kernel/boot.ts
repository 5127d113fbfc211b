import { formatIPv4 } from "#ip/index.js";
import type { BootStep, HostConfiguration } from "../configuration.js";
import { DEFAULT_RULES, type Host, type Link } from "../host.js";
import { type HostId, type LinkName, linkName } from "../identifiers.js";
import type { Issue, Severity } from "../issue.js";
import { hasNetwork, networkOf } from "./address-network.js";
import { applyOperation } from "./apply.js";
import { gatewayHint, sayOfBoot } from "./boot-messages.js";
import { linksNamed } from "./operation-links.js";
import type { Refusal } from "./refusal.js";

/** What a cold boot gives: the host as the kernel holds it, and what the kernel refused on the way. */
export interface BootResult {
  readonly host: Host;
  readonly issues: readonly Issue[];
}

/** A boot on its way. `stopped` maps each unit that has ended early to the step that ended it. */
interface Boot {
  readonly host: Host;
  readonly issues: readonly Issue[];
  readonly stopped: ReadonlyMap<string, BootStep>;
  /** Links that only the configuration names: no cable leads to them. */
  readonly unwired: ReadonlySet<LinkName>;
}

/**
 * Boots a host from nothing: hardware links down, the loopback up, sysctls, then the steps of the configuration in their order.
 * A step that the kernel refuses becomes an issue with its place and the kernel's words, never a part of the host. What the files
 * cannot know (addresses given at run time, input that was not understood) stands in `unmodelled` of the host. The issues of the
 * configuration itself are the caller's and do not come back.
 */
export function bootHost(given: {
  readonly id: HostId;
  readonly configuration: HostConfiguration;
  /** Physical links before any configuration: down, with their Ethernet addresses. */
  readonly hardware: readonly Link[];
  readonly sysctls: ReadonlyMap<string, number>;
}): BootResult {
  const start: Boot = { host: bareHost(given), issues: [], stopped: new Map(), unwired: new Set() };
  const booted = given.configuration.steps.reduce(runStep, start);
  const dynamic = given.configuration.dynamicLinks.map(sayOfBoot.dynamicAddress);
  const notUnderstood = given.configuration.issues.filter(({ severity }) => severity === "unmodelled");
  const host = { ...withoutCarrier(booted.host, booted.unwired), unmodelled: [...notUnderstood, ...dynamic] };
  return { host, issues: [...booted.issues, ...dynamic] };
}

function bareHost(given: {
  readonly id: HostId;
  readonly hardware: readonly Link[];
  readonly sysctls: ReadonlyMap<string, number>;
}): Host {
  const hasLoopback = given.hardware.some((link) => link.type.kind === "loopback");
  const host: Host = {
    id: given.id,
    links: hasLoopback ? given.hardware : [LOOPBACK, ...given.hardware],
    addresses: [],
    routes: [],
    rules: DEFAULT_RULES,
    neighbours: [],
    fdb: [],
    sysctls: new Map(),
    unmodelled: [],
  };
  const up = applyOperation(host, { kind: "link-up", link: LOOPBACK.name });
  return [...given.sysctls].reduce(writeSysctl, up.ok ? up.value : host);
}

const LOOPBACK: Link = {
  name: linkName("lo"),
  type: { kind: "loopback" },
  mac: null,
  mtu: 65536,
  isUp: false,
  hasCarrier: false,
  master: null,
  isNoArp: false,
  source: null,
};

/** A sysctl of a link that is yet to be made waits in the table: the kernel has no such file, the platform writes it later. */
function writeSysctl(host: Host, [key, value]: readonly [string, number]): Host {
  const written = applyOperation(host, { kind: "sysctl", key, value });
  return written.ok ? written.value : { ...host, sysctls: new Map([...host.sysctls, [key, value]]) };
}

function runStep(boot: Boot, step: BootStep): Boot {
  const stoppedBy = boot.stopped.get(step.unit);
  if (stoppedBy !== undefined)
    return { ...boot, issues: [...boot.issues, sayOfBoot.skipped(step, stoppedBy)] };
  const ready = makeMissingLinks(boot, step);
  const applied = applyOperation(ready.host, step.operation);
  if (applied.ok) return { ...ready, host: applied.value };
  const way = { severity: severityOf(applied.error, step), hint: hintFor(ready.host, step, applied.error) };
  return {
    ...ready,
    issues: [...ready.issues, sayOfBoot.refused(step, applied.error, way)],
    stopped: step.onRefusal === "stop-unit" ? new Map([...ready.stopped, [step.unit, step]]) : ready.stopped,
  };
}

function makeMissingLinks(boot: Boot, step: BootStep): Boot {
  const missing = linksNamed(step.operation).filter(
    (name) => !boot.host.links.some((link) => link.name === name),
  );
  if (missing.length === 0) return boot;
  const links = missing.map((name): Link => ({ ...LOOPBACK, name, type: { kind: "ethernet" }, mtu: 1500 }));
  return {
    ...boot,
    host: { ...boot.host, links: [...boot.host.links, ...links] },
    issues: [...boot.issues, ...missing.map((name) => sayOfBoot.unknownLink(name, step.source))],
    unwired: new Set([...boot.unwired, ...missing]),
  };
}

/** What is there twice, and a sysctl of a link that is not there, do no harm by themselves. */
const HARMLESS: ReadonlySet<Refusal["kind"]> = new Set([
  "address-exists",
  "route-exists",
  "rule-exists",
  "link-exists",
]);

function severityOf({ kind }: Refusal, { operation }: BootStep): Severity {
  return HARMLESS.has(kind) || operation.kind === "sysctl" ? "warning" : "error";
}

function hintFor(host: Host, { operation }: BootStep, refusal: Refusal): string {
  if (refusal.kind === "invalid-gateway" && "route" in operation && operation.route.gateway !== null) {
    const connected = host.addresses.filter(
      (address) => hasNetwork(address) && address.link !== LOOPBACK.name,
    );
    return gatewayHint(connected.map(networkOf), formatIPv4(operation.route.gateway));
  }
  return HINTS[refusal.kind] ?? "Correct the line, or take it out: a boot goes on without it.";
}

const HINTS: Partial<Record<Refusal["kind"], string>> = {
  "link-is-down": "Bring the link up before this line.",
  "address-exists": "Take one of the two lines out.",
  "route-exists": "Take one of the two routes out, or give it another metric.",
  "rule-exists": "Take one of the two rules out.",
  "link-exists": "Take one of the two definitions out.",
  "source-not-own": "Give the host this address before the line, or take `src` out.",
  "no-link": "Name the device of the route, or a gateway.",
};

/** Bringing a link up takes its cable for granted; these have none. */
function withoutCarrier(host: Host, unwired: ReadonlySet<LinkName>): Host {
  if (unwired.size === 0) return host;
  const links = host.links.map((link) => (unwired.has(link.name) ? { ...link, hasCarrier: false } : link));
  return { ...host, links };
}
