import { describe, expect, it } from "vitest";
import { ip } from "../../../test/fleet-builder.js";
import { buildIncident, buildIncidentFleet } from "../../../test/incident-fleet.js";
import { configure, k3s, lines, runRule } from "../../../test/rule-case.js";
import { singleControlPlaneEndpoint } from "./single-control-plane-endpoint.js";

function joining(server: string, last = server) {
  return configure({
    "nl-k8s-01": { k3s: k3s({ isClusterInit: true }) },
    "nl-k8s-04": { k3s: k3s({ server }) },
    "nl-k8s-02": { k3s: k3s({ server }) },
    "nl-k8s-03": { k3s: k3s({ role: "agent", server: last }) },
  });
}

describe("single-control-plane-endpoint", () => {
  it.each([
    {
      server: "https://10.10.0.2:6443",
      message:
        "All other members of cluster `nl` join by `10.10.0.2`, which is the server `nl-k8s-01` alone.",
    },
    {
      server: "https://nl-k8s-01.lan:6443",
      message:
        "All other members of cluster `nl` join by `nl-k8s-01.lan`, which is the server `nl-k8s-01` alone.",
    },
  ])("warns where all join by $server", ({ server, message }) => {
    const findings = runRule(singleControlPlaneEndpoint, {
      snapshot: buildIncident(),
      fleet: buildIncidentFleet(),
      configurations: joining(server),
    });
    expect(lines(findings)).toEqual([`warning nl-k8s-01: ${message}`]);
  });

  it("says nothing with a virtual address, an endpoint that is no server's own, or two different ones", () => {
    const given = { snapshot: buildIncident(), fleet: buildIncidentFleet() };
    const [cluster] = given.fleet.clusters;
    const vip = {
      ...given.fleet,
      clusters: cluster === undefined ? [] : [{ ...cluster, vip: ip("10.10.0.100") }],
    };
    const configurations = joining("https://10.10.0.2:6443");
    expect(runRule(singleControlPlaneEndpoint, { ...given, fleet: vip, configurations })).toEqual([]);
    for (const other of [
      joining("https://10.10.0.100:6443"),
      joining("https://10.10.0.2:6443", "https://10.10.0.3:6443"),
    ]) {
      expect(runRule(singleControlPlaneEndpoint, { ...given, configurations: other })).toEqual([]);
    }
  });
});
