import { formatIPv4, type IPv4 } from "#ip/index.js";
import type { HostId } from "#model/index.js";
import { buildChooser } from "./chooser.js";
import { type Hop, note, type Run, startRun, stateOf } from "./run.js";
import { walkPacket } from "./walk.js";
import type { World } from "./world.js";

/** What becomes of a flow; the worst stands last. */
export type Verdict = "delivered" | "unknown" | "lost-reply" | "lost" | "loop";

const SEVERITY: readonly Verdict[] = ["delivered", "unknown", "lost-reply", "lost", "loop"];

/** One echo request and its reply, as host indices, for one way through all choices. */
export interface FlowOutcome {
  readonly verdict: Verdict;
  readonly path: readonly number[];
  readonly back: readonly number[];
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
}

/** A flow from a host, by index, to an address. */
export interface FlowKey {
  readonly host: number;
  readonly to: IPv4;
}

/** Walks request and reply once, with the choices of the run's chooser. */
export function walkFlow(run: Run, { host, to }: FlowKey): FlowOutcome {
  const request = walkPacket(run, { host, source: null, destination: to });
  if (request.end !== "accepted" || request.at === null) {
    return {
      verdict: request.end === "accepted" ? "lost" : request.end,
      path: request.path,
      back: [],
    };
  }
  const responder = request.at.host;
  if (stateOf(run, responder).ignoresEcho) {
    note(run, responder, {
      link: null,
      decision: "drop",
      rule: "icmp_echo_ignore_all",
      why: "the host answers no echo request",
    });
    return { verdict: "lost-reply", path: request.path, back: [] };
  }
  const reply = walkPacket(run, {
    host: responder,
    source: to,
    destination: request.source,
  });
  const isHome = reply.end === "accepted" && reply.at?.host === host;
  const failed = reply.end === "accepted" || reply.end === "lost" ? "lost-reply" : reply.end;
  return {
    verdict: isHome ? "delivered" : failed,
    path: request.path,
    back: reply.path,
  };
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
