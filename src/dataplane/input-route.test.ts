import { describe, expect, it } from "vitest";
import { linkName, operation } from "#model/index.js";
import { buildHost, type HostSketch, ip, net } from "../../test/fleet-builder.js";
import { compileHost } from "./compiled-host.js";
import { routeInput } from "./input-route.js";

const LINKS = { e0: { addresses: ["10.0.0.1/24"] }, e1: { addresses: ["10.1.0.1/24"] } };
const ROUTER: HostSketch = { links: LINKS, sysctls: { ip_forward: 1 } };

function input(sketch: HostSketch, source: string, destination: string, isArp = false): string {
  const host = compileHost(buildHost("a", { links: LINKS, ...sketch }));
  const incoming = host.linkByName.get(linkName("e0"));
  if (incoming === undefined) throw new RangeError("expected link e0");
  const result = routeInput(host, { incoming, source: ip(source), destination: ip(destination), isArp });
  switch (result.kind) {
    case "forward":
      return `forward ${result.out.name}${result.isDirectSource ? " direct" : ""}`;
    case "drop":
      return result.rule;
    case "local":
      return "local";
    case "unknown":
      return result.why;
  }
}

describe("routeInput", () => {
  it("accepts a destination that is local on any link", () => {
    expect(input({}, "10.0.0.5", "10.1.0.1")).toBe("local");
  });

  it("drops what is not local on a link that does not forward, whatever the routes say", () => {
    expect(input({}, "10.0.0.5", "10.1.0.5")).toBe("not local");
    expect(input({ routes: ["unreachable 10.9.0.0/16"] }, "10.0.0.5", "10.9.0.1")).toBe("not local");
    expect(input({ sysctls: { ip_forward: 1, "conf.e0.forwarding": 0 } }, "10.0.0.5", "10.1.0.5")).toBe(
      "not local",
    );
  });

  it("forwards by the route, and knows a direct neighbour where it leaves by the link it came in on", () => {
    expect(input(ROUTER, "10.0.0.5", "10.1.0.5")).toBe("forward e1");
    expect(input({ ...ROUTER, routes: ["10.9.0.0/16 via 10.0.0.7"] }, "10.0.0.5", "10.9.0.1")).toBe(
      "forward e0 direct",
    );
  });

  it.each([
    ["an own address", "10.1.0.1", "martian source"],
    ["a multicast address", "224.0.0.1", "martian source"],
    ["0.0.0.0", "0.0.0.0", "martian source"],
    ["127.0.0.1", "127.0.0.1", "martian loopback"],
  ])("drops a packet whose source is %s", (_, source, rule) => {
    expect(input(ROUTER, source, "10.0.0.1")).toBe(rule);
  });

  it("takes an own source where accept_local is set", () => {
    expect(input({ sysctls: { "conf.e0.accept_local": 1 } }, "10.1.0.1", "10.0.0.1")).toBe("local");
  });

  it("neither answers nor forwards what is a broadcast address here", () => {
    expect(input(ROUTER, "10.0.0.5", "10.1.0.255")).toBe("broadcast");
  });

  it("with rp_filter 1 wants the way back to leave by the same link", () => {
    const strict = { "conf.all.rp_filter": 1 };
    expect(input({ sysctls: strict }, "10.1.0.5", "10.0.0.1")).toBe("rp_filter 1");
    expect(input({ sysctls: strict }, "10.9.0.5", "10.0.0.1")).toBe("rp_filter 1");
    expect(input({ sysctls: strict }, "10.0.0.5", "10.1.0.1")).toBe("local");
  });

  it("with rp_filter 2 wants some way back", () => {
    const loose = { "conf.e0.rp_filter": 2 };
    expect(input({ sysctls: loose }, "10.1.0.5", "10.0.0.1")).toBe("local");
    expect(input({ sysctls: loose }, "10.9.0.5", "10.0.0.1")).toBe("rp_filter 2");
  });

  it("with rp_filter 0 asks for no way back", () => {
    expect(input({}, "10.9.0.5", "10.0.0.1")).toBe("local");
  });

  it("drops a source behind a blackhole route where the full check is made", () => {
    const sketch = { routes: ["blackhole 10.9.0.0/16"], sysctls: { "conf.all.rp_filter": 2 } };
    expect(input(sketch, "10.9.0.5", "10.0.0.1")).toBe("rp_filter 2");
  });

  it("asks the full check once a local route was added by hand", () => {
    const host = buildHost("a", { links: LINKS });
    const local = operation.route({
      destination: net("10.7.0.0/16"),
      type: "local",
      table: 255,
      link: linkName("lo"),
      protocol: "boot",
    });
    expect(compileHost({ ...host, routes: [...host.routes, local] }).needsFullSourceCheck).toBe(true);
    expect(compileHost(host).needsFullSourceCheck).toBe(false);
  });

  it("refuses an ARP request for a target behind the link on which it was asked, unless that is a private VLAN", () => {
    const sketch = { ...ROUTER, routes: ["10.9.0.0/16 via 10.0.0.7"] };
    expect(input(sketch, "10.0.0.5", "10.9.0.1", true)).toBe("same link");
    const pvlan = { ...sketch, sysctls: { ip_forward: 1, "conf.e0.proxy_arp_pvlan": 1 } };
    expect(input(pvlan, "10.0.0.5", "10.9.0.1", true)).toBe("forward e0 direct");
  });
});
