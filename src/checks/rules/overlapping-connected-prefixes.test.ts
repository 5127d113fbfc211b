import { describe, expect, it } from "vitest";
import { lines, runRule } from "../../../test/rule-case.js";
import { overlappingConnectedPrefixes } from "./overlapping-connected-prefixes.js";

function host(first: string, second: string) {
  return { a: { links: { eth0: { addresses: [first] }, eth1: { addresses: [second] } } } };
}

describe("overlapping-connected-prefixes", () => {
  it("names both links, and the one that wins", () => {
    const [finding] = runRule(overlappingConnectedPrefixes, { snapshot: host("10.0.0.1/8", "10.1.0.1/16") });
    expect(finding?.message).toBe(
      "`a` has overlapping networks on two links: `10.0.0.0/8` on `eth0` and `10.1.0.0/16` on `eth1`.",
    );
    expect(finding?.evidence).toEqual([
      "neighbours in the shared part are reached by `eth1` only: its prefix is longer",
    ]);
  });

  it("says that the first route wins where the networks are the same", () => {
    const [finding] = runRule(overlappingConnectedPrefixes, { snapshot: host("10.0.0.1/8", "10.1.0.1/8") });
    expect(finding?.evidence).toEqual([
      "neighbours in the shared part are reached by `eth0` only: its route was inserted first",
    ]);
  });

  it("says nothing of networks apart, of two addresses on one link, and of one without a connected route", () => {
    expect(runRule(overlappingConnectedPrefixes, { snapshot: host("10.0.0.1/16", "10.1.0.1/16") })).toEqual(
      [],
    );
    expect(
      runRule(overlappingConnectedPrefixes, { snapshot: host("10.0.0.1/8", "10.1.0.1/8 noprefixroute") }),
    ).toEqual([]);
    const snapshot = { a: { links: { eth0: { addresses: ["10.0.0.1/8", "10.0.0.1/16"] } } } };
    expect(lines(runRule(overlappingConnectedPrefixes, { snapshot }))).toEqual([]);
  });
});
