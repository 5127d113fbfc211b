import { describe, expect, it } from "vitest";
import { hostId } from "#model/index.js";
import { at } from "../../test/fleet-builder.js";
import { buildIncident, buildIncidentFleet } from "../../test/incident-fleet.js";
import { buildCase, configure, refusal, routeStep } from "../../test/rule-case.js";
import { RULES, runChecks } from "./index.js";

function rulesBySeverity(
  given: Parameters<typeof buildCase>[0],
): Readonly<Record<string, readonly string[]>> {
  const found: Record<string, string[]> = { error: [], warning: [], note: [] };
  for (const { severity, rule } of runChecks(buildCase(given))) {
    if (!found[severity]?.includes(rule)) found[severity]?.push(rule);
  }
  return found;
}

describe("The checks on the incident's fleet", () => {
  it("find no error before the change", () => {
    expect(rulesBySeverity({ snapshot: buildIncident(), fleet: buildIncidentFleet() })).toEqual({
      error: [],
      warning: ["redirects-expected"],
      note: [],
    });
  });

  it("refuse /8 on the nodes, for the pod and service networks of each", () => {
    const given = { snapshot: buildIncident({ length: 8 }), fleet: buildIncidentFleet() };
    expect(rulesBySeverity(given)["error"]).toEqual(["prefix-covers-pod-cidr", "prefix-covers-service-cidr"]);
    const errors = runChecks(buildCase(given)).filter((finding) => finding.severity === "error");
    expect(errors).toHaveLength(8);
  });

  it("refuse the fix as reported, because its next hop is not on-link, and nothing else", () => {
    const place = at("machines/nl-k8s-01/networking.nix", 14);
    const given = {
      snapshot: buildIncident(),
      fleet: buildIncidentFleet(),
      configurations: configure({ "nl-k8s-01": { steps: [routeStep("10.0.0.0/16 via 10.0.0.1", place)] } }),
      issues: [refusal("invalid-gateway", place)],
    };
    expect(rulesBySeverity(given)["error"]).toEqual(["next-hop-not-onlink"]);
  });

  it("accept the same routes with `onlink`, and by a gateway inside the prefix", () => {
    const routes = [
      "default via 10.10.0.1",
      "10.0.0.0/16 via 10.0.0.1 dev enp1s0 onlink",
      "10.11.0.0/16 via 10.10.0.1",
    ];
    const given = { snapshot: buildIncident({ routes }), fleet: buildIncidentFleet() };
    expect(rulesBySeverity(given)["error"]).toEqual([]);
  });
});

describe("Findings", () => {
  it("come by severity, host, place and rule, in the same order each time", () => {
    const findings = runChecks(
      buildCase({ snapshot: buildIncident({ length: 8 }), fleet: buildIncidentFleet() }),
    );
    const keys = findings.map(({ severity, host, rule }) => `${severity} ${host} ${rule}`);
    expect(keys.slice(0, 4)).toEqual([
      "error nl-k8s-01 prefix-covers-pod-cidr",
      "error nl-k8s-01 prefix-covers-service-cidr",
      "error nl-k8s-02 prefix-covers-pod-cidr",
      "error nl-k8s-02 prefix-covers-service-cidr",
    ]);
    const severities = findings.map((finding) => finding.severity);
    expect(severities).toEqual([...severities].sort());
  });

  it("of one host come by file, line and column, those without a place first", () => {
    const issue = (line: number, column: number, file = "b") => ({
      ...refusal("link-is-down", at(file, line, column)),
      code: "x/y",
    });
    const issues = [
      issue(2, 1),
      issue(1, 9),
      issue(1, 2),
      issue(7, 7, "a"),
      { ...issue(1, 1), source: null },
    ];
    const places = runChecks(buildCase({ snapshot: { h: {} }, issues })).map((finding) => finding.source);
    expect(places).toEqual([null, at("a", 7, 7), at("b", 1, 2), at("b", 1, 9), at("b", 2, 1)]);
  });

  it("carry the name of a rule that is listed, a sentence and a way out", () => {
    const names = new Set(RULES.map((rule) => rule.name));
    const findings = runChecks(
      buildCase({ snapshot: buildIncident({ length: 8 }), fleet: buildIncidentFleet() }),
    );
    for (const finding of findings) {
      expect(names).toContain(finding.rule);
      expect(finding.message).toMatch(/^[A-Z`].*\.$/);
      expect(finding.wayOut).toMatch(/^[A-Z`].*\.$/);
    }
  });
});

describe("The matrix of all pairs", () => {
  it("is judged once for all rules", () => {
    const input = buildCase({ snapshot: buildIncident() });
    expect(input.flows()).toBe(input.flows());
    const fromNode = input.flows().filter((flow) => flow.from === hostId("nl-k8s-01"));
    expect(fromNode.map((flow) => flow.verdict)).toEqual(Array(8).fill("delivered"));
  });
});
