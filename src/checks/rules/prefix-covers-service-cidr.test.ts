import { describe, expect, it } from "vitest";
import { buildIncident, buildIncidentFleet } from "../../../test/incident-fleet.js";
import { configure, k3s, lines, runRule } from "../../../test/rule-case.js";
import { prefixCoversServiceCidr } from "./prefix-covers-service-cidr.js";

describe("prefix-covers-service-cidr", () => {
  it("refuses /8 on each node, word for word", () => {
    const findings = runRule(prefixCoversServiceCidr, {
      snapshot: buildIncident({ length: 8 }),
      fleet: buildIncidentFleet(),
    });
    expect(lines(findings)).toEqual([
      "error nl-k8s-01: The connected prefix `10.0.0.0/8` of `nl-k8s-01` covers the service CIDR `10.43.0.0/16`.",
      "error nl-k8s-04: The connected prefix `10.0.0.0/8` of `nl-k8s-04` covers the service CIDR `10.43.0.0/16`.",
      "error nl-k8s-02: The connected prefix `10.0.0.0/8` of `nl-k8s-02` covers the service CIDR `10.43.0.0/16`.",
      "error nl-k8s-03: The connected prefix `10.0.0.0/8` of `nl-k8s-03` covers the service CIDR `10.43.0.0/16`.",
    ]);
  });

  it("says nothing where only another host, no member of the cluster, has the wide prefix", () => {
    const router = { links: { "br-lan": { on: "main", addresses: ["10.0.0.1/8"] } } };
    const snapshot = buildIncident({ routes: [], hosts: { r5c: router } });
    expect(runRule(prefixCoversServiceCidr, { snapshot, fleet: buildIncidentFleet() })).toEqual([]);
  });

  it("takes the defaults of k3s where the configuration names no networks", () => {
    const snapshot = { a: { links: { eth0: { on: "main", addresses: ["10.0.0.1/8"] } } } };
    const findings = runRule(prefixCoversServiceCidr, {
      snapshot,
      configurations: configure({ a: { k3s: k3s() } }),
    });
    expect(lines(findings)).toEqual([
      "error a: The connected prefix `10.0.0.0/8` of `a` covers the service CIDR `10.43.0.0/16`.",
    ]);
  });
});
