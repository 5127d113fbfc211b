import { describe, expect, it } from "vitest";
import { lines, runRule } from "../../../test/rule-case.js";
import { duplicateMac } from "./duplicate-mac.js";

const MAC = "52:54:00:aa:bb:cc";

describe("duplicate-mac", () => {
  it("is an error on one segment", () => {
    const snapshot = {
      a: { links: { eth0: { on: "main", mac: MAC } } },
      b: { links: { eth0: { on: "main", mac: MAC } } },
    };
    const findings = runRule(duplicateMac, { snapshot });
    expect(lines(findings)).toEqual([
      "error b: 52:54:00:aa:bb:cc is the MAC address of `a` and `b` on one segment.",
    ]);
  });

  it("says nothing of one MAC address on different segments, or on a link and its VLAN", () => {
    const snapshot = {
      a: {
        links: {
          eth0: { on: "main", mac: MAC },
          "eth0.5": { mac: MAC, type: { kind: "vlan", id: 5, lower: "eth0" as never } as const },
        },
      },
      b: { links: { eth0: { on: "other", mac: MAC } } },
    };
    expect(runRule(duplicateMac, { snapshot })).toEqual([]);
  });
});
