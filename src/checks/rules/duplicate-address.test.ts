import { describe, expect, it } from "vitest";
import { at } from "../../../test/fleet-builder.js";
import { lines, runRule } from "../../../test/rule-case.js";
import { duplicateAddress } from "./duplicate-address.js";

function fleet(second: string, segment = "main") {
  return {
    a: {
      links: { eth0: { on: "main", addresses: ["10.0.0.1/24"] }, docker0: { addresses: ["172.17.0.1/16"] } },
    },
    b: {
      file: "b.conf",
      links: { eth0: { on: segment, addresses: [second] }, docker0: { addresses: ["172.17.0.1/16"] } },
    },
    c: { links: { eth0: { on: "main", addresses: ["10.0.0.3/24"] }, eth1: { on: "other", addresses: [] } } },
  };
}

describe("duplicate-address", () => {
  it("is an error on one segment, with the place of the second owner", () => {
    const findings = runRule(duplicateAddress, { snapshot: fleet("10.0.0.1/24") });
    expect(lines(findings)).toEqual(["error b: `10.0.0.1` is an address of `a` and `b` on one segment."]);
    expect(findings[0]?.source).toEqual(at("b.conf", 2));
    expect(findings[0]?.evidence).toEqual([
      "`a`: `10.0.0.1/24` on `eth0`, 02:00:00:00:00:01",
      "`b`: `10.0.0.1/24` on `eth0`, 02:00:00:00:01:01",
    ]);
  });

  it("is a warning on different segments that other hosts hear", () => {
    expect(lines(runRule(duplicateAddress, { snapshot: fleet("10.0.0.1/24", "other") }))).toEqual([
      "warning b: `10.0.0.1` is an address of `a` and `b`, on different segments.",
    ]);
  });

  it("says nothing of container bridges that have the same address on every host", () => {
    expect(runRule(duplicateAddress, { snapshot: fleet("10.0.0.2/24") })).toEqual([]);
  });
});
