import { describe, expect, it } from "vitest";
import { judgeMatrix } from "#dataplane/index.js";
import type { Snapshot } from "#model/index.js";
import { buildSnapshot, type HostSketch } from "../../test/fleet-builder.js";
import { buildIncident } from "../../test/incident-fleet.js";
import { buildCase } from "../../test/rule-case.js";
import { representativeFlows } from "./representative-flows.js";
import { RULES } from "./rules.js";

const WALKED = ["loop", "black-hole", "asymmetric-path", "redirects-expected", "rp-filter-drop"];

function flat(count: number, extra: Readonly<Record<string, HostSketch>> = {}): Snapshot {
  const node = (index: number): HostSketch => ({
    links: { eth0: { on: "main", addresses: [`10.10.${1 + (index >> 7)}.${1 + (index & 127)}/16`] } },
    routes: ["default via 10.10.0.1"],
  });
  return buildSnapshot({
    r: {
      sysctls: { ip_forward: 1 },
      links: { lan: { on: "main", addresses: ["10.10.0.1/16", "10.0.0.1/16"] } },
    },
    ...Object.fromEntries(Array.from({ length: count }, (_, index) => [`h${index}`, node(index)])),
    ...extra,
  });
}

/** What the rules that walk flows find: rule, severity and host. */
function verdicts(snapshot: Snapshot, flows: ReturnType<typeof judgeMatrix>): readonly string[] {
  const input = { ...buildCase({ snapshot }), flows: () => flows };
  const rules = RULES.filter((rule) => WALKED.includes(rule.name));
  const found = rules.flatMap((rule) => rule.check(input));
  return [...new Set(found.map(({ rule, severity }) => `${rule} ${severity}`))].sort();
}

const odd = (address: string, more: HostSketch = {}): HostSketch => ({
  links: { eth0: { on: "main", addresses: [address] } },
  ...more,
});

describe("One flow for each kind of pair", () => {
  it.each([
    ["a flat fleet", flat(6)],
    ["the incident", buildIncident()],
    ["the incident under /8", buildIncident({ length: 8 })],
    ["one host with another prefix length", flat(6, { x: odd("10.10.9.9/30") })],
    [
      "one host with a route to another",
      flat(6, { x: odd("10.10.9.9/16", { routes: ["10.10.1.3/32 via 10.10.1.5"] }) }),
    ],
    [
      "one host with a wrong neighbour",
      flat(6, {
        x: odd("10.10.9.9/16", { neighbours: ["10.10.1.3 lladdr 02:00:00:00:02:01 dev eth0 nud permanent"] }),
      }),
    ],
    [
      "one host on another segment",
      flat(6, { x: { links: { eth0: { on: "far", addresses: ["10.10.9.9/16"] } } } }),
    ],
    ["an address that two hosts have", flat(6, { x: odd("10.10.1.2/16") })],
    ["strict source validation", flat(6, { x: odd("10.0.9.9/8", { sysctls: { "conf.all.rp_filter": 1 } }) })],
  ])("shows the rules the same as all pairs do: %s", (_, snapshot) => {
    const all = judgeMatrix(snapshot);
    const few = representativeFlows(snapshot);
    expect(few.length).toBeLessThanOrEqual(all.length);
    expect(verdicts(snapshot, few)).toEqual(verdicts(snapshot, all));
    expect(new Set(few.map((flow) => flow.verdicts.join()))).toEqual(
      new Set(all.map((flow) => flow.verdicts.join())),
    );
  });

  it("takes a handful of flows for a flat fleet of 300 hosts, and one host that differs is seen", () => {
    expect(representativeFlows(flat(300))).toHaveLength(8);
    const flows = buildCase({
      snapshot: flat(300, { x: odd("10.10.9.9/16", { routes: ["blackhole 10.10.1.3/32"] }) }),
    }).flows();
    expect(
      flows.filter((flow) => flow.verdict !== "delivered").map((flow) => `${flow.from} ${flow.to}`),
    ).toContain("x 10.10.1.3");
  });
});
