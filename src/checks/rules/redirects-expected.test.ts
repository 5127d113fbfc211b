import { describe, expect, it } from "vitest";
import { lines, runRule } from "../../../test/rule-case.js";
import { redirectsExpected } from "./redirects-expected.js";

/** Kernel-facts M1: a router on a stick. */
function stick(sysctls: Readonly<Record<string, number>>) {
  return {
    a: { links: { eth0: { on: "main", addresses: ["10.0.0.5/16"] } }, routes: ["default via 10.0.0.1"] },
    b: { links: { eth0: { on: "main", addresses: ["10.5.0.5/16"] } }, routes: ["default via 10.5.0.1"] },
    r: {
      sysctls: { ip_forward: 1, ...sysctls },
      links: { lan: { on: "main", addresses: ["10.0.0.1/16", "10.5.0.1/16"] } },
    },
  };
}

describe("redirects-expected", () => {
  it("names the host that sends them, with the redirects", () => {
    const findings = runRule(redirectsExpected, { snapshot: stick({}) });
    expect(lines(findings)).toEqual([
      "warning r: `r` will send ICMP redirects: it forwards packets out of the link on which they came in.",
    ]);
    expect(findings[0]?.evidence).toEqual([
      "`r` sends a redirect to `10.0.0.5`: new next hop `10.5.0.5` for `10.5.0.5`",
      "`r` sends a redirect to `10.5.0.5`: new next hop `10.0.0.5` for `10.0.0.5`",
    ]);
  });

  it("says nothing where they are turned off for all links and for the link", () => {
    const off = { "conf.all.send_redirects": 0, "conf.lan.send_redirects": 0 };
    expect(runRule(redirectsExpected, { snapshot: stick(off) })).toEqual([]);
  });

  it("says nothing of a router with a link for each network", () => {
    const snapshot = {
      a: { links: { eth0: { on: "left", addresses: ["10.0.0.5/16"] } }, routes: ["default via 10.0.0.1"] },
      b: { links: { eth0: { on: "right", addresses: ["10.5.0.5/16"] } }, routes: ["default via 10.5.0.1"] },
      r: {
        sysctls: { ip_forward: 1 },
        links: {
          lan: { on: "left", addresses: ["10.0.0.1/16"] },
          wan: { on: "right", addresses: ["10.5.0.1/16"] },
        },
      },
    };
    expect(runRule(redirectsExpected, { snapshot })).toEqual([]);
  });
});
