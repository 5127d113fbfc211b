import { describe, expect, it } from "vitest";
import { buildIncident, buildIncidentFleet } from "../../../test/incident-fleet.js";
import { lines, runRule } from "../../../test/rule-case.js";
import { mtuDiffers } from "./mtu-differs.js";

function fleet(mtu: number, on = "main") {
  return {
    a: { links: { eth0: { on: "main" } } },
    b: { links: { eth0: { on: "main" } } },
    c: { links: { eth0: { on, mtu } } },
  };
}

describe("mtu-differs", () => {
  it("names the link that differs from the others of its segment", () => {
    expect(lines(runRule(mtuDiffers, { snapshot: fleet(9000) }))).toEqual([
      "warning c: `eth0` of `c` has MTU 9000, while 2 neighbours have 1500 on the same segment.",
    ]);
  });

  it("says nothing of one MTU, or of another one on another segment", () => {
    expect(runRule(mtuDiffers, { snapshot: fleet(1500) })).toEqual([]);
    expect(runRule(mtuDiffers, { snapshot: fleet(9000, "other") })).toEqual([]);
  });

  it("is an error where a link exceeds what the fleet file says of the switches", () => {
    const stated = buildIncidentFleet();
    const fleetFile = { ...stated, segments: stated.segments.map((segment) => ({ ...segment, mtu: 1450 })) };
    const findings = runRule(mtuDiffers, { snapshot: buildIncident(), fleet: fleetFile });
    expect(findings).toHaveLength(6);
    expect(lines(findings)[0]).toBe(
      "error r5c: `br-lan` of `r5c` has MTU 1500, but segment `main` carries 1450.",
    );
    expect(runRule(mtuDiffers, { snapshot: buildIncident(), fleet: stated })).toEqual([]);
  });
});
