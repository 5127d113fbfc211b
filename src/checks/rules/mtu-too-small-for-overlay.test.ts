import { describe, expect, it } from "vitest";
import { type LinkType, linkName } from "#model/index.js";
import { flannelType } from "../../../test/fleet-builder.js";
import { buildIncident, buildIncidentFleet } from "../../../test/incident-fleet.js";
import { lines, runRule } from "../../../test/rule-case.js";
import { mtuTooSmallForOverlay } from "./mtu-too-small-for-overlay.js";

function node(inner: number, outer: number, type: LinkType = flannelType("10.10.0.2", "eth0")) {
  return {
    a: {
      links: {
        eth0: { on: "main", mtu: outer, addresses: ["10.10.0.2/16"] },
        "flannel.1": { type, mtu: inner },
      },
    },
  };
}

describe("mtu-too-small-for-overlay", () => {
  it("counts 50 bytes of VXLAN", () => {
    expect(lines(runRule(mtuTooSmallForOverlay, { snapshot: node(1451, 1500) }))).toEqual([
      "error a: `flannel.1` of `a` has MTU 1451: with 50 bytes of VXLAN that is 1501, but `eth0` carries 1500.",
    ]);
    expect(runRule(mtuTooSmallForOverlay, { snapshot: node(1450, 1500) })).toEqual([]);
  });

  it("finds the link below by the tunnel's own address where none is named", () => {
    const type = { ...flannelType("10.10.0.2", "eth0"), lower: null } as LinkType;
    expect(runRule(mtuTooSmallForOverlay, { snapshot: node(1450, 1400, type) })).toHaveLength(1);
    const unknown = { ...flannelType("10.10.0.9", "eth0"), lower: null } as LinkType;
    expect(runRule(mtuTooSmallForOverlay, { snapshot: node(1450, 1400, unknown) })).toEqual([]);
  });

  it("asks what the segment carries", () => {
    const links = {
      enp1s0: { on: "main", addresses: ["10.10.0.2/16"] },
      "flannel.1": { type: flannelType("10.10.0.2", "enp1s0"), mtu: 1450 },
    };
    const stated = buildIncidentFleet();
    const fleet = { ...stated, segments: stated.segments.map((segment) => ({ ...segment, mtu: 1492 })) };
    const snapshot = buildIncident({ hosts: { "nl-k8s-01": { links } } });
    const [finding] = runRule(mtuTooSmallForOverlay, { snapshot, fleet });
    expect(finding?.wayOut).toContain("Set MTU 1442 or less on `flannel.1`");
    expect(finding?.host).toBe(linkName("nl-k8s-01"));
  });
});
