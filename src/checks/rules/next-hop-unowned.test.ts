import { describe, expect, it } from "vitest";
import { buildIncident } from "../../../test/incident-fleet.js";
import { lines, runRule } from "../../../test/rule-case.js";
import { nextHopUnowned } from "./next-hop-unowned.js";

describe("next-hop-unowned", () => {
  it("is one warning for all hosts that use the gateway", () => {
    const findings = runRule(nextHopUnowned, {
      snapshot: buildIncident({ routes: ["default via 10.10.0.254"] }),
    });
    expect(lines(findings)).toEqual([
      "warning nl-k8s-01: No host of the fleet owns the next hop `10.10.0.254` of `nl-k8s-01`, `nl-k8s-04`, `nl-k8s-02` and `nl-k8s-03`.",
    ]);
  });

  it("is a note where the host is alone on its segment: the way out of the fleet", () => {
    const snapshot = {
      r: { links: { wan: { addresses: ["203.0.113.5/24"] } }, routes: ["default via 203.0.113.1"] },
    };
    expect(lines(runRule(nextHopUnowned, { snapshot }))).toEqual([
      "note r: No host of the fleet owns the next hop `203.0.113.1` of `r`.",
    ]);
  });

  it("says nothing of a gateway that a host owns", () => {
    expect(runRule(nextHopUnowned, { snapshot: buildIncident() })).toEqual([]);
  });
});
