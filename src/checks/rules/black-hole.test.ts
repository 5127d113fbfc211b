import { describe, expect, it } from "vitest";
import { at } from "../../../test/fleet-builder.js";
import { buildIncident, buildIncidentFleet } from "../../../test/incident-fleet.js";
import { lines, runRule } from "../../../test/rule-case.js";
import { blackHole } from "./black-hole.js";

describe("black-hole", () => {
  it("finds what /8 does over two segments that nobody joins (kernel-facts I7)", () => {
    const far = { links: { enp1s0: { on: "second", addresses: ["10.10.0.4/8"] } } };
    const findings = runRule(blackHole, {
      snapshot: buildIncident({ length: 8, hosts: { "nl-k8s-02": far } }),
    });
    expect(lines(findings)).toContain(
      "error nl-k8s-01: The packet from `nl-k8s-01` to `10.10.0.4` ends on `enp1s0` of `nl-k8s-01`: nobody answered `10.10.0.2` asking for `10.10.0.4`.",
    );
    const node = findings.find((finding) => finding.host === "nl-k8s-01");
    expect(node?.source).toEqual(at("machines/nl-k8s-01/networking.nix", 2));
    expect(node?.wayOut).toBe(
      "Nobody on that segment answers for the next hop: send by a gateway that is there, or join the segments; `pointsman trace nl-k8s-01 10.10.0.4` shows each hop.",
    );
  });

  it("names the host without a way back (kernel-facts M4)", () => {
    const snapshot = {
      a: { links: { eth0: { on: "main", addresses: ["10.0.0.5/8"] } } },
      b: { links: { eth0: { on: "main", addresses: ["10.5.0.5/16"] } } },
    };
    const findings = runRule(blackHole, { snapshot });
    expect(lines(findings)).toEqual([
      "error b: The reply to a packet from `a` to `10.5.0.5` ends on `b`: no route leads to the destination.",
    ]);
    expect(findings[0]?.wayOut).toContain("Give `b` a route back");
  });

  it("is a warning where only a default route says that the destination might be reached", () => {
    const snapshot = {
      a: { links: { eth0: { on: "main", addresses: ["10.0.0.5/24"] } }, routes: ["default via 10.0.0.1"] },
      r: { sysctls: { ip_forward: 1 }, links: { lan: { on: "main", addresses: ["10.0.0.1/24"] } } },
      b: { links: { eth0: { on: "other", addresses: ["10.7.0.5/24"] } } },
    };
    expect(lines(runRule(blackHole, { snapshot }))).toEqual([
      "warning r: The packet from `a` to `10.7.0.5` ends on `lan` of `r`: no route leads to the destination.",
    ]);
  });

  it.each(["blackhole", "unreachable", "prohibit"])("takes a route of type %s for wanted", (type) => {
    const snapshot = {
      a: { links: { eth0: { on: "main", addresses: ["10.0.0.5/24"] } }, routes: ["default via 10.0.0.1"] },
      r: {
        sysctls: { ip_forward: 1 },
        links: { lan: { on: "main", addresses: ["10.0.0.1/24"] } },
        routes: [`${type} 10.7.0.0/24`],
      },
      b: { links: { eth0: { on: "other", addresses: ["10.7.0.5/24"] } } },
    };
    expect(runRule(blackHole, { snapshot })).toEqual([]);
  });

  it("says nothing of pod addresses asked from outside the cluster, and of the fleet as it was", () => {
    const pods = {
      links: {
        enp1s0: { on: "main", addresses: ["10.10.0.2/16"] },
        cni0: { type: { kind: "bridge", isVlanAware: false } as const, addresses: ["10.42.0.1/24"] },
      },
      routes: ["default via 10.10.0.1"],
    };
    const given = { snapshot: buildIncident({ hosts: { "nl-k8s-01": pods } }), fleet: buildIncidentFleet() };
    const fromOutside = runRule(blackHole, given).filter((finding) =>
      finding.message.includes("from `nl-pve-01`"),
    );
    expect(fromOutside).toEqual([]);
    expect(runRule(blackHole, { snapshot: buildIncident(), fleet: buildIncidentFleet() })).toEqual([]);
  });
});
