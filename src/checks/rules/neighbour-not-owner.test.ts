import { describe, expect, it } from "vitest";
import { lines, runRule } from "../../../test/rule-case.js";
import { neighbourNotOwner } from "./neighbour-not-owner.js";

function fleet(...neighbours: readonly string[]) {
  return {
    a: { links: { eth0: { on: "main", addresses: ["10.10.0.3/16"] } }, neighbours },
    b: { links: { eth0: { on: "main", addresses: ["10.10.0.2/16"] } } },
    c: { links: { eth0: { on: "main", addresses: ["10.10.0.4/16"] } } },
    d: { links: { eth0: { on: "other", addresses: ["10.10.0.5/16"] } } },
  };
}

describe("neighbour-not-owner", () => {
  it("names whose MAC address the entry has and whose it should have (kernel-facts I4)", () => {
    const findings = runRule(neighbourNotOwner, {
      snapshot: fleet("10.10.0.2 lladdr 02:00:00:00:02:01 dev eth0 nud stale"),
    });
    expect(lines(findings)).toEqual([
      "error a: `a` has 02:00:00:00:02:01 for `10.10.0.2` on `eth0`: that is the MAC address of `c`, not of the owner `b`.",
    ]);
    expect(findings[0]?.wayOut).toBe(
      "Run `ip neigh flush dev eth0 to 10.10.0.2` on `a`; if the entry comes back, somebody else answers ARP for `10.10.0.2`.",
    );
  });

  it("deletes a permanent entry, which a flush leaves", () => {
    const [finding] = runRule(neighbourNotOwner, {
      snapshot: fleet("10.10.0.2 lladdr 02:00:00:00:99:01 dev eth0 nud permanent"),
    });
    expect(finding?.message).toContain("that is the MAC address of no host of the segment");
    expect(finding?.wayOut).toContain("`ip neigh del 10.10.0.2 dev eth0`");
  });

  it("says nothing of right entries, of failed ones, and of owners on another segment", () => {
    const snapshot = fleet(
      "10.10.0.2 lladdr 02:00:00:00:01:01 dev eth0 nud stale",
      "10.10.0.4 lladdr 02:00:00:00:01:01 dev eth0 nud failed",
      "10.10.0.5 lladdr 02:00:00:00:01:01 dev eth0 nud stale",
      "10.10.0.99 lladdr 02:00:00:00:01:01 dev eth0 nud stale",
    );
    expect(runRule(neighbourNotOwner, { snapshot })).toEqual([]);
  });
});
