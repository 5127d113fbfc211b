import { describe, expect, it } from "vitest";
import { buildIncident, buildIncidentFleet } from "../../../test/incident-fleet.js";
import { lines, runRule } from "../../../test/rule-case.js";
import { asymmetricPath } from "./asymmetric-path.js";

describe("asymmetric-path", () => {
  it("finds the one-sided detour of differing prefix lengths once for all pairs (kernel-facts I3)", () => {
    const short = {
      links: { enp1s0: { on: "main", addresses: ["10.10.0.2/30"] } },
      routes: ["default via 10.10.0.1"],
    };
    const snapshot = buildIncident({ length: 16, hosts: { "nl-k8s-01": short } });
    const findings = runRule(asymmetricPath, { snapshot, fleet: buildIncidentFleet() });
    expect(lines(findings)).toEqual([
      "warning nl-k8s-01: `nl-k8s-01` reaches `10.10.0.4` through `r5c`, and the reply comes back directly.",
    ]);
    expect(findings[0]?.evidence[0]).toBe("`r5c` sees one direction only");
  });

  it("is a note where the host on one side is no router of the fleet file", () => {
    const snapshot = {
      a: { links: { eth0: { on: "main", addresses: ["10.0.0.5/8"] } } },
      b: { links: { eth0: { on: "main", addresses: ["10.5.0.5/16"] } }, routes: ["default via 10.5.0.1"] },
      r: { sysctls: { ip_forward: 1 }, links: { lan: { on: "main", addresses: ["10.5.0.1/8"] } } },
    };
    expect(runRule(asymmetricPath, { snapshot }).map((finding) => finding.severity)).toEqual(["note"]);
  });

  it("says nothing of a detour that both directions make, and of neighbours", () => {
    expect(runRule(asymmetricPath, { snapshot: buildIncident(), fleet: buildIncidentFleet() })).toEqual([]);
  });
});
