import { describe, expect, it } from "vitest";
import type { StagedHost } from "#dataplane/index.js";
import { type HostId, hostId, type Segment } from "#model/index.js";
import { buildSnapshot, type HostSketch, ip } from "../../test/fleet-builder.js";
import { findConditions } from "./conditions.js";
import { type Demand, type PhaseProof, provePhase } from "./index.js";

/** Each host with its stages, the first of all at one time, then the second ones, and so on. */
function stage(sketches: Readonly<Record<string, readonly HostSketch[]>>): {
  readonly hosts: readonly StagedHost[];
  readonly segments: readonly Segment[];
} {
  const most = Math.max(...Object.values(sketches).map((stages) => stages.length));
  const layers = Array.from({ length: most }, (_, at) =>
    buildSnapshot(
      Object.fromEntries(
        Object.entries(sketches).map(([name, stages]) => [
          name,
          stages[Math.min(at, stages.length - 1)] ?? {},
        ]),
      ),
    ),
  );
  const hosts = Object.entries(sketches).map(([name, stages]) => ({
    id: hostId(name),
    stages: stages.flatMap((_, at) => layers[at]?.hosts.get(hostId(name)) ?? []),
  }));
  return { hosts, segments: layers[0]?.segments ?? [] };
}

function leaf(length: number, more: Partial<HostSketch> = {}): HostSketch {
  return { links: { e0: { on: "main", addresses: [`10.0.0.1/${length}`] } }, ...more };
}

const PEER: HostSketch = { links: { e0: { on: "main", addresses: ["10.0.7.2/16"] } } };

function prove(network: ReturnType<typeof stage>, demand: Demand = "delivered", maxWalks = 1e6): PhaseProof {
  return provePhase({ ...network, demandOf: () => demand, labels: new Map<HostId, string>(), maxWalks });
}

describe("provePhase", () => {
  it("proves a phase and gives the verdicts of every flow in it", () => {
    const proof = prove(stage({ a: [leaf(16), leaf(8)], b: [PEER] }));
    expect(proof).toMatchObject({ kind: "proved", effort: { states: "2", flows: 4 } });
    if (proof.kind !== "proved") return;
    expect(proof.lookup({ from: hostId("a"), to: ip("10.0.7.2") })?.verdicts).toEqual(["delivered"]);
    expect(proof.lookup({ from: hostId("a"), to: ip("10.0.7.99") })).toBeNull();
  });

  it("gives the host, its stage, the flow and the walk of a hazard, and no host that does not matter", () => {
    const proof = prove(
      stage({ a: [leaf(16), leaf(24)], b: [PEER], c: [{}, { sysctls: { ip_forward: 1 } }] }),
    );
    expect(proof.kind).toBe("hazard");
    if (proof.kind !== "hazard") return;
    const { stages, flow, verdict, hops } = proof.witness;
    expect(stages).toEqual([{ host: "a", stage: 1 }]);
    expect([flow.from, verdict]).toEqual(["a", "lost"]);
    expect(hops.at(-1)?.decision).toBe("drop");
  });

  it("says unknown where something on the way is not modelled, and hazard where another flow is lost for certain", () => {
    const issue = {
      code: "nft",
      severity: "unmodelled",
      message: "a firewall",
      source: null,
      hint: "",
    } as const;
    const uncertain = leaf(16, { unmodelled: [issue], sysctls: { ip_forward: 0 } });
    expect(prove(stage({ a: [leaf(16), uncertain], b: [PEER] })).kind).toBe("unknown");
    const far = { links: { e0: { on: "far", addresses: ["10.0.7.3/16"] } } };
    expect(prove(stage({ a: [leaf(16), uncertain], b: [PEER], c: [far] })).kind).toBe("hazard");
  });

  it("gives up when the walks are used up, with the flow that was not finished", () => {
    const network = stage({ a: [leaf(16), leaf(8)], b: [PEER, { ...PEER, sysctls: { ip_forward: 1 } }] });
    expect(prove(network, "delivered", 1)).toMatchObject({ kind: "gave-up", effort: { walks: 1 } });
  });

  it.each([
    ["delivered", "hazard"],
    ["lost", "hazard"],
    ["free", "proved"],
    ["any", "proved"],
  ] as const)(
    "takes a flow that is delivered in one stage and lost in another under the demand `%s` for %s",
    (demand, kind) => {
      expect(prove(stage({ a: [leaf(16), leaf(24)], b: [PEER] }), demand).kind).toBe(kind);
    },
  );

  it("forbids a loop under `free` and not under `any`", () => {
    const router = (index: number, other: number): HostSketch => ({
      links: { e0: { on: "main", addresses: [`10.0.0.${index}/24`] } },
      routes: [`10.9.0.0/16 via 10.0.0.${other}`],
      sysctls: { ip_forward: 1 },
    });
    const target = { links: { e0: { on: "far", addresses: ["10.9.0.1/16"] } } };
    const sender = { ...router(3, 1), sysctls: {} };
    const network = stage({ a: [router(1, 2)], b: [router(2, 1)], c: [target], d: [sender] });
    expect(prove(network, "free")).toMatchObject({
      kind: "hazard",
      witness: { verdict: "loop", stages: [] },
    });
    expect(prove(network, "any").kind).toBe("proved");
  });
});

describe("findConditions", () => {
  const whole = stage({
    a: [leaf(16), leaf(24)],
    b: [PEER, { links: { e0: { on: "main", addresses: ["10.0.0.2/16"] } } }],
    c: [{}, {}],
  });

  function conditionsAt(b: number): readonly string[] {
    const phase = whole.hosts.map((host) =>
      host.id === "b" ? { ...host, stages: host.stages.slice(b, b + 1) } : host,
    );
    const flow = { from: hostId("b"), to: ip("10.0.0.1") };
    const proof = provePhase({
      hosts: phase,
      segments: whole.segments,
      demandOf: ({ from, to }) => (from === flow.from && to === flow.to ? "delivered" : null),
      labels: new Map(),
      maxWalks: 1e6,
    });
    if (proof.kind !== "hazard") throw new Error(proof.kind);
    return findConditions({ phase, whole: whole.hosts, segments: whole.segments, witness: proof.witness });
  }

  it("names a host that stands still in the phase and makes the witness one, and no other", () => {
    expect(conditionsAt(0)).toEqual(["b"]);
  });
});
