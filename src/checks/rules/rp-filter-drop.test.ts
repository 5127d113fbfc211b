import { describe, expect, it } from "vitest";
import { lines, runRule } from "../../../test/rule-case.js";
import { blackHole } from "./black-hole.js";
import { rpFilterDrop } from "./rp-filter-drop.js";

/** A sends by its first link to an address of B's second; B's way back leaves by its first. */
function twoLegs(filter: number) {
  return {
    a: {
      links: { eth0: { on: "left", addresses: ["10.1.0.5/24"] } },
      routes: ["10.2.0.0/24 via 10.1.0.1"],
    },
    r: {
      sysctls: { ip_forward: 1 },
      links: {
        l: { on: "left", addresses: ["10.1.0.1/24"] },
        m: { on: "right", addresses: ["10.2.0.1/24"] },
      },
    },
    b: {
      sysctls: { "conf.all.rp_filter": filter },
      links: {
        eth0: { on: "left", addresses: ["10.1.0.9/24"] },
        eth1: { on: "right", addresses: ["10.2.0.9/24"] },
      },
    },
  };
}

describe("rp-filter-drop", () => {
  it("names the host, the link and the way back that differs", () => {
    const findings = runRule(rpFilterDrop, { snapshot: twoLegs(1) });
    expect(lines(findings)).toEqual([
      "error b: `b` drops one flow on `eth1` by `rp_filter=1`: the route back to the source leaves by `eth0`, not `eth1`.",
    ]);
    expect(findings[0]?.evidence).toEqual(["`a` to `10.2.0.9` of `b`"]);
    expect(runRule(blackHole, { snapshot: twoLegs(1) })).toEqual([]);
  });

  it.each([0, 2])("says nothing with rp_filter %d, for which any way back will do", (filter) => {
    expect(runRule(rpFilterDrop, { snapshot: twoLegs(filter) })).toEqual([]);
  });
});
