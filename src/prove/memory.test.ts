import { describe, expect, it } from "vitest";
import type { StagedHost, Way } from "#dataplane/index.js";
import { hostId, type Operation } from "#model/index.js";
import { buildSnapshot, type HostSketch, ip } from "../../test/fleet-builder.js";
import { type Demand, type PhaseProof, provePhase } from "./index.js";

const NOTHING: Operation = { kind: "sysctl", key: "conf.all.log_martians", value: 0 };
const FLUSH: Operation = { kind: "neighbour-flush", link: null };
const FLUSH_ROUTES: Operation = { kind: "route-cache-flush" };

/** A host by its stages, the operations between them, and the stage in which it began each phase; it is in the last of them. */
interface Told {
  readonly stages: readonly HostSketch[];
  readonly operations?: readonly Operation[];
  readonly starts: readonly number[];
}

function prove(told: Readonly<Record<string, Told>>, from: string, to: string): PhaseProof {
  const most = Math.max(...Object.values(told).map(({ stages }) => stages.length));
  const layers = Array.from({ length: most }, (_, at) =>
    buildSnapshot(
      Object.fromEntries(
        Object.entries(told).map(([name, { stages }]) => [
          name,
          stages[Math.min(at, stages.length - 1)] ?? {},
        ]),
      ),
    ),
  );
  const hosts = Object.entries(told).map(([name, { stages, operations, starts }]): StagedHost => {
    const all = stages.flatMap((_, at) => layers[at]?.hosts.get(hostId(name)) ?? []);
    const start = starts.at(-1) ?? 0;
    const way: Way = {
      operations: operations ?? stages.slice(1).map(() => NOTHING),
      left: all.slice(0, start),
      starts,
    };
    return { id: hostId(name), stages: all.slice(start), way };
  });
  const flow = { from: hostId(from), to: ip(to) };
  const demandOf = (asked: typeof flow): Demand | null =>
    asked.from === flow.from && asked.to === flow.to ? "delivered" : null;
  return provePhase({
    hosts,
    segments: layers[0]?.segments ?? [],
    demandOf,
    labels: new Map(),
    maxWalks: 1e5,
  });
}

const plain = (...addresses: readonly string[]): HostSketch => ({ links: { e0: { on: "lan", addresses } } });

describe("provePhase, with what hosts remember", () => {
  const moving = {
    a: { stages: [plain("10.0.0.1/24", "10.0.0.100/32"), plain("10.0.0.1/24")], starts: [0, 1] },
    b: { stages: [plain("10.0.0.2/24", "10.0.0.100/32")], starts: [0, 0] },
  };

  it("has a host send to the old owner of an address until it flushes", () => {
    const proof = prove(
      { ...moving, h: { stages: [plain("10.0.0.9/24")], starts: [0, 0] } },
      "h",
      "10.0.0.100",
    );
    expect(proof).toMatchObject({
      kind: "hazard",
      witness: {
        stages: [],
        verdict: "lost",
        path: ["a"],
        memories: [{ host: "h", of: "a", stage: 0, entry: { kind: "neighbour" } }],
      },
    });
    if (proof.kind !== "hazard") return;
    expect(proof.witness.hops[1]).toMatchObject({
      rule: "stale neighbour",
      why: expect.stringContaining("`a` had the address"),
    });
  });

  it("has it ask again after a flush in a later phase than that in which the owner moved", () => {
    const h = {
      stages: [plain("10.0.0.9/24"), plain("10.0.0.9/24")],
      operations: [FLUSH],
      starts: [0, 0, 1],
    };
    const later = { a: { ...moving.a, starts: [0, 1, 1] }, b: { ...moving.b, starts: [0, 0, 0] } };
    expect(prove({ ...later, h }, "h", "10.0.0.100").kind).toBe("proved");
  });

  it("does not trust a flush in the same phase: the owner may have moved after it", () => {
    const h = { stages: [plain("10.0.0.9/24"), plain("10.0.0.9/24")], operations: [FLUSH], starts: [0, 1] };
    expect(prove({ ...moving, h }, "h", "10.0.0.100").kind).toBe("hazard");
  });

  it("lets no cache remember what has not been yet", () => {
    const early = { ...moving, a: { ...moving.a, starts: [0, 0] } };
    const b = { stages: [plain("10.0.0.2/24"), plain("10.0.0.2/24", "10.0.0.200/32")], starts: [0, 0] };
    expect(
      prove({ ...early, b, h: { stages: [plain("10.0.0.9/24")], starts: [0, 0] } }, "h", "10.0.0.1").kind,
    ).toBe("proved");
  });

  it("never takes a permanent entry for an old one", () => {
    const pinned: HostSketch = {
      ...plain("10.0.0.9/24"),
      neighbours: ["10.0.0.100 lladdr 02:00:00:00:01:01 dev e0 nud permanent"],
    };
    expect(prove({ ...moving, h: { stages: [pinned], starts: [0, 0] } }, "h", "10.0.0.100").kind).toBe(
      "proved",
    );
  });

  const redirected = (operations: readonly Operation[]): Readonly<Record<string, Told>> => {
    const router = (own: string, wan: string, routes: readonly string[], forwards = 1): HostSketch => ({
      links: { lan: { on: "lan", addresses: [own] }, wan: { on: "wan", addresses: [wan] } },
      routes,
      sysctls: { ip_forward: forwards },
    });
    const h: HostSketch = { ...plain("10.0.0.9/24"), routes: ["default via 10.0.0.1"] };
    const phases = operations.length === 0 ? [0, 0] : [0, 0, 1];
    return {
      h: { stages: [h, ...operations.map(() => h)], operations, starts: phases },
      r1: {
        stages: [
          router("10.0.0.1/24", "10.9.0.1/24", ["10.8.0.0/24 via 10.0.0.2"]),
          router("10.0.0.1/24", "10.9.0.1/24", ["10.8.0.0/24 via 10.9.0.3"]),
        ],
        starts: phases.map((_, index) => (index === 0 ? 0 : 1)),
      },
      r2: {
        stages: [
          router("10.0.0.2/24", "10.9.0.2/24", ["10.8.0.0/24 via 10.9.0.3"]),
          router("10.0.0.2/24", "10.9.0.2/24", ["10.8.0.0/24 via 10.9.0.3"], 0),
        ],
        starts: phases.map((_, index) => (index === 0 ? 0 : 1)),
      },
      s: {
        stages: [
          {
            links: { e0: { on: "wan", addresses: ["10.9.0.3/24", "10.8.0.9/32"] } },
            routes: ["10.0.0.0/24 via 10.9.0.1"],
          },
        ],
        starts: phases.map(() => 0),
      },
    };
  };

  it("has a host follow a redirect that its gateway would not send any more", () => {
    const proof = prove(redirected([]), "h", "10.8.0.9");
    expect(proof).toMatchObject({
      kind: "hazard",
      witness: {
        path: ["r2"],
        memories: [{ host: "h", of: "r1", stage: 0, entry: { kind: "redirect", nextHop: ip("10.0.0.2") } }],
      },
    });
  });

  it("has it forget redirects with the route cache, and not with its neighbours", () => {
    expect(prove(redirected([FLUSH_ROUTES]), "h", "10.8.0.9").kind).toBe("proved");
    expect(prove(redirected([FLUSH]), "h", "10.8.0.9").kind).toBe("hazard");
  });
});
