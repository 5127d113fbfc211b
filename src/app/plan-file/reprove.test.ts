import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { buildSnapshot, type SnapshotSketch } from "../../../test/fleet-builder.js";
import { ROOT } from "../../../test/repository/root.js";
import { plan } from "../plan.js";
import { findPlan } from "../planning/find-plan.js";
import type { Json } from "./encode.js";
import { parsePlanFile } from "./read.js";
import { type Reproof, reprovePlan } from "./reprove.js";
import type { PlanFile } from "./schema.js";
import { buildPlanFile, digestOf, renderPlanFile } from "./write.js";

/** A plan file that a test may edit. */
type Edited = { -readonly [K in keyof PlanFile]: PlanFile[K] };

const FOLDER = join(ROOT, "examples", "inc-0004");
let incident: string;

beforeAll(() => {
  const end = (tree: string) =>
    ({
      kind: "fleet",
      file: join(FOLDER, "pointsman.yaml"),
      tree: join(FOLDER, tree),
      nix: "never",
    }) as const;
  const made = plan({
    from: end("wide"),
    to: end("fixed"),
    names: { from: "wide", to: "fixed" },
    strategy: "auto",
    version: "0.0.0",
    overridesChecks: false,
  });
  if (!made.ok || made.value.file === null) throw new Error("the example has no plan");
  incident = renderPlanFile(made.value.file);
});

function reprove(text: string): Reproof {
  const read = parsePlanFile(text, "plan.json");
  if (!read.ok) throw new Error(read.error.message);
  return reprovePlan(read.value);
}

/** The proof of an edited file, as it is and with a digest that fits. */
function edit(
  text: string,
  change: (plan: Edited) => void,
): { readonly raw: Reproof; readonly signed: Reproof } {
  const edited = JSON.parse(text) as Edited;
  change(edited);
  const signed = { ...edited, digest: digestOf(edited as unknown as Json) };
  return { raw: reprove(JSON.stringify(edited)), signed: reprove(JSON.stringify(signed)) };
}

function problem(reproof: Reproof): string {
  return "problem" in reproof ? reproof.problem : reproof.kind;
}

function first<T>(list: readonly T[]): T {
  const [item] = list;
  if (item === undefined) throw new RangeError("an empty list");
  return item;
}

/** Edits steps in place; a plan file has no other owner here. */
function steps(plan: Edited, phase = 0): PlanFile["phases"][number]["steps"][number][] {
  return plan.phases[phase]?.steps ?? [];
}

describe("A plan file as it was written", () => {
  it("is proved again with the same numbers", () => {
    const proved = reprove(incident);
    expect(proved).toMatchObject({ kind: "proved", phases: [{ states: "6561" }] });
  });

  it("reads back as the same plan", () => {
    const read = parsePlanFile(incident, "plan.json");
    expect(read.ok && read.value.isIntact).toBe(true);
    expect(read.ok && renderPlanFile(read.value.plan)).toBe(incident);
  });
});

describe("An edited plan file is refuted, whether its digest was made to fit or not, where", () => {
  it("a host deletes its old prefix before the new one is there", () => {
    const { raw, signed } = edit(incident, (plan) => {
      const step = first(steps(plan));
      step.operations.unshift(...step.operations.splice(-1));
    });
    for (const reproof of [raw, signed]) {
      expect(reproof.kind).toBe("refuted");
      expect(problem(reproof)).toMatch(
        /^Host `nl-k8s-01`: |^Phase 1: with `nl-k8s-01` after \d of its operations/,
      );
    }
  });

  it("a host deletes a route before the one that takes its place, with the flow and its walk", () => {
    const { raw, signed } = edit(incident, (plan) => {
      const step = first(steps(plan));
      const at = step.operations.findIndex(({ command }) => command.startsWith("ip addr add"));
      const last = step.operations.pop();
      if (last !== undefined) step.operations.splice(at + 1, 0, last);
    });
    for (const reproof of [raw, signed]) {
      expect(reproof.kind).toBe("refuted");
      if (reproof.kind === "refuted" && reproof.witness !== null) {
        expect(reproof.witness.hops.length).toBeGreaterThan(0);
        expect(reproof.witness.stages.map((each) => each.host)).toContain("nl-k8s-01");
      }
    }
  });

  it("a host is left out of its phase", () => {
    const { raw, signed } = edit(incident, (plan) => void steps(plan).splice(1, 1));
    for (const reproof of [raw, signed]) {
      expect(reproof.kind).toBe("refuted");
      expect(problem(reproof)).toMatch(
        /^Host `nl-k8s-02`: its steps do not end in the target: missing address ens18 10\.10\.0\.4\/16/,
      );
    }
  });

  it("a host is left out of the networks", () => {
    const { raw, signed } = edit(incident, (plan) => {
      for (const side of [plan.network.before, plan.network.after]) {
        for (const path of Object.keys(side))
          if (path.startsWith("hosts/nl-pve-01/")) Reflect.deleteProperty(side, path);
      }
    });
    for (const reproof of [raw, signed]) {
      expect(reproof.kind).toBe("refuted");
      expect(problem(reproof)).toContain("`nl-pve-01`");
    }
  });

  it("a command is not what its operation says", () => {
    const { raw, signed } = edit(incident, (plan) => {
      first(first(steps(plan)).operations).command = "ip addr add 10.10.0.99/16 dev enp1s0";
    });
    for (const reproof of [raw, signed]) {
      expect(problem(reproof)).toBe(
        "Host `nl-k8s-01`: the command `ip addr add 10.10.0.99/16 dev enp1s0` is not what its operation says (`ip addr add 10.10.0.2/16 dev enp1s0`).",
      );
    }
  });

  it("a flow is expected that the proof does not give", () => {
    const { raw, signed } = edit(incident, (plan) => {
      first(first(plan.phases).expected).after = ["lost"];
    });
    for (const reproof of [raw, signed]) {
      expect(problem(reproof)).toMatch(
        /^Phase 1: the plan expects delivered, then lost of the flow from `\S+` to `\S+`, and it is delivered, then delivered\.$/,
      );
    }
  });

  it("a flow is expected that does not exist", () => {
    const { signed } = edit(incident, (plan) => {
      const expected = first(plan.phases).expected;
      expected.push({ ...first(expected), to: "10.99.0.1" });
    });
    expect(problem(signed)).toBe("Phase 1: the plan expects flows that do not exist.");
  });

  it("the way back of a step leads elsewhere", () => {
    const { raw, signed } = edit(incident, (plan) => void first(steps(plan)).revert.pop());
    for (const reproof of [raw, signed])
      expect(problem(reproof)).toBe(
        "Host `nl-k8s-01`: the way back of its step in phase 1 does not lead back.",
      );
  });

  it("more states are claimed than there are", () => {
    const { signed } = edit(incident, (plan) => {
      first(plan.phases).proof.states = "9999";
    });
    expect(problem(signed)).toMatch(
      /^Phase 1: the plan was proved for 9999 states and (\d+) flows, and its text has 6561 states and \1 flows\.$/,
    );
  });

  it("the strategy needs a quorum that is not there", () => {
    const { signed } = edit(incident, (plan) => {
      plan.strategy = "rolling-stop";
    });
    expect(problem(signed)).toContain("a majority is 3");
  });
});

describe("A plan file of which nothing that matters was changed", () => {
  it("is altered where only the digest does not fit", () => {
    const { raw } = edit(incident, (plan) => {
      plan.digest = `sha256:${"0".repeat(64)}`;
    });
    expect(raw).toEqual({ kind: "altered" });
    const renamed = edit(incident, (plan) => {
      plan.from = "elsewhere";
    });
    expect(renamed.raw).toEqual({ kind: "altered" });
  });

  it("is refuted where its steps hold but are not those that were made", () => {
    const { raw, signed } = edit(incident, (plan) => {
      plan.phases = [first(plan.phases), { ...first(plan.phases), steps: [] }];
      const phase = plan.phases[1];
      if (phase !== undefined) phase.steps = steps(plan).splice(2, 2);
      // What a thorough forger would do: the numbers of the new phases.
      for (const [index, states] of [
        [0, "81"],
        [1, "81"],
      ] as const) {
        const own = plan.phases[index];
        if (own !== undefined) own.proof = { ...own.proof, states };
      }
    });
    expect(signed.kind).toBe("proved");
    expect(raw.kind).toBe("refuted");
    expect(problem(raw)).toMatch(
      /^The file was edited: operation \d+ is `.*` on `nl-k8s-03` in phase 2, and a fresh plan has .* in phase 1 there\./,
    );
  });
});

/** Two routers before a server: the far one must know its way before the near one leans on it. */
function row(isMoved: boolean): SnapshotSketch {
  const ways = isMoved ? ["10.0.1.2", "10.0.9.9"] : ["10.0.9.9", "10.0.1.1"];
  const router = (index: number): SnapshotSketch[string] => ({
    links: {
      e0: { on: "ab", addresses: [`10.0.1.${index}/24`] },
      e1: { on: "d", addresses: [`10.0.9.${index}/24`] },
    },
    routes: [`10.50.0.0/24 via ${ways[index - 1]}`],
    sysctls: { ip_forward: 1 },
  });
  const d = {
    links: { e0: { on: "d", addresses: ["10.0.9.9/24", "10.50.0.1/32"] } },
    routes: ["10.0.1.0/24 via 10.0.9.1"],
  };
  return { a: router(1), b: router(2), d };
}

describe("A plan of two phases", () => {
  const [before, after] = [buildSnapshot(row(false)), buildSnapshot(row(true))];
  const outcome = findPlan({ before, after, clusters: [], invariants: [], strategies: ["live"] });
  if (outcome.kind !== "proved") throw new Error(outcome.kind);
  const context = {
    version: "0.0.0",
    fleet: null,
    from: "before",
    to: "after",
    before,
    after,
    assumptions: [],
  };
  const text = renderPlanFile(buildPlanFile(outcome, context));

  it("is proved again", () => {
    expect(reprove(text)).toMatchObject({ kind: "proved", phases: [{ states: "2" }, { states: "2" }] });
  });

  it("is refuted with a walk as witness where a step is moved to the other phase", () => {
    const { raw, signed } = edit(text, (plan) => {
      steps(plan, 0).push(...steps(plan, 1).splice(0, 1));
      plan.phases.pop();
    });
    for (const reproof of [raw, signed]) {
      expect(reproof).toMatchObject({ kind: "refuted", phase: 0 });
      const witness = reproof.kind === "refuted" ? reproof.witness : null;
      expect(witness?.stages).toEqual(
        expect.arrayContaining([
          { host: "a", stage: 1 },
          { host: "b", stage: 0 },
        ]),
      );
      expect(witness?.hops.length).toBeGreaterThan(1);
      expect(problem(reproof)).toMatch(
        /^Phase 1: with `[ab]` after \d .*, the flow from `\w+` to `10\.[\d.]+` is \w+\.$/,
      );
    }
  });

  it("is refuted where the phases are exchanged", () => {
    const { signed } = edit(text, (plan) => void plan.phases.reverse());
    expect(signed).toMatchObject({
      kind: "refuted",
      phase: 0,
      witness: { stages: [{ host: "a", stage: 1 }] },
    });
  });
});

describe("A plan whose free flows depend on what is not modelled", () => {
  it("keeps that in the file, so that it is proved again", () => {
    const firewall = {
      code: "nft",
      severity: "unmodelled",
      message: "a firewall",
      source: null,
      hint: "",
    } as const;
    const sketch = (length: number): SnapshotSketch => ({
      a: { links: { e0: { on: "main", addresses: [`10.0.0.1/${length}`] } } },
      b: { links: { e0: { on: "main", addresses: [`10.0.0.2/${length}`] } } },
      desk: {
        links: { e0: { on: "main", addresses: ["10.0.0.9/24"] } },
        sysctls: { ip_forward: 0 },
        unmodelled: [firewall],
      },
    });
    const [from, to] = [buildSnapshot(sketch(24)), buildSnapshot(sketch(16))];
    const source = { file: "", line: 1, column: 1 };
    const free = (ends: object): unknown => ({
      from: { kind: "any" },
      to: { kind: "any" },
      expect: "free",
      why: "",
      source,
      ...ends,
    });
    const desk = { kind: "host", host: "desk" };
    const invariants = [free({ from: desk }), free({ to: desk })] as Parameters<
      typeof findPlan
    >[0]["invariants"];
    const found = findPlan({ before: from, after: to, clusters: [], invariants, strategies: ["live"] });
    if (found.kind !== "proved") throw new Error(found.kind);
    const fleet = {
      name: "f",
      hosts: [],
      segments: [],
      clusters: [],
      zones: [],
      operator: null,
      invariants,
      assumptions: [],
    };
    const written = buildPlanFile(found, {
      version: "0",
      fleet,
      from: "",
      to: "",
      before: from,
      after: to,
      assumptions: [],
    });
    expect(written.phases[0]?.expected.some(({ during }) => during.includes("unknown"))).toBe(true);
    expect(reprove(renderPlanFile(written)).kind).toBe("proved");
  });
});

describe("parsePlanFile", () => {
  it.each([
    ["nothing", "", "it is not JSON to its end"],
    ["half a document", '{"schemaVersion": 1, "tool"', "it is not JSON to its end"],
    ["a list", "[]", "at its top, expected object, received array"],
    ["another version", '{"schemaVersion": 2}', "at `schemaVersion`, expected 1"],
  ])("says of %s that it is damaged, and where", (_, text, what) => {
    const read = parsePlanFile(text, "plan.json");
    expect(read).toMatchObject({
      ok: false,
      error: {
        kind: "altered",
        where: "plan.json",
        message: `Expected a plan file, found one that is damaged: ${what}.`,
      },
    });
  });

  it("says which network is damaged", () => {
    const broken = JSON.parse(incident) as Edited;
    broken.network = { ...broken.network, after: {} };
    const read = parsePlanFile(JSON.stringify(broken), "plan.json");
    expect(!read.ok && read.error.message).toMatch(
      /^Expected a plan file, found one that is damaged: its network after: /,
    );
  });
});
