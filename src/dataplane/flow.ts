import { formatIPv4, type IPv4 } from "#ip/index.js";
import type { HostId } from "#model/index.js";
import { buildChooser } from "./chooser.js";
import { type Verdict, walkEcho } from "./echo.js";
import { type Hop, type Run, startRun } from "./run.js";
import { type FlowSize, walkSized } from "./sized-flow.js";
import type { World } from "./world.js";

export type { Verdict };

const SEVERITY: readonly Verdict[] = ["delivered", "unknown", "lost-reply", "lost", "loop"];

/** One echo request and its reply, as host indices, for one way through all choices. */
export interface FlowOutcome {
  readonly verdict: Verdict;
  readonly path: readonly number[];
  readonly back: readonly number[];
  /** How large the packets were in the end, where sizes are asked about. */
  readonly bytes?: number;
}

/** The verdict of one flow in one state of the fleet: everything that the kernel may decide; its public form is docs/matrix.md. */
export interface FlowResult {
  readonly from: HostId;
  readonly to: string;
  /** The worst of `verdicts`. */
  readonly verdict: Verdict;
  readonly verdicts: readonly Verdict[];
  readonly path: readonly HostId[];
  readonly back: readonly HostId[];
  readonly paths: readonly (readonly HostId[])[];
  readonly backs: readonly (readonly HostId[])[];
  readonly hops: readonly Hop[];
  readonly findings: readonly string[];
  /** The size that was asked about; missing for small packets. */
  readonly size?: FlowSize;
  /** How large the packets of the shown way were in the end. */
  readonly bytes?: number;
}

/** A flow from a host, by index, to an address, with small packets where no size is given. */
export interface FlowKey {
  readonly host: number;
  readonly to: IPv4;
  readonly size?: FlowSize;
}

/** Walks request and reply once, with the choices of the run's chooser. */
export function walkFlow(run: Run, { host, to, size }: FlowKey): FlowOutcome {
  const sized = size === undefined ? null : walkSized(run, { host, to, size });
  const { verdict, path, back } = sized?.echo ?? walkEcho(run, host, to);
  return { verdict, path, back, ...(typeof sized?.bytes === "number" ? { bytes: sized.bytes } : {}) };
}

/** Judges one flow: all outcomes that the kernel may give, with the explanation of the worst. */
export function judgeFlow(world: World, key: FlowKey, isTraced: boolean): FlowResult {
  const outcomes: { readonly outcome: FlowOutcome; readonly run: Run }[] = [];
  const chooser = buildChooser();
  do {
    const run = startRun(world, chooser, isTraced);
    outcomes.push({ outcome: walkFlow(run, key), run });
  } while (chooser.advance());
  return summarise(world, key, outcomes);
}

function summarise(
  world: World,
  key: FlowKey,
  outcomes: readonly { readonly outcome: FlowOutcome; readonly run: Run }[],
): FlowResult {
  const name = (host: number): HostId => world.hosts[host]?.id ?? ("" as HostId);
  const verdicts = sortVerdicts(outcomes.map(({ outcome }) => outcome.verdict));
  const verdict = verdicts.at(-1) ?? "unknown";
  const shown = outcomes.find(({ outcome }) => outcome.verdict === verdict);
  return {
    from: name(key.host),
    to: formatIPv4(key.to),
    verdict,
    verdicts,
    path: (shown?.outcome.path ?? []).map(name),
    back: (shown?.outcome.back ?? []).map(name),
    paths: distinct(outcomes.map(({ outcome }) => outcome.path.map(name))),
    backs: distinct(outcomes.map(({ outcome }) => outcome.back.map(name))),
    hops: shown?.run.hops ?? [],
    findings: [...new Set(outcomes.flatMap(({ run }) => [...run.findings]))],
    ...(key.size === undefined ? {} : { size: key.size }),
    ...(shown?.outcome.bytes === undefined ? {} : { bytes: shown.outcome.bytes }),
  };
}

/** Where the request of a flow may end, whatever the kernel chooses: the last host that it reached, `self` for the sender. */
export function judgeExits(world: World, key: FlowKey): readonly (HostId | "self")[] {
  const exits = new Set<HostId | "self">();
  const chooser = buildChooser();
  do {
    const last = walkFlow(startRun(world, chooser, false), key).path.at(-1);
    const host = last === undefined || last === key.host ? undefined : world.hosts[last]?.id;
    exits.add(host ?? "self");
  } while (chooser.advance());
  return [...exits];
}

/** The distinct verdicts, the worst last. */
export function sortVerdicts(verdicts: Iterable<Verdict>): readonly Verdict[] {
  const present = new Set(verdicts);
  return SEVERITY.filter((verdict) => present.has(verdict));
}

function distinct(paths: readonly (readonly HostId[])[]): readonly (readonly HostId[])[] {
  return [...new Map(paths.map((path) => [path.join(" "), path])).values()];
}
