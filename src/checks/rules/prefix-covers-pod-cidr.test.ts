import { describe, expect, it } from "vitest";
import { at, flannelType, net } from "../../../test/fleet-builder.js";
import { buildIncident, buildIncidentFleet } from "../../../test/incident-fleet.js";
import { configure, k3s, lines, runRule } from "../../../test/rule-case.js";
import { prefixCoversPodCidr } from "./prefix-covers-pod-cidr.js";

const NODES = ["nl-k8s-01", "nl-k8s-02", "nl-k8s-03", "nl-k8s-04"];

describe("prefix-covers-pod-cidr", () => {
  it("refuses /8 on each node of a cluster with VXLAN, word for word", () => {
    const findings = runRule(prefixCoversPodCidr, {
      snapshot: buildIncident({ length: 8 }),
      fleet: buildIncidentFleet("vxlan"),
    });
    expect(findings.map((finding) => finding.host).sort()).toEqual(NODES);
    expect(findings[0]).toEqual({
      rule: "prefix-covers-pod-cidr",
      severity: "error",
      message: "The connected prefix `10.0.0.0/8` of `nl-k8s-01` covers the pod CIDR `10.42.0.0/16`.",
      host: "nl-k8s-01",
      source: at("machines/nl-k8s-01/networking.nix", 2),
      evidence: [
        "`10.10.0.2/8` on `enp1s0`",
        "flannel backend `vxlan`, nodes on one segment",
        "an address of the pod CIDR without a route of its own is asked for by ARP on `enp1s0` instead of following the default route",
      ],
      wayOut:
        "Give the link a longer prefix than /8 that leaves the pod CIDR out, and routes to the other networks; or keep /8 and set `--flannel-backend=host-gw`, which needs all nodes on one segment, as they are.",
    });
  });

  it("says nothing of /16 on the nodes", () => {
    const given = { snapshot: buildIncident(), fleet: buildIncidentFleet("vxlan") };
    expect(runRule(prefixCoversPodCidr, given)).toEqual([]);
  });

  it.each([
    { backend: "vxlan", on: "main", severity: "error" },
    { backend: "wireguard-native", on: "main", severity: "error" },
    { backend: "host-gw", on: "main", severity: "warning" },
    { backend: "host-gw", on: "other", severity: "error" },
    { backend: "none", on: "main", severity: "warning" },
  ] as const)("gives $severity for $backend with a node on segment `$on`", ({ backend, on, severity }) => {
    const moved = { links: { enp1s0: { on, addresses: ["10.10.0.5/8"] } } };
    const findings = runRule(prefixCoversPodCidr, {
      snapshot: buildIncident({ length: 8, hosts: { "nl-k8s-03": moved } }),
      fleet: buildIncidentFleet(backend),
    });
    expect(findings.map((finding) => finding.severity)).toEqual([severity, severity, severity, severity]);
  });

  it("believes the servers' configuration before the fleet file", () => {
    const server = k3s({ podCidr: net("10.10.0.0/20"), flannelBackend: "host-gw" });
    const findings = runRule(prefixCoversPodCidr, {
      snapshot: buildIncident(),
      fleet: buildIncidentFleet("vxlan"),
      configurations: configure({ "nl-k8s-01": { k3s: server } }),
    });
    expect(lines(findings)).toContain(
      "warning nl-k8s-01: The connected prefix `10.10.0.0/16` of `nl-k8s-01` covers the pod CIDR `10.10.0.0/20`.",
    );
  });

  it("also sees a node's network inside the pod CIDR, and leaves out the links that the cluster makes", () => {
    const node = (second: string) => ({
      links: {
        eth0: { on: "main", addresses: [second] },
        cni0: { type: { kind: "bridge", isVlanAware: false } as const, addresses: ["10.42.0.1/24"] },
      },
    });
    const configurations = configure({ a: { k3s: k3s() }, b: { k3s: k3s() } });
    const snapshot = { a: node("10.0.0.1/24"), b: node("10.42.9.2/24") };
    expect(lines(runRule(prefixCoversPodCidr, { snapshot, configurations }))).toEqual([
      "error b: The connected prefix `10.42.9.0/24` of `b` lies in the pod CIDR `10.42.0.0/16`.",
    ]);
  });

  it("knows a live cluster by its VXLAN links where nothing else speaks of it", () => {
    const node = (own: number) => ({
      links: {
        eth0: { on: "main", addresses: [`10.10.0.${own}/8`] },
        "flannel.1": { type: flannelType(`10.10.0.${own}`, "eth0"), addresses: [`10.42.${own}.0/32`] },
      },
      routes: [`10.42.${5 - own}.0/24 via 10.42.${5 - own}.0 dev flannel.1 onlink`],
    });
    expect(lines(runRule(prefixCoversPodCidr, { snapshot: { a: node(2), b: node(3) } }))).toEqual([
      "error a: The connected prefix `10.0.0.0/8` of `a` covers the pod CIDR `10.42.2.0/23`.",
      "error b: The connected prefix `10.0.0.0/8` of `b` covers the pod CIDR `10.42.2.0/23`.",
    ]);
  });
});
