import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { StagedHost } from "#dataplane/index.js";
import type { Host, Snapshot } from "#model/index.js";
import {
  type HostChange,
  type PhaseQuestion,
  type PhaseWitness,
  type Prove,
  planChange,
} from "#plan/index.js";
import { buildJudge, hasSafeOrder } from "../../../test/brute-force.js";
import { type StagedNetwork, stagedNetwork } from "../../../test/random-network.js";
import { findOutsideAddresses } from "./outside-addresses.js";
import { buildProve } from "./proof.js";
import { rateFlows } from "./rate-flows.js";

const RUNS = Number(process.env["PLAN_RUNS"] ?? 150);

/** Hosts whose stages share nothing with each other: harder than any change that operations make. */
function search(network: StagedNetwork): ReturnType<typeof planChange> {
  const changes = network.hosts.filter(({ stages }) => stages.length > 1).map(changeOf);
  const end = (pick: (stages: readonly Host[]) => Host | undefined): Snapshot => ({
    hosts: new Map(
      network.hosts.flatMap(({ id, stages }) => [[id, pick(stages) ?? stages[0]] as [typeof id, Host]]),
    ),
    segments: network.segments,
  });
  const before = end((stages) => stages[0]);
  const after = end((stages) => stages.at(-1));
  const rated = rateFlows({ before, after, changes, clusters: [], invariants: [] });
  const prove = withoutMemories(buildProve(rated));
  return planChange({ before, changes, clusters: [], rate: rated.rate, strategies: ["live"], prove });
}

/** These stages teach each other more than brute force can keep in mind: here hosts remember nothing. */
function withoutMemories<P, W extends PhaseWitness>(prove: Prove<P, W>): Prove<P, W> {
  const forget = (hosts: PhaseQuestion["hosts"]): PhaseQuestion["hosts"] =>
    hosts.map(({ id, stages }) => ({ id, stages }));
  return (question) => prove({ ...question, hosts: forget(question.hosts), whole: forget(question.whole) });
}

/** The operations only count: the stages are given. */
function changeOf({ id, stages }: StagedHost): HostChange {
  return {
    host: id,
    stages,
    operations: stages.slice(1).map(() => ({ kind: "neighbour-flush", link: null })),
  };
}

describe("The search against brute force over all orders", () => {
  it("finds phases of good states where there is a safe order, and says impossible where there is none", () => {
    const seen = { proved: 0, severalPhases: 0, impossible: 0, "gave-up": 0, unknown: 0 };
    fc.assert(
      fc.property(stagedNetwork(4, 3), (network) => {
        const found = search(network)[0]?.search;
        const judge = buildJudge({
          staged: network.hosts,
          segments: network.segments,
          outside: findOutsideAddresses(network.hosts),
        });
        // A flow that goes in a circle at the end and not before is refused before any search.
        fc.pre(judge(network.hosts.map(({ id, stages }) => ({ id, stages: stages.slice(-1) }))) === null);
        seen[found?.kind ?? "unknown"] += 1;
        if (found?.kind === "gave-up") return;
        expect(found?.kind).toBe(hasSafeOrder(network.hosts, judge) ? "proved" : "impossible");
        if (found?.kind === "proved" && found.phases.length > 1) seen.severalPhases += 1;
      }),
      { numRuns: RUNS * 4 },
    );
    expect(seen.severalPhases).toBeGreaterThan(0);
    expect(seen.impossible).toBeGreaterThan(0);
    expect(seen["gave-up"]).toBe(0);
    expect(seen.unknown).toBe(0);
  });
});
