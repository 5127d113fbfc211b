import { describe, expect, it } from "vitest";
import { at } from "../../../test/fleet-builder.js";
import { configure, lines, refusal, routeStep, runRule } from "../../../test/rule-case.js";
import { bootRefused } from "./boot-refused.js";

const PLACE = at("interfaces", 12, 5);
const HOST = { a: { links: { eth0: { addresses: ["10.10.0.2/16"] } }, routes: ["default via 10.10.0.1"] } };

function refused(route: string, kind: string) {
  return {
    snapshot: HOST,
    configurations: configure({ a: { steps: [routeStep(route, PLACE, "iface eth0")] } }),
    issues: [refusal(kind, PLACE, "Device for nexthop is not up.")],
  };
}

describe("boot-refused", () => {
  it("passes on the refusal with its host and what becomes of the rest of the script", () => {
    expect(runRule(bootRefused, refused("10.11.0.0/16 dev eth1", "link-is-down"))).toEqual([
      {
        rule: "boot-refused",
        severity: "error",
        message: "Device for nexthop is not up.",
        host: "a",
        source: PLACE,
        evidence: ["`boot/link-is-down`", "the boot goes on with the rest of `iface eth0`"],
        wayOut: "Correct the configuration.",
      },
    ]);
  });

  it("reports a gateway that is on-link at the end: the route came before its address", () => {
    const findings = runRule(bootRefused, refused("10.11.0.0/16 via 10.10.0.1 dev eth0", "invalid-gateway"));
    expect(lines(findings)).toEqual(["error a: Device for nexthop is not up."]);
  });

  it("warns where the thing is there already, and where the boot says so", () => {
    const there = { snapshot: HOST, issues: [refusal("address-exists", PLACE)] };
    expect(runRule(bootRefused, there).map((finding) => finding.severity)).toEqual(["warning"]);
    const mild = {
      snapshot: HOST,
      issues: [{ ...refusal("invalid-value", PLACE), severity: "warning" as const }],
    };
    expect(runRule(bootRefused, mild).map((finding) => finding.severity)).toEqual(["warning"]);
  });

  it("leaves gateways that are not on-link, second default routes and other issues to their rules", () => {
    expect(runRule(bootRefused, refused("10.0.0.0/16 via 10.0.0.1 dev eth0", "invalid-gateway"))).toEqual([]);
    expect(runRule(bootRefused, refused("default via 10.10.0.9 dev eth0", "route-exists"))).toEqual([]);
    const other = { ...refusal("x", PLACE), code: "uci/unknown-option" };
    expect(runRule(bootRefused, { snapshot: HOST, issues: [other] })).toEqual([]);
  });
});
