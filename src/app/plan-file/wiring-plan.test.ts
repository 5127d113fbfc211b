import { describe, expect, it } from "vitest";
import type { Cluster, Snapshot } from "#model/index.js";
import { hostId } from "#model/index.js";
import { renderPlanText, renderRunbook } from "#report/index.js";
import { at, buildSnapshot, net } from "../../../test/fleet-builder.js";
import { findPlan } from "../planning/find-plan.js";
import { parsePlanFile } from "./read.js";
import { type Reproof, reprovePlan } from "./reprove.js";
import { buildPlanFile, renderPlanFile } from "./write.js";

/** `n1` behind a router on either side; its address belongs to the segment that it is in. */
function network(segment: "old" | "new"): Snapshot {
  const side = segment === "old" ? 1 : 2;
  return buildSnapshot({
    r: {
      links: {
        e1: { on: "old", addresses: ["10.1.0.1/16"] },
        e2: { on: "new", addresses: ["10.2.0.1/16"] },
      },
      sysctls: { ip_forward: 1 },
    },
    n1: {
      links: { e0: { on: segment, addresses: [`10.${side}.0.11/16`] } },
      routes: [`default via 10.${side}.0.1`],
    },
  });
}

const HERE = at("pointsman.yaml", 1);
const CLUSTER: Cluster = {
  name: "c",
  distribution: "k3s",
  servers: [],
  agents: [{ host: hostId("n1"), podCidr: null, source: HERE }],
  backend: "none",
  podCidr: net("10.42.0.0/16"),
  serviceCidr: net("10.43.0.0/16"),
  vip: null,
  source: HERE,
};

const [BEFORE, AFTER] = [network("old"), network("new")];
const OUTCOME = findPlan({
  before: BEFORE,
  after: AFTER,
  clusters: [CLUSTER],
  invariants: [],
  strategies: ["rolling-stop"],
});

function planFile(): ReturnType<typeof buildPlanFile> {
  if (OUTCOME.kind !== "proved") throw new Error(OUTCOME.kind);
  const fleet = {
    name: "f",
    hosts: ["r", "n1"].map((name) => ({
      id: hostId(name),
      role: "node" as const,
      os: "debian" as const,
      ssh: null,
      configuration: [],
      macs: new Map(),
      sysctls: new Map(),
      source: HERE,
    })),
    segments: [],
    clusters: [CLUSTER],
    zones: [],
    operator: null,
    invariants: [],
    assumptions: [],
  };
  const context = { version: "0", fleet, from: "now", to: "wanted", before: BEFORE, after: AFTER };
  return buildPlanFile(OUTCOME, { ...context, assumptions: [] });
}

function reproof(text: string): Reproof {
  const read = parsePlanFile(text, "plan.json");
  if (!read.ok) throw new Error(read.error.message);
  return reprovePlan(read.value);
}

describe("A plan that moves a switch port", () => {
  const file = planFile();
  const text = renderPlanFile(file);

  it("says what to do at the switch, and how to take it back", () => {
    const step = file.phases.flatMap((phase) => phase.steps).find(({ host }) => host === "port:n1/e0");
    expect(step?.operations.map(({ command }) => command)).toEqual([
      "# by hand: put the switch port of `e0` of `n1` into segment `new`",
    ]);
    expect(step?.revert).toEqual(["# by hand: put the switch port of `e0` of `n1` into segment `old`"]);
  });

  it("is proved again from its own text, and refuted where the port goes elsewhere", () => {
    expect(reproof(text).kind).toBe("proved");
    expect(reproof(text.replaceAll('"master": "segment new"', '"master": "segment old"'))).toMatchObject({
      kind: "refuted",
      problem:
        'Host `port:n1/e0`: its steps do not end in the target: missing link ["plug",{"kind":"ethernet"},null,65535,true,"segment new"]; left-over link ["plug",{"kind":"ethernet"},null,65535,true,"segment old"].',
    });
  });

  it("expects flows of hosts alone", () => {
    const senders = new Set(file.phases.flatMap((phase) => phase.expected.map(({ from }) => from)));
    expect([...senders]).toEqual(["r", "n1"]);
  });

  it("is shown with the port by its name", () => {
    const shown = renderPlanText(file);
    expect(shown).toContain("  switch port of n1 e0\n    # by hand: put the switch port");
    expect(shown).toMatch(/Phase 1 of \d+: \d+ steps?, in any order or all at once/);
  });

  it("has in its runbook a line to tick off, with the services stopped around it, and no shell for the switch", () => {
    const runbook = renderRunbook(file);
    expect(runbook).toContain("- [ ] At the switch: Put the switch port of `e0` of `n1` into segment `new`.");
    expect(runbook).toContain("- [ ] At the switch: Put the switch port of `e0` of `n1` into segment `old`.");
    expect(runbook).not.toContain("port:n1");
    const [stop, port, start] = ["systemctl stop k3s", "- [ ] At the switch", "systemctl start k3s"].map(
      (words) => runbook.indexOf(words),
    );
    expect(stop).toBeLessThan(port ?? 0);
    expect(port).toBeLessThan(start ?? 0);
  });
});
