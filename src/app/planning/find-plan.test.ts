import { describe, expect, it } from "vitest";
import { formatIPv4 } from "#ip/index.js";
import { type Cluster, hostId, type Invariant, type Snapshot } from "#model/index.js";
import type { Strategy } from "#plan/index.js";
import { at, buildSnapshot, net, type SnapshotSketch } from "../../../test/fleet-builder.js";
import { findPlan } from "./find-plan.js";
import type { PlanOutcome } from "./plan-outcome.js";

const ALL: readonly Strategy[] = ["live", "rolling-stop", "full-stop"];

interface Given {
  readonly servers?: readonly string[];
  readonly agents?: readonly string[];
  readonly invariants?: readonly Invariant[];
  readonly strategies?: readonly Strategy[];
}

function plan(before: SnapshotSketch, after: SnapshotSketch, given: Given = {}): PlanOutcome {
  const { servers = [], agents = [], invariants = [], strategies = ALL } = given;
  const clusters = servers.length + agents.length === 0 ? [] : [buildCluster(servers, agents)];
  const [from, to] = [before, after].map(buildSnapshot) as [Snapshot, Snapshot];
  return findPlan({ before: from, after: to, clusters, invariants, strategies });
}

function buildCluster(servers: readonly string[], agents: readonly string[]): Cluster {
  const source = at("fleet", 1);
  const member = (host: string): Cluster["servers"][number] => ({
    host: hostId(host),
    podCidr: null,
    source,
  });
  return {
    name: "c",
    distribution: "k3s",
    servers: servers.map(member),
    agents: agents.map(member),
    backend: "none",
    podCidr: net("10.42.0.0/16"),
    serviceCidr: net("10.43.0.0/16"),
    vip: null,
    source,
  };
}

function invariant(given: Pick<Invariant, "from" | "to" | "expect">): Invariant {
  return { ...given, why: "the operator says so", source: at("fleet", 2) };
}

/** `hosts:from-to` of each step of each phase. */
function phases(outcome: PlanOutcome): readonly (readonly string[])[] {
  if (outcome.kind !== "proved")
    throw new Error(
      `expected a plan, found ${JSON.stringify(outcome, (key, value) => (key === "hops" ? undefined : value)).slice(0, 800)}`,
    );
  return outcome.phases.map((phase) =>
    phase.steps.map(({ host, fromStage, toStage }) => `${host}:${fromStage}-${toStage}`),
  );
}

/** Two routers before a server: one has the way, the other one goes through it. */
function row(owner: "a" | "b"): SnapshotSketch {
  const way = (self: "a" | "b"): string =>
    owner === self ? "10.50.0.0/24 via 10.0.9.9" : `10.50.0.0/24 via 10.0.1.${owner === "a" ? 1 : 2}`;
  return {
    a: {
      links: { e0: { on: "ab", addresses: ["10.0.1.1/24"] }, e1: { on: "d", addresses: ["10.0.9.1/24"] } },
      routes: [way("a")],
      sysctls: { ip_forward: 1 },
    },
    b: {
      links: { e0: { on: "ab", addresses: ["10.0.1.2/24"] }, e1: { on: "d", addresses: ["10.0.9.2/24"] } },
      routes: [way("b")],
      sysctls: { ip_forward: 1 },
    },
    d: {
      links: { e0: { on: "d", addresses: ["10.0.9.9/24", "10.50.0.1/32"] } },
      routes: ["10.0.1.0/24 via 10.0.9.1"],
    },
  };
}

/** Hosts of one segment in the VLANs that are given. */
function vlans(tags: Readonly<Record<string, number>>): SnapshotSketch {
  return Object.fromEntries(
    Object.entries(tags).map(([name, id], index) => [
      name,
      {
        links: {
          e0: { on: "main" },
          v: {
            type: { kind: "vlan", id, lower: "e0" as never },
            mac: `02:00:00:00:01:0${index}`,
            addresses: [`10.7.0.${index + 1}/24`],
          },
        },
      },
    ]),
  );
}

const FLAT: SnapshotSketch = {
  a: { links: { e0: { on: "main", addresses: ["10.0.0.1/24"] } } },
  b: { links: { e0: { on: "main", addresses: ["10.0.0.2/24"] } } },
};

describe("findPlan, strategy live", () => {
  it("has the far router know its way before the near one leans on it", () => {
    expect(phases(plan(row("a"), row("b")))).toEqual([["b:0-1"], ["a:0-1"]]);
    expect(phases(plan(row("b"), row("a")))).toEqual([["a:0-1"], ["b:0-1"]]);
  });

  it("says impossible with the smallest witness where two hosts have to change at one time", () => {
    const outcome = plan(vlans({ a: 7, b: 7 }), vlans({ a: 8, b: 8 }));
    expect(outcome.kind).toBe("impossible");
    if (outcome.kind !== "impossible") return;
    expect(outcome.tried.map(({ strategy, outcome: result }) => [strategy, result])).toEqual([
      ["live", "impossible"],
      ["rolling-stop", "refused"],
      ["full-stop", "refused"],
    ]);
    const [witness] = outcome.tried[0]?.witnesses ?? [];
    expect(witness?.stages).toHaveLength(1);
    expect(witness?.verdict).toBe("lost");
  });

  it("has nothing to do between a network and itself", () => {
    expect(plan(FLAT, FLAT)).toEqual({ kind: "nothing-to-do" });
  });

  it("refuses a host that is on one side only", () => {
    const { a = {} } = FLAT;
    expect(plan(FLAT, { a })).toMatchObject({
      kind: "refused",
      why: "Expected the same hosts on both sides: host `b` is in the network as it is and not in the one to come.",
    });
  });

  it("repairs a loop that is there before the change", () => {
    const looping = row("a");
    const before: SnapshotSketch = {
      ...looping,
      a: { ...looping["a"], routes: ["10.50.0.0/24 via 10.0.1.2"] },
    };
    expect(phases(plan(before, row("a")))).toEqual([["a:0-1"]]);
  });

  it("refuses a target with a loop that is not there today", () => {
    const looping = row("a");
    const after: SnapshotSketch = {
      ...looping,
      a: { ...looping["a"], routes: ["10.50.0.0/24 via 10.0.1.2"] },
    };
    expect(plan(row("a"), after)).toMatchObject({
      kind: "refused",
      why: "The target breaks flows that work today, and no invariant says that they may end.",
    });
  });

  it("does not know what becomes of a target with something that is not modelled", () => {
    const { a } = FLAT;
    const firewall = {
      code: "nft",
      severity: "unmodelled",
      message: "a firewall",
      source: null,
      hint: "",
    } as const;
    const after = { ...FLAT, a: { ...a, routes: ["10.9.0.0/24 via 10.0.0.2"], unmodelled: [firewall] } };
    expect(plan(FLAT, after).kind).toBe("unknown");
  });

  it("refuses a target that works as the steps leave it and not after a boot", () => {
    // The order of addresses decides the source; the steps cannot give it without taking the first address away.
    const order = (addresses: readonly string[]): SnapshotSketch => ({
      a: { links: { e0: { on: "main", addresses } }, routes: ["10.9.0.0/24 dev e0"] },
      b: {
        links: { e0: { on: "main", addresses: ["10.0.0.2/24", "10.9.0.1/32"] } },
        routes: ["10.8.0.0/24 via 10.0.0.77 onlink dev e0"],
      },
    });
    const before = order(["10.0.0.1/24", "10.8.0.1/24"]);
    const after = order(["10.8.0.1/24", "10.0.0.1/24"]);
    const changed = {
      ...after,
      b: { ...after["b"], routes: [...(after["b"]?.routes ?? []), "10.99.0.0/24 via 10.0.0.1"] },
    };
    expect(plan(before, changed)).toMatchObject({
      kind: "refused",
      broken: [expect.objectContaining({ from: "a", to: "10.9.0.1" })],
    });
  });
});

describe("findPlan, with a cluster", () => {
  const change = [vlans({ a: 7, b: 7, c: 7 }), vlans({ a: 8, b: 8, c: 8 })] as const;

  it("stops one agent after the other where nobody else needs them", () => {
    const outcome = plan(...change, { agents: ["a", "b", "c"], strategies: ["rolling-stop"] });
    // A third member, which does not move, cannot reach those that have moved.
    expect(outcome.kind).toBe("gave-up");
    const pair = plan(vlans({ a: 7, b: 7 }), vlans({ a: 8, b: 8 }), { agents: ["a", "b"] });
    expect(pair).toMatchObject({ kind: "proved", strategy: "rolling-stop" });
    expect(phases(pair).map((phase) => phase.length)).toEqual([1, 1]);
  });

  it("stops the whole cluster where nothing less will do", () => {
    const outcome = plan(...change, { servers: ["a", "b", "c"] });
    expect(outcome).toMatchObject({ kind: "proved", strategy: "full-stop" });
    if (outcome.kind !== "proved") return;
    expect(outcome.tried.map(({ strategy, outcome: result, why }) => [strategy, result, why])).toEqual([
      ["live", "impossible", null],
      [
        "rolling-stop",
        "refused",
        "cluster `c`: with 1 of 3 etcd members stopped and one more failing 1 are left, and a majority is 2",
      ],
      ["full-stop", "proved", null],
    ]);
  });

  it("does not take a host outside the cluster for one that stands still with it", () => {
    // `a` and `b` look the same, and only `a` is a member.
    expect(plan(vlans({ a: 7, b: 7, c: 7 }), vlans({ a: 8, b: 8, c: 8 }), { servers: ["a"] }).kind).toBe(
      "impossible",
    );
  });

  it("keeps the quorum of five with one stopped and one failing, not of four", () => {
    const five = ["a", "b", "c", "d", "e"];
    const sketch = (length: number): SnapshotSketch =>
      Object.fromEntries(
        five.map((name, index) => [
          name,
          { links: { e0: { on: "main", addresses: [`10.0.0.${index + 1}/${length}`] } } },
        ]),
      );
    const rolling = (servers: readonly string[]): PlanOutcome =>
      plan(sketch(24), sketch(16), { servers, strategies: ["rolling-stop"] });
    expect(phases(rolling(five))).toHaveLength(5);
    expect(rolling(five.slice(0, 4))).toMatchObject({
      kind: "refused",
      why: "The change may be made in none of these ways: strategy `rolling-stop`: cluster `c`: with 1 of 4 etcd members stopped and one more failing 2 are left, and a majority is 3.",
    });
  });
});

describe("findPlan, with invariants of the fleet", () => {
  const gone: SnapshotSketch = {
    ...FLAT,
    b: { links: { e0: { on: "main", addresses: ["10.0.0.2/24"] } }, sysctls: { "conf.all.arp_ignore": 8 } },
  };
  const toB = { kind: "host", host: hostId("b") } as const;

  it("refuses a target that ends a flow, unless the flow is free", () => {
    expect(plan(FLAT, gone)).toMatchObject({
      kind: "refused",
      broken: [{ from: "a", to: "10.0.0.2", why: null }],
    });
    const free = invariant({ from: { kind: "any" }, to: toB, expect: "free" });
    expect(plan(FLAT, gone, { invariants: [free] }).kind).toBe("proved");
  });

  it("refuses a target without a flow that has to be, though it is not there today", () => {
    const wanted = invariant({ from: { kind: "any" }, to: toB, expect: "delivered" });
    const other: SnapshotSketch = { ...gone, a: { ...FLAT["a"], routes: ["10.9.0.0/24 via 10.0.0.2"] } };
    expect(plan(gone, other, { invariants: [wanted] })).toMatchObject({
      kind: "refused",
      why: "The target does not give what an invariant of the fleet wants.",
      broken: [{ from: "a", to: "10.0.0.2", why: "the operator says so" }],
    });
    expect(plan(gone, FLAT, { invariants: [wanted] }).kind).toBe("proved");
  });

  it("refuses a target with a flow that must not be", () => {
    const banned = invariant({
      from: { kind: "any" },
      to: { kind: "prefix", prefix: net("10.0.0.2/32") },
      expect: "lost",
    });
    expect(plan(gone, FLAT, { invariants: [banned] }).kind).toBe("refused");
  });

  it("keeps a flow that must not be away on the way too, and splits the change for it", () => {
    // Two walls stand before the server, and the change moves the opening from one to the other.
    const ways = (a: string, b: string): SnapshotSketch => ({
      ...row("a"),
      a: { ...row("a")["a"], routes: [a] },
      b: { ...row("a")["b"], routes: [b] },
    });
    const before = ways("10.50.0.0/24 via 10.0.9.9", "unreachable 10.50.0.0/24");
    const after = ways("unreachable 10.50.0.0/24", "10.50.0.0/24 via 10.0.1.1");
    const banned = invariant({
      from: { kind: "host", host: hostId("b") },
      to: { kind: "prefix", prefix: net("10.50.0.0/24") },
      expect: "lost",
    });
    const free = invariant({ from: { kind: "any" }, to: { kind: "any" }, expect: "free" });
    expect(phases(plan(before, after, { invariants: [free] }))).toHaveLength(1);
    expect(phases(plan(before, after, { invariants: [banned, free] }))).toEqual([["a:0-1"], ["b:0-1"]]);
  });
});

describe("The matrix that a phase expects", () => {
  it("has each flow with its verdicts during the phase and after it", () => {
    const outcome = plan(row("a"), row("b"));
    if (outcome.kind !== "proved") throw new Error(outcome.kind);
    const [first] = outcome.phases;
    expect(first?.expected).toHaveLength(3 * 6);
    expect(first?.expected.every(({ count }) => count === 1)).toBe(true);
    expect(
      first?.expected.find((flow) => flow.from === "b" && flow.to === formatIPv4(net("10.50.0.1").address)),
    ).toMatchObject({
      during: ["delivered"],
      after: ["delivered"],
    });
  });
});
