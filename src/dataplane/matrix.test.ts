import { describe, expect, it } from "vitest";
import { formatIPv4 } from "#ip/index.js";
import { hostId } from "#model/index.js";
import { buildSnapshot, ip } from "../../test/fleet-builder.js";
import { judgeMatrix, judgeOne, ownedAddresses } from "./matrix.js";

const SNAPSHOT = buildSnapshot({
  a: { links: { e0: { on: "s", addresses: ["10.0.0.1/24"] } } },
  b: { links: { e0: { on: "s", addresses: ["10.0.0.2/24"] } } },
});

describe("judgeMatrix", () => {
  it("asks every host for every owned address, its own too, and for the extra ones once", () => {
    const flows = judgeMatrix(SNAPSHOT, { extra: [ip("10.0.0.9"), ip("10.0.0.1")] });
    expect(flows.map(({ from, to, verdict }) => `${from} ${to} ${verdict}`)).toEqual([
      "a 10.0.0.1 delivered",
      "a 10.0.0.2 delivered",
      "a 10.0.0.9 lost",
      "b 10.0.0.1 delivered",
      "b 10.0.0.2 delivered",
      "b 10.0.0.9 lost",
    ]);
  });

  it("explains hops unless it is told not to", () => {
    expect(judgeMatrix(SNAPSHOT)[1]?.hops.length).toBeGreaterThan(2);
    expect(judgeMatrix(SNAPSHOT, { isTraced: false })[1]?.hops).toEqual([]);
  });
});

describe("judgeOne", () => {
  it("judges one flow", () => {
    expect(judgeOne(SNAPSHOT, hostId("b"), ip("10.0.0.1"))).toMatchObject({
      verdict: "delivered",
      path: ["a"],
      back: ["b"],
    });
  });

  it("throws for a host that is not in the snapshot", () => {
    expect(() => judgeOne(SNAPSHOT, hostId("z"), ip("10.0.0.1"))).toThrow("no host `z` in the snapshot");
  });
});

describe("ownedAddresses", () => {
  it("lists each address once, in order, without 127.0.0.0/8", () => {
    const hosts = buildSnapshot({
      a: { links: { e0: { addresses: ["10.0.0.9/24", "10.0.0.1/24"] } } },
      b: { links: { e0: { addresses: ["10.0.0.1/24"] } } },
    }).hosts;
    expect(ownedAddresses(hosts.values()).map(formatIPv4)).toEqual(["10.0.0.1", "10.0.0.9"]);
  });
});
