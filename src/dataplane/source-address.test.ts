import { describe, expect, it } from "vitest";
import { formatIPv4, type IPv4 } from "#ip/index.js";
import { linkName, type Scope } from "#model/index.js";
import { buildHost, type HostSketch, ip } from "../../test/fleet-builder.js";
import { type CompiledHost, type CompiledLink, compileHost } from "./compiled-host.js";
import { isDirect, isOnlink, nextHopGateway, nextHopOf, selectAddress, sourceFor } from "./source-address.js";

function compiled(sketch: HostSketch): CompiledHost {
  return compileHost(buildHost("a", sketch));
}

function linkOf(host: CompiledHost, name: string): CompiledLink {
  const link = host.linkByName.get(linkName(name));
  if (link === undefined) throw new RangeError(`expected link ${name}`);
  return link;
}

function selected(links: HostSketch["links"], target: string | null, scope: Scope = "global"): string {
  const host = compiled({ links: links ?? {} });
  return formatIPv4(selectAddress(host, linkOf(host, "e0"), target === null ? null : ip(target), scope));
}

describe("selectAddress", () => {
  const two = { e0: { addresses: ["10.1.0.1/24", "10.2.0.1/24"] } };

  it("takes the first address whose prefix contains the gateway", () => {
    expect(selected(two, "10.2.0.9")).toBe("10.2.0.1");
  });

  it("takes the first address where no prefix contains it, or there is no gateway", () => {
    expect(selected(two, "10.9.0.9")).toBe("10.1.0.1");
    expect(selected(two, null)).toBe("10.1.0.1");
  });

  it("passes over secondary addresses", () => {
    expect(selected({ e0: { addresses: ["10.1.0.1/24", "10.1.0.2/24"] } }, "10.1.0.9")).toBe("10.1.0.1");
  });

  it("passes over addresses of a nearer scope than asked for", () => {
    expect(selected({ e0: { addresses: ["10.1.0.1/24 scope host", "10.2.0.1/24"] } }, null)).toBe("10.2.0.1");
  });

  it("takes a global address of another link where its own has none", () => {
    expect(selected({ e0: {}, e1: { addresses: ["10.3.0.1/24"] } }, "10.9.0.9")).toBe("10.3.0.1");
    expect(selected({ e0: {} }, "10.9.0.9")).toBe("0.0.0.0");
  });
});

describe("sourceFor", () => {
  it("takes the route's src before any choice", () => {
    const host = compiled({
      links: { e0: { addresses: ["10.1.0.1/24", "10.2.0.1/24"] } },
      routes: ["default via 10.1.0.9 src 10.2.0.1"],
    });
    const route = host.host.routes.at(-1);
    expect(route === undefined ? null : sourceFor(host, route, linkOf(host, "e0"))).toBe(ip("10.2.0.1"));
  });
});

describe("a gateway that is an own address of the link", () => {
  const host = compiled({
    links: { e0: { addresses: ["10.1.0.1/24"] }, e1: { addresses: ["10.2.0.1/24"] } },
    routes: ["10.8.0.0/16 via 10.1.0.1 dev e0", "10.9.0.0/16 via 10.2.0.1 dev e0 onlink"],
  });
  const [own, foreign] = host.host.routes.slice(-2);

  it("makes a device route of it: the destination itself is asked for", () => {
    if (own === undefined) throw new RangeError("expected a route");
    expect([isDirect(host, own), nextHopOf(host, own, ip("10.8.0.9")), nextHopGateway(host, own)]).toEqual([
      true,
      ip("10.8.0.9"),
      null,
    ]);
  });

  it("does not where it is an address of another link", () => {
    if (foreign === undefined) throw new RangeError("expected a route");
    expect([isDirect(host, foreign), nextHopOf(host, foreign, ip("10.9.0.9"))]).toEqual([
      false,
      ip("10.2.0.1"),
    ]);
  });
});

describe("isOnlink", () => {
  it("wants one prefix that contains both", () => {
    const link = linkOf(compiled({ links: { e0: { addresses: ["10.1.0.1/24", "10.2.0.1/24"] } } }), "e0");
    const both = (a: string, b: string): boolean => isOnlink(link, ip(a), ip(b) as IPv4 | null);
    expect([both("10.1.0.5", "10.1.0.6"), both("10.1.0.5", "10.2.0.6")]).toEqual([true, false]);
  });
});
