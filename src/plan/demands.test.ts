import { describe, expect, it } from "vitest";
import { hostId } from "#model/index.js";
import { ip } from "../../test/fleet-builder.js";
import { buildDemands, type FlowRating, type Members } from "./demands.js";

const WORKS: FlowRating = {
  worksBefore: true,
  worksAfter: true,
  isLostAtBothEnds: false,
  loopsBefore: false,
  exits: null,
  stated: null,
};
const [NODE, DESK, OTHER] = [hostId("node"), hostId("desk"), hostId("other")];
const MEMBERS: Members = {
  hosts: new Set([NODE]),
  owners: new Map([[ip("10.0.0.1"), NODE]]),
  operator: DESK,
};
const TO_NODE = ip("10.0.0.1");

describe("buildDemands", () => {
  it("frees the flows of stopped members", () => {
    const demandOf = buildDemands(() => WORKS, "full-stop", MEMBERS)(new Set([NODE]));
    expect(demandOf({ from: OTHER, to: TO_NODE })).toBe("free");
    expect(demandOf({ from: NODE, to: TO_NODE })).toBe("free");
  });

  it("keeps the operator's way to each host whatever is stopped", () => {
    for (const strategy of ["live", "rolling-stop", "full-stop"] as const) {
      const demandOf = buildDemands(() => WORKS, strategy, MEMBERS)(new Set([NODE]));
      expect(demandOf({ from: DESK, to: TO_NODE }), strategy).toBe("delivered");
    }
  });

  it("frees a member under rolling-stop only while it moves", () => {
    const demands = buildDemands(() => WORKS, "rolling-stop", MEMBERS);
    expect(demands(new Set([NODE]))({ from: OTHER, to: TO_NODE })).toBe("free");
    expect(demands(new Set([OTHER]))({ from: OTHER, to: TO_NODE })).toBe("delivered");
  });

  it("demands that packets to the world outside leave where they do at one of the ends", () => {
    const exits = { ...WORKS, worksBefore: false, worksAfter: false, exits: [OTHER] };
    const demandOf = buildDemands(() => exits, "live", MEMBERS)(new Set());
    expect(demandOf({ from: NODE, to: ip("203.0.113.9") })).toEqual({ exits: [OTHER] });
  });
});
