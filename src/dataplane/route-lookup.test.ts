import { describe, expect, it } from "vitest";
import { ipv4 } from "#ip/index.js";
import { DEFAULT_RULES, type Rule } from "#model/index.js";
import { buildHost, type HostSketch, ip, net } from "../../test/fleet-builder.js";
import { compileHost } from "./compiled-host.js";
import { describeRoute } from "./describe-route.js";
import { isBroadcastAddress, isLocalAddress, lookupRoute } from "./route-lookup.js";

const LINKS = { e0: { addresses: ["10.0.0.1/24"] }, e1: { addresses: ["10.1.0.1/24"] } };

function found(sketch: HostSketch, destination: string, source = "0.0.0.0"): string {
  const host = compileHost(buildHost("a", { links: LINKS, ...sketch }));
  const result = lookupRoute(host, {
    source: ip(source),
    destination: ip(destination),
    incoming: null,
    outgoing: null,
  });
  switch (result.kind) {
    case "found":
      return describeRoute(result.route);
    case "refused":
      return result.type;
    case "none":
      return "none";
    case "unknown":
      return result.why;
  }
}

function rule(priority: number, table: number, more: Partial<Rule> = {}): Rule {
  const action = { kind: "lookup", table, suppressPrefixLength: null } as const;
  return {
    priority,
    isInverted: false,
    from: null,
    to: null,
    incoming: null,
    outgoing: null,
    mark: null,
    action,
    ...more,
  };
}

describe("lookupRoute", () => {
  it("takes the longest prefix before the lowest metric", () => {
    const routes = ["10.9.0.0/16 via 10.0.0.7 metric 1", "10.9.9.0/24 via 10.0.0.8 metric 900"];
    expect(found({ routes }, "10.9.9.9")).toBe("10.9.9.0/24 via 10.0.0.8 dev e0 metric 900");
  });

  it("takes the lowest metric of one prefix, and the first inserted of one metric", () => {
    const routes = [
      "10.9.0.0/16 via 10.0.0.7 metric 3",
      "10.9.0.0/16 via 10.0.0.8 metric 2",
      "10.9.0.0/16 via 10.0.0.9 metric 2",
    ];
    expect(found({ routes }, "10.9.0.1")).toBe("10.9.0.0/16 via 10.0.0.8 dev e0 metric 2");
  });

  it("looks into table local before main", () => {
    expect(found({}, "10.0.0.1")).toBe("local 10.0.0.1/32 dev e0 table local");
  });

  it.each(["blackhole", "unreachable", "prohibit"])(
    "ends at a route of type %s, also where a shorter prefix would lead on",
    (type) => {
      expect(found({ routes: ["default via 10.0.0.7", `${type} 10.9.0.0/16`] }, "10.9.0.1")).toBe(type);
    },
  );

  it("goes on with the next rule after a throw route", () => {
    const routes = ["throw 10.9.0.0/16 table 100", "default via 10.0.0.7"];
    expect(found({ routes, rules: [...DEFAULT_RULES, rule(10, 100)] }, "10.9.0.1")).toBe(
      "0.0.0.0/0 via 10.0.0.7 dev e0",
    );
  });

  it("asks rules in order of priority and passes those that do not match", () => {
    const routes = ["default via 10.0.0.7", "default via 10.1.0.7 table 100"];
    const rules = [...DEFAULT_RULES, rule(10, 100, { from: net("10.1.0.0/24") })];
    expect(found({ routes, rules }, "9.9.9.9", "10.1.0.1")).toBe("0.0.0.0/0 via 10.1.0.7 dev e1 table 100");
    expect(found({ routes, rules }, "9.9.9.9", "10.0.0.1")).toBe("0.0.0.0/0 via 10.0.0.7 dev e0");
  });

  it("matches an inverted rule where its selector does not", () => {
    const rules = [
      ...DEFAULT_RULES,
      rule(10, 0, { to: net("10.0.0.0/8"), isInverted: true, action: { kind: "prohibit" } }),
    ];
    expect(found({ rules }, "9.9.9.9")).toBe("prohibit");
    expect(found({ rules }, "10.1.0.9")).toBe("10.1.0.0/24 dev e1");
  });

  it("leaves out what suppress_prefixlength suppresses", () => {
    const routes = ["default via 10.0.0.7", "default via 10.1.0.7 table 100"];
    const action = { kind: "lookup", table: 254, suppressPrefixLength: 0 } as const;
    const rules = [...DEFAULT_RULES, rule(10, 254, { action }), rule(20, 100)];
    expect(found({ routes, rules }, "9.9.9.9")).toBe("0.0.0.0/0 via 10.1.0.7 dev e1 table 100");
    expect(found({ routes, rules }, "10.0.0.9")).toBe("10.0.0.0/24 dev e0");
  });

  it("is unknown where a rule that matches is not modelled", () => {
    const rules = [...DEFAULT_RULES, rule(10, 0, { action: { kind: "unmodelled", text: "ipproto tcp" } })];
    expect(found({ rules }, "9.9.9.9")).toBe("rule 10 is not modelled: `ipproto tcp`");
  });

  it("finds nothing without a route", () => {
    expect(found({}, "9.9.9.9")).toBe("none");
  });
});

describe("isLocalAddress and isBroadcastAddress", () => {
  it("tell by table local alone", () => {
    const host = compileHost(buildHost("a", { links: LINKS }));
    expect(
      [ip("10.0.0.1"), ip("127.9.9.9"), ip("10.0.0.2")].map((address) => isLocalAddress(host, address)),
    ).toEqual([true, true, false]);
    expect(
      [ip("10.0.0.255"), ip("10.0.0.0"), ipv4(0)].map((address) => isBroadcastAddress(host, address)),
    ).toEqual([true, false, false]);
  });
});
