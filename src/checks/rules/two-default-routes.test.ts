import { describe, expect, it } from "vitest";
import { at } from "../../../test/fleet-builder.js";
import { configure, lines, refusal, routeStep, runRule } from "../../../test/rule-case.js";
import { twoDefaultRoutes } from "./two-default-routes.js";

function host(...routes: readonly string[]) {
  return {
    a: { links: { eth0: { addresses: ["10.0.0.2/16"] }, eth1: { addresses: ["10.1.0.2/16"] } }, routes },
  };
}

describe("two-default-routes", () => {
  it("warns of a second one of the same metric behind the first", () => {
    const [finding] = runRule(twoDefaultRoutes, {
      snapshot: host("default via 10.0.0.1", "default via 10.1.0.1"),
    });
    expect(finding?.message).toBe("`a` has 2 default routes of metric 0: only the first inserted is used.");
    expect(finding?.evidence).toEqual([
      "`0.0.0.0/0 via 10.0.0.1 dev eth0`",
      "`0.0.0.0/0 via 10.1.0.1 dev eth1`",
    ]);
  });

  it.each([
    { onRefusal: "continue", severity: "warning" },
    { onRefusal: "stop-unit", severity: "error" },
  ] as const)(
    "gives $severity for a second one that the boot is refused, where the script says $onRefusal",
    ({ onRefusal, severity }) => {
      const place = at("interfaces", 9);
      const findings = runRule(twoDefaultRoutes, {
        snapshot: host("default via 10.0.0.1"),
        configurations: configure({
          a: { steps: [{ ...routeStep("default via 10.1.0.1 dev eth1", place), onRefusal }] },
        }),
        issues: [refusal("route-exists", place, "File exists")],
      });
      expect(lines(findings)).toEqual([
        `${severity} a: \`a\` is configured with a second default route of metric 0, \`default via 10.1.0.1\`: the kernel refuses it.`,
      ]);
      expect(findings[0]?.source).toEqual(place);
      expect(findings[0]?.evidence).toEqual(["first: `0.0.0.0/0 via 10.0.0.1 dev eth0`", "File exists"]);
    },
  );

  it("notes one in table `default`, which is asked after table `main`", () => {
    const snapshot = host("default via 10.0.0.1", "default via 10.1.0.1 table default");
    expect(lines(runRule(twoDefaultRoutes, { snapshot }))).toEqual([
      "note a: The default route of `a` in table `default` is never used while table `main` has one.",
    ]);
  });

  it("says nothing of different metrics, of a table that rules ask, and of other networks", () => {
    const snapshot = host(
      "default via 10.0.0.1",
      "default via 10.1.0.1 metric 10",
      "default via 10.1.0.1 table 7",
    );
    expect(runRule(twoDefaultRoutes, { snapshot })).toEqual([]);
  });
});
