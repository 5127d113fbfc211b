import { describe, expect, it } from "vitest";
import { hostId } from "#model/index.js";
import type { AddressAnswer } from "#probe/index.js";
import { skewSeconds } from "./clock-skew.js";
import { judgeSnapshots } from "./etcd.js";
import { judgeHolders } from "./virtual-address.js";

function heard(observer: string, isHolder: boolean, ...macs: readonly string[]): AddressAnswer {
  return { kind: "heard", observer: hostId(observer), isHolder, macs };
}

describe("Who answers for a virtual address", () => {
  const deaf: AddressAnswer = { kind: "not-measured", observer: hostId("c"), why: "the host has no arping" };

  it.each<[string, readonly AddressAnswer[], string, string]>([
    [
      "one holder that others hear",
      [heard("a", true), heard("b", false, "m1")],
      "ok",
      "One host answers for `10.0.0.100`, `a`.",
    ],
    [
      "one that none of the observers is",
      [heard("a", false, "m1"), heard("b", false, "m1")],
      "ok",
      "One host answers for `10.0.0.100`, m1.",
    ],
    [
      "a holder that could not ask, and nobody else",
      [heard("a", true), deaf],
      "ok",
      "One host answers for `10.0.0.100`, `a`.",
    ],
    [
      "two answers",
      [heard("a", false, "m1", "m2"), heard("b", false, "m1")],
      "failed",
      "Expected exactly one host to answer for `10.0.0.100`, found answers of `m1` and `m2`.",
    ],
    [
      "two holders",
      [heard("a", true, "m2"), heard("b", true, "m1")],
      "failed",
      "Expected exactly one host to answer for `10.0.0.100`, found that `a` and `b` have it and answers of `m2` and `m1`.",
    ],
    [
      "nobody",
      [heard("a", false), deaf],
      "failed",
      "Expected exactly one host to answer for `10.0.0.100`, found nobody.",
    ],
    [
      "no ears",
      [deaf],
      "warning",
      "Who answers for `10.0.0.100` could not be heard: `c`: the host has no arping.",
    ],
  ])("%s", (_, answers, outcome, detail) => {
    expect(judgeHolders("10.0.0.100", answers)).toMatchObject({ outcome, detail });
  });
});

describe("A snapshot of etcd", () => {
  it.each([
    [
      "a fresh one",
      ["seen 1000 1120 whole on-demand-1", "none\n", ""],
      "ok",
      "The newest snapshot of etcd of cluster `home` is 2 min old.",
    ],
    [
      "the newest of several servers",
      ["seen 1000 400000 whole a", "seen 399940 400000 unchecked b.zip"],
      "ok",
      "The newest snapshot of etcd of cluster `home` is 1 min old.",
    ],
    [
      "an old one",
      ["seen 0 180000 whole a"],
      "warning",
      "The newest snapshot of etcd of cluster `home` is 50 h old.",
    ],
    [
      "one that cannot be read back",
      ["seen 1000 1060 broken a b"],
      "warning",
      "The newest snapshot of etcd of cluster `home`, `a b`, cannot be read back by etcdctl.",
    ],
    [
      "none",
      ["none\n", "unseen\n"],
      "warning",
      "No snapshot of etcd of cluster `home` was seen: there is none.",
    ],
    [
      "a folder for root alone",
      ["unseen\n", "unseen\n"],
      "warning",
      "No snapshot of etcd of cluster `home` was seen: the folder of snapshots cannot be read without privilege.",
    ],
    [
      "no answer",
      ["", ""],
      "warning",
      "No snapshot of etcd of cluster `home` was seen: the folder of snapshots cannot be read without privilege.",
    ],
  ] as const)("%s", (_, answers, outcome, detail) => {
    expect(judgeSnapshots("home", answers)).toMatchObject({ outcome, detail });
  });
});

describe("The clock of a host", () => {
  it.each([
    [100, 99_500, 100_500, 0],
    [100, 101_000, 101_000, 0],
    [100, 103_000, 103_000, 2],
    [100, 90_000, 91_000, 9],
    [100, 90_000, 120_000, 0],
  ])("of %i s, asked from %i to %i ms, is off by %i s", (clock, from, to, seconds) => {
    expect(skewSeconds(clock, from, to)).toBe(seconds);
  });

  it("that cannot be read is off by as much as can be", () => {
    expect(skewSeconds(Number.NaN, 0, 0)).toBe(Number.MAX_SAFE_INTEGER);
  });
});
