import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  buildWorld,
  type Flow,
  judgeFlow,
  ownedAddresses,
  type StagedHost,
  type Verdict,
} from "#dataplane/index.js";
import { hostId } from "#model/index.js";
import { buildSnapshot, type SnapshotSketch } from "../../test/fleet-builder.js";
import type { StagedNetwork } from "../../test/random-network.js";
import { provePhase } from "./index.js";

const RUNS = Number(process.env["PROVE_RUNS"] ?? 100);
const MTU = fc.constantFrom(1500, 1500, 1450, 9000, 600, 1504);
const FORWARDING = { ip_forward: 1 };

/** Two ends on both sides of a router, the far ones behind a bridge; a second router may be the way back. */
function sketch(hasWayBack: boolean): SnapshotSketch {
  const farRoutes = [`default via 10.1.0.${hasWayBack ? 8 : 9}`];
  return {
    a: { links: { e0: { on: "s", addresses: ["10.0.0.1/24"] } }, routes: ["default via 10.0.0.9"] },
    b: { links: { e0: { on: "t", addresses: ["10.1.0.1/24"] } }, routes: farRoutes },
    r: {
      links: {
        e0: { on: "s", addresses: ["10.0.0.9/24"] },
        e1: { on: "u", addresses: ["10.1.0.9/24"] },
      },
      sysctls: FORWARDING,
      // What the router says to `a` does not arrive there.
      routes: hasWayBack ? ["blackhole 10.0.0.1/32"] : [],
    },
    h: {
      links: {
        br0: { type: { kind: "bridge", isVlanAware: false } },
        p0: { on: "t", master: "br0" },
        p1: { on: "u", master: "br0" },
      },
    },
    ...(hasWayBack
      ? {
          way: {
            links: {
              e0: { on: "s", addresses: ["10.0.0.8/24"] },
              e1: { on: "t", addresses: ["10.1.0.8/24"] },
            },
            sysctls: FORWARDING,
          },
        }
      : {}),
  };
}

/** Each host in one to three stages that differ in the MTUs of its links. */
const network = fc.boolean().chain((hasWayBack) => {
  const { hosts, segments } = buildSnapshot(sketch(hasWayBack));
  const staged = [...hosts.values()].map((host) => {
    const mtus = fc.array(MTU, { minLength: host.links.length, maxLength: host.links.length });
    return fc.array(mtus, { minLength: 1, maxLength: 3 }).map(
      (stages): StagedHost => ({
        id: host.id,
        stages: stages.map((own) => ({
          ...host,
          links: host.links.map((link, index) => ({ ...link, mtu: own[index] ?? link.mtu })),
        })),
      }),
    );
  });
  return fc.tuple(...staged).map((all): StagedNetwork => ({ hosts: all, segments }));
});

/** Hosts on one segment with few MTUs between them: some are alike. */
const flat = fc
  .array(fc.constantFrom<readonly number[]>([1500], [1500, 9000], [9000, 1500], [9000]), {
    minLength: 3,
    maxLength: 5,
  })
  .map((all): StagedNetwork => {
    const links = (index: number): SnapshotSketch[string] => ({
      links: { e0: { on: "s", addresses: [`10.0.0.${index + 1}/24`] } },
    });
    const { hosts, segments } = buildSnapshot(
      Object.fromEntries(all.map((_, index) => [`h${index}`, links(index)])),
    );
    const staged = [...hosts.values()].map(
      (host, index): StagedHost => ({
        id: host.id,
        stages: (all[index] ?? []).map((mtu) => ({
          ...host,
          links: host.links.map((link) => (link.type.kind === "loopback" ? link : { ...link, mtu })),
        })),
      }),
    );
    return { hosts: staged, segments };
  });

describe("provePhase of full-size packets against brute force over all states", () => {
  it("is safe exactly where every state delivers what is to be delivered", () => {
    const seen = { proved: 0, hazard: 0 };
    fc.assert(
      fc.property(network, fc.nat(), (given, pick) => {
        const flows = fullFlows(given);
        const flow = flows[pick % flows.length];
        if (flow === undefined) return;
        const verdicts = bruteForce(given, flow);
        const proof = provePhase({
          ...given,
          isSized: true,
          demandOf: (asked) => (asked.size === undefined ? "any" : isSame(asked, flow) ? "delivered" : null),
          labels: new Map(given.hosts.map(({ id }) => [id, id])),
          maxWalks: 1e7,
        });
        const isSafe = [...verdicts].every((verdict) => verdict === "delivered");
        expect(proof.kind).toBe(isSafe ? "proved" : "hazard");
        seen[isSafe ? "proved" : "hazard"] += 1;
        if (proof.kind === "proved") expect(new Set(proof.lookup(flow)?.verdicts)).toEqual(verdicts);
        if (proof.kind === "hazard") {
          expect(proof.witness.flow).toEqual(flow);
          expect(bruteForce(fixStages(given, proof.witness.stages), flow)).toEqual(
            new Set([proof.witness.verdict]),
          );
        }
      }),
      { numRuns: RUNS },
    );
    expect(Math.min(seen.proved, seen.hazard)).toBeGreaterThan(RUNS / 20);
  });

  it("says the same with hosts taken for alike and without", () => {
    fc.assert(
      fc.property(fc.oneof(network, flat), (given) => {
        const proof = provePhase({
          ...given,
          isSized: true,
          demandOf: () => "any",
          labels: new Map(),
          maxWalks: 1e7,
        });
        expect(proof.kind).toBe("proved");
        if (proof.kind !== "proved") return;
        for (const flow of fullFlows(given)) {
          expect(new Set(proof.lookup(flow)?.verdicts), `${flow.from} ${flow.to}`).toEqual(
            bruteForce(given, flow),
          );
        }
      }),
      { numRuns: Math.ceil(RUNS / 2) },
    );
  });
});

function fullFlows({ hosts }: StagedNetwork): readonly Flow[] {
  const targets = ownedAddresses(hosts.flatMap(({ stages }) => stages));
  return hosts.flatMap(({ id }) => targets.map((to): Flow => ({ from: id, to, size: "full" })));
}

function isSame(a: Flow, b: Flow): boolean {
  return a.from === b.from && a.to === b.to && a.size === b.size;
}

function fixStages(
  given: StagedNetwork,
  fixed: readonly { readonly host: StagedHost["id"]; readonly stage: number }[],
): StagedNetwork {
  const hosts = given.hosts.map((host) => {
    const stage = host.stages[fixed.find((one) => one.host === host.id)?.stage ?? -1];
    return stage === undefined ? host : { id: host.id, stages: [stage] };
  });
  return { ...given, hosts };
}

/** Every combination of stages is a world of its own. */
function bruteForce({ hosts, segments }: StagedNetwork, { from, to }: Flow): ReadonlySet<Verdict> {
  const states = hosts.reduce<readonly (readonly StagedHost[])[]>(
    (all, { id, stages }) =>
      all.flatMap((state) => stages.map((stage) => [...state, { id, stages: [stage] }])),
    [[]],
  );
  const verdicts = states.flatMap((state) => {
    const world = buildWorld(state, segments);
    const host = world.indexOf.get(hostId(from)) ?? -1;
    return judgeFlow(world, { host, to, size: "full" }, false).verdicts;
  });
  return new Set(verdicts);
}
