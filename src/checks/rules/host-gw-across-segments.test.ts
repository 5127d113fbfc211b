import { describe, expect, it } from "vitest";
import { at } from "../../../test/fleet-builder.js";
import { buildIncident, buildIncidentFleet } from "../../../test/incident-fleet.js";
import { lines, runRule } from "../../../test/rule-case.js";
import { hostGwAcrossSegments } from "./host-gw-across-segments.js";

const FAR = { "nl-k8s-03": { links: { enp1s0: { on: "second", addresses: ["10.10.0.5/16"] } } } };

describe("host-gw-across-segments", () => {
  it("names the cluster and where each node is", () => {
    const findings = runRule(hostGwAcrossSegments, {
      snapshot: buildIncident({ hosts: FAR }),
      fleet: buildIncidentFleet("host-gw"),
    });
    expect(lines(findings)).toEqual([
      "error fleet: Cluster `nl` uses flannel's `host-gw`, but its 4 nodes are not on one segment.",
    ]);
    expect(findings[0]?.source).toEqual(at("pointsman.yaml", 20));
    expect(findings[0]?.evidence).toContain("`nl-k8s-03`: `enp1s0` on `second`");
  });

  it("says nothing of nodes on one segment, and of VXLAN over two", () => {
    const fleet = buildIncidentFleet("host-gw");
    expect(runRule(hostGwAcrossSegments, { snapshot: buildIncident(), fleet })).toEqual([]);
    const vxlan = { snapshot: buildIncident({ hosts: FAR }), fleet: buildIncidentFleet("vxlan") };
    expect(runRule(hostGwAcrossSegments, vxlan)).toEqual([]);
  });
});
