import type { FleetSegment, HostId } from "#model/index.js";
import { askHost, inParallel, type SessionOf } from "#probe/index.js";
import { say } from "./messages.js";
import { type HostFiles, parseHost } from "./parse-host.js";
import { COLLECT_SCRIPT } from "./script.js";

/** What is collected, and how. */
export interface CollectSnapshotRequest {
  readonly sessionOf: SessionOf;
  readonly hosts: readonly HostId[];
  /** The wiring, which no host knows. */
  readonly segments: readonly FleetSegment[];
  /** How many hosts are asked at the same time; 16 where it is missing. */
  readonly parallel?: number;
}

/** How much of a host was collected. */
export interface CollectedHost {
  readonly host: HostId;
  /** `partly`: a file that the model needs is missing; `not-reached`: all are. */
  readonly outcome: "whole" | "partly" | "not-reached";
  /** Names of the files that the host could not give. */
  readonly missing: readonly string[];
  /** Why it was not reached, or why a part is missing; empty otherwise. */
  readonly why: string;
}

/** A snapshot directory in memory. */
export interface CollectedSnapshot {
  /** Relative paths and texts, as `readSnapshot` reads them. */
  readonly files: ReadonlyMap<string, string>;
  /** In the order in which they were asked for. */
  readonly hosts: readonly CollectedHost[];
}

/** A large host prints megabytes of routes, and a small router needs seconds for them. */
const HOST_MS = 60_000;

/** What a model needs of each host; the others are optional. Any of one row will do. */
const NEEDED = [
  ["addr.json", "addr.txt"],
  ["route.json", "route.txt"],
  ["rule.json", "rule.txt"],
  ["neigh.json", "neigh.txt"],
  ["sysctl.txt"],
];

/**
 * Collects the live state of hosts, one command for each, as a snapshot directory (docs/snapshot.md). A host that was not reached has a
 * folder with the reason alone, so that all of it is unknown and nothing of it is taken for empty. Never throws and writes nothing.
 */
export async function collectSnapshot(request: CollectSnapshotRequest): Promise<CollectedSnapshot> {
  const collected = await inParallel(request.hosts, request.parallel ?? 16, (host) =>
    collectHost(request.sessionOf, host),
  );
  const files = new Map([["wiring.json", renderWiring(request.segments)]]);
  for (const { host, texts } of collected) {
    for (const [name, text] of texts) files.set(`hosts/${host.host}/${name}`, text);
  }
  return { files, hosts: collected.map(({ host }) => host) };
}

interface Collected {
  readonly host: CollectedHost;
  readonly texts: ReadonlyMap<string, string>;
}

async function collectHost(sessionOf: SessionOf, host: HostId): Promise<Collected> {
  const answer = await askHost(sessionOf, host, { script: COLLECT_SCRIPT, words: [], timeoutMs: HOST_MS });
  if (!answer.ok) return notReached(host, answer.error);
  const parsed = parseHost(answer.value.stdout);
  if (!parsed.isWhole) return notReached(host, say.notWhole);
  const lacks = NEEDED.filter((names) => !names.some((name) => parsed.files.has(name)));
  const outcome = lacks.length === 0 ? "whole" : "partly";
  return { host: { host, outcome, missing: parsed.missing, why: whyOf(parsed) }, texts: parsed.files };
}

function whyOf(parsed: HostFiles): string {
  return parsed.missing.length === 0 ? "" : say.missing(parsed.missing);
}

function notReached(host: HostId, why: string): Collected {
  return {
    host: { host, outcome: "not-reached", missing: [], why },
    texts: new Map([["not-reached.txt", `${why}\n`]]),
  };
}

function renderWiring(segments: readonly FleetSegment[]): string {
  const ports = segments.map(({ id, ports }) => [id, ports.map(({ host, link }) => [host, link])] as const);
  return `${JSON.stringify({ segments: Object.fromEntries(ports) }, null, 1)}\n`;
}
