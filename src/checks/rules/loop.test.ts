import { describe, expect, it } from "vitest";
import { at } from "../../../test/fleet-builder.js";
import { buildIncident } from "../../../test/incident-fleet.js";
import { lines, runRule } from "../../../test/rule-case.js";
import { loop } from "./loop.js";

/** Kernel-facts M12: r1 sends everything to r2, r2 sends 10/8 back. */
function rings(second: readonly string[]) {
  const sysctls = { ip_forward: 1 };
  return {
    r1: {
      sysctls,
      file: "r1.conf",
      links: { eth0: { on: "mid", addresses: ["192.0.2.1/30"] } },
      routes: ["default via 192.0.2.2"],
    },
    r2: { sysctls, links: { eth0: { on: "mid", addresses: ["192.0.2.2/30"] } }, routes: second },
  };
}

describe("loop", () => {
  it("finds two routers that send addresses that nobody owns to each other", () => {
    const findings = runRule(loop, { snapshot: rings(["10.0.0.0/8 via 192.0.2.1"]) });
    expect(lines(findings)).toEqual([
      "error r1: A packet to `10.255.255.254`, which no host owns, goes in a circle: `r1` -> `r2` -> `r1`.",
    ]);
    expect(findings[0]?.source).toEqual(at("r1.conf", 3));
    expect(findings[0]?.evidence).toEqual([
      "`r1` sends `10.255.255.254` to `192.0.2.2`",
      "`r2` sends `10.255.255.254` to `192.0.2.1`",
    ]);
  });

  it("is one finding where addresses of the fleet go in the same circle", () => {
    const snapshot = rings(["10.0.0.0/8 via 192.0.2.1"]);
    const lan = {
      links: { eth0: { on: "lan", addresses: ["172.16.0.5/24"] } },
      routes: ["default via 172.16.0.1"],
    };
    const r1 = {
      ...snapshot.r1,
      links: { ...snapshot.r1.links, lan: { on: "lan", addresses: ["172.16.0.1/24"] } },
    };
    const far = { links: { eth0: { on: "far", addresses: ["10.9.9.9/24"] } } };
    expect(lines(runRule(loop, { snapshot: { ...snapshot, r1, lan, far } }))).toEqual([
      "error r1: The packet from `lan` to `10.9.9.9` goes in a circle: `r1` -> `r2` -> `r1`.",
    ]);
  });

  it("says nothing where the first of them discards what it has no better route for", () => {
    const snapshot = rings(["10.0.0.0/8 via 192.0.2.1"]);
    const r1 = { ...snapshot.r1, routes: ["default via 192.0.2.2", "blackhole 10.0.0.0/8"] };
    expect(runRule(loop, { snapshot: { ...snapshot, r1 } })).toEqual([]);
  });

  it("finds the loop of stale neighbour entries between two nodes that forward (kernel-facts I6), one finding for each circle", () => {
    const stale = (own: string, other: string) => ({
      file: "nodes.conf",
      sysctls: { ip_forward: 1 },
      links: { enp1s0: { on: "main", addresses: [own] } },
      routes: ["default via 10.10.0.1"],
      neighbours: [`10.10.0.2 lladdr ${other} dev enp1s0 nud permanent`],
    });
    const snapshot = buildIncident({
      hosts: {
        "nl-k8s-04": stale("10.10.0.3/16", "02:00:00:00:04:01"),
        "nl-k8s-02": stale("10.10.0.4/16", "02:00:00:00:03:01"),
        "nl-pve-01": {
          links: { vmbr0: { on: "main", addresses: ["10.11.0.2/16"] } },
          routes: ["10.10.0.2/32 via 10.10.0.3 dev vmbr0 onlink", "default via 10.11.0.1"],
        },
      },
    });
    const findings = runRule(loop, { snapshot });
    expect(lines(findings)).toEqual([
      "error nl-k8s-04: The packet from `nl-pve-01` to `10.10.0.2` goes in a circle: `nl-k8s-04` -> `nl-k8s-02` -> `nl-k8s-04`.",
    ]);
    expect(findings[0]?.source).toEqual(at("nodes.conf", 2));
  });

  it("says nothing of the incident's fleet before the change, nor of a default route out of the fleet", () => {
    expect(runRule(loop, { snapshot: buildIncident() })).toEqual([]);
    expect(runRule(loop, { snapshot: rings([]) })).toEqual([]);
  });
});
