import { describe, expect, it } from "vitest";
import { describeRoute, judgeMatrix } from "#dataplane/index.js";
import { hostId } from "#model/index.js";
import { at, buildHost, buildSnapshot } from "./fleet-builder.js";

describe("A snapshot in few words", () => {
  it("holds the routes that the kernel makes of an address, and the given ones out of the link that has their gateway", () => {
    const host = buildHost("a", {
      links: { eth0: { on: "main", addresses: ["10.0.0.1/16", "10.0.0.9/16", "10.0.0.7/32"] } },
      routes: ["default via 10.0.9.9"],
    });
    expect(host.routes.map(describeRoute)).toEqual([
      "local 127.0.0.1/32 dev lo table local",
      "local 127.0.0.0/8 dev lo table local",
      "broadcast 127.255.255.255/32 dev lo table local",
      "local 10.0.0.1/32 dev eth0 table local",
      "10.0.0.0/16 dev eth0",
      "broadcast 10.0.255.255/32 dev eth0 table local",
      "local 10.0.0.9/32 dev eth0 table local",
      "local 10.0.0.7/32 dev eth0 table local",
      "0.0.0.0/0 via 10.0.9.9 dev eth0",
    ]);
    expect(host.addresses.map((address) => address.isSecondary)).toEqual([false, false, true, false]);
  });

  it("gives links, addresses and routes their lines in the file, in the order of the sketch", () => {
    const host = buildHost("a", {
      file: "a.conf",
      links: { eth0: { addresses: ["10.0.0.1/16"] }, eth1: {} },
      routes: ["default via 10.0.0.2"],
    });
    expect(host.links.map((link) => link.source)).toEqual([null, at("a.conf", 1), at("a.conf", 3)]);
    expect(host.addresses.at(-1)?.source).toEqual(at("a.conf", 2));
    expect(host.routes.at(-1)?.source).toEqual(at("a.conf", 4));
  });

  it("is one in which neighbours on a segment reach each other", () => {
    const snapshot = buildSnapshot({
      a: { links: { eth0: { on: "main", addresses: ["10.0.0.1/16"] } } },
      b: { links: { eth0: { on: "main", addresses: ["10.0.0.2/16"] } } },
    });
    const verdicts = judgeMatrix(snapshot).map((flow) => [flow.from, flow.to, flow.verdict]);
    expect(verdicts).toContainEqual([hostId("a"), "10.0.0.2", "delivered"]);
    expect(verdicts.every(([, , verdict]) => verdict === "delivered")).toBe(true);
  });

  it("refuses a route whose gateway no link has and that names no link", () => {
    expect(() => buildHost("a", { routes: ["default via 10.0.0.1"] })).toThrow(RangeError);
  });
});
