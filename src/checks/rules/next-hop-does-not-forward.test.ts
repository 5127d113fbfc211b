import { describe, expect, it } from "vitest";
import type { Issue } from "#model/index.js";
import { lines, runRule } from "../../../test/rule-case.js";
import { nextHopDoesNotForward } from "./next-hop-does-not-forward.js";

function fleet(sysctls: Readonly<Record<string, number>>, route = "default via 10.0.0.1") {
  return {
    a: { links: { eth0: { on: "main", addresses: ["10.0.0.2/16"] } }, routes: [route] },
    r: { links: { lan: { on: "main", addresses: ["10.0.0.1/16"] } }, sysctls },
  };
}

describe("next-hop-does-not-forward", () => {
  it("names the gateway's owner", () => {
    expect(lines(runRule(nextHopDoesNotForward, { snapshot: fleet({}) }))).toEqual([
      "error a: The next hop `10.0.0.1` is an address of `r`, which does not forward.",
    ]);
  });

  it("asks the link on which packets arrive", () => {
    const snapshot = fleet({ ip_forward: 1, "conf.lan.forwarding": 0 });
    expect(runRule(nextHopDoesNotForward, { snapshot })).toHaveLength(1);
    expect(runRule(nextHopDoesNotForward, { snapshot: fleet({ "conf.lan.forwarding": 1 }) })).toEqual([]);
  });

  it("says nothing of a router, of a route to the gateway itself, and of a host whose sysctls are unknown", () => {
    expect(runRule(nextHopDoesNotForward, { snapshot: fleet({ ip_forward: 1 }) })).toEqual([]);
    expect(runRule(nextHopDoesNotForward, { snapshot: fleet({}, "10.0.0.1/32 via 10.0.0.1") })).toEqual([]);
    const unknown: Issue = { code: "x/y", severity: "unmodelled", message: "", source: null, hint: "" };
    const { a, r } = fleet({});
    expect(runRule(nextHopDoesNotForward, { snapshot: { a, r: { ...r, unmodelled: [unknown] } } })).toEqual(
      [],
    );
  });
});
