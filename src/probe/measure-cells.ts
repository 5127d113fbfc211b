import type { HostId } from "#model/index.js";
import { askHost } from "./ask-host.js";
import type { ProbeCell, ProbeReading } from "./cell.js";
import { inParallel } from "./in-parallel.js";
import { type PingReading, parsePings } from "./parse-pings.js";
import { PING_SCRIPT, PINGS_AT_ONCE } from "./ping-script.js";
import type { SessionOf } from "./session.js";

/** How cells are measured. */
export interface MeasureOptions {
  /** How long an echo reply may take; hosts without fping round it up to seconds. */
  readonly replyTimeoutMs?: number;
  /** How many hosts send at the same time. */
  readonly parallel?: number;
}

interface Manner {
  readonly sessionOf: SessionOf;
  readonly replyTimeoutMs: number;
}

const DEFAULT_REPLY_MS = 500;
const DEFAULT_PARALLEL = 32;

/** What a host may need besides waiting: to start its processes, on a slow router. */
const STARTING_MS = 10_000;

const DOTTED_QUAD = /^\d{1,3}(?:\.\d{1,3}){3}$/;

/**
 * Measures cells from the hosts' own view: one command for each host that sends, to all its destinations at once; those that were lost are
 * asked once more, because one lost echo is not a lost cell. What did not answer twice is lost; what could not be asked is not measured and
 * says why. Readings are in the order of the cells. Never throws; ends within twice the time-out of one command.
 */
export async function measureCells<Cell extends ProbeCell>(
  sessionOf: SessionOf,
  cells: readonly Cell[],
  options: MeasureOptions = {},
): Promise<readonly ProbeReading<Cell>[]> {
  const manner: Manner = { sessionOf, replyTimeoutMs: options.replyTimeoutMs ?? DEFAULT_REPLY_MS };
  const targets = targetsOf(cells);
  const measured = await inParallel(
    [...targets],
    options.parallel ?? DEFAULT_PARALLEL,
    async ([host, addresses]) => [host, await askTwice(manner, host, [...addresses])] as const,
  );
  const readings = new Map(measured);
  return cells.map((cell) => readingOf(cell, readings.get(cell.from)?.get(cell.to)));
}

function targetsOf(cells: readonly ProbeCell[]): ReadonlyMap<HostId, ReadonlySet<string>> {
  const targets = new Map<HostId, Set<string>>();
  for (const { from, to } of cells) {
    if (!DOTTED_QUAD.test(to)) continue;
    const known = targets.get(from);
    if (known === undefined) targets.set(from, new Set([to]));
    else known.add(to);
  }
  return targets;
}

async function askTwice(
  manner: Manner,
  host: HostId,
  addresses: readonly string[],
): Promise<ReadonlyMap<string, PingReading>> {
  const first = await askOnce(manner, host, addresses);
  const lost = addresses.filter((address) => first.get(address)?.kind === "lost");
  if (lost.length === 0) return first;
  return new Map([...first, ...(await askOnce(manner, host, lost))]);
}

async function askOnce(
  { sessionOf, replyTimeoutMs }: Manner,
  host: HostId,
  addresses: readonly string[],
): Promise<ReadonlyMap<string, PingReading>> {
  const seconds = Math.max(1, Math.ceil(replyTimeoutMs / 1000));
  const rounds = Math.ceil(addresses.length / PINGS_AT_ONCE);
  const answer = await askHost(sessionOf, host, {
    script: PING_SCRIPT,
    words: [String(replyTimeoutMs), String(seconds), ...addresses],
    timeoutMs: STARTING_MS + replyTimeoutMs + addresses.length + rounds * seconds * 1000,
  });
  if (answer.ok) return parsePings(answer.value.stdout, addresses);
  const none: PingReading = { kind: "not-measured", why: answer.error };
  return new Map(addresses.map((address) => [address, none]));
}

function readingOf<Cell extends ProbeCell>(cell: Cell, reading: PingReading | undefined): ProbeReading<Cell> {
  if (reading === undefined)
    return { cell, observed: "not-measured", why: `\`${cell.to}\` is no IPv4 address` };
  if (reading.kind === "not-measured") return { cell, observed: "not-measured", why: reading.why };
  return { cell, observed: reading.kind, why: "" };
}
