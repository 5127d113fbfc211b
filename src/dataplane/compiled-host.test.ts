import { describe, expect, it } from "vitest";
import { linkName } from "#model/index.js";
import { buildHost, type HostSketch, ip } from "../../test/fleet-builder.js";
import { type CompiledLink, compileHost, neighbourKey } from "./compiled-host.js";

const ON_E0 = { e0: { addresses: ["10.0.0.1/24"] } };

function linkWith(sysctls: HostSketch["sysctls"]): CompiledLink {
  const link = compileHost(buildHost("a", { links: ON_E0, sysctls: sysctls ?? {} })).linkByName.get(
    linkName("e0"),
  );
  if (link === undefined) throw new RangeError("expected link e0");
  return link;
}

describe("compileHost", () => {
  it("gives the same value for the same host", () => {
    const host = buildHost("a", { links: ON_E0 });
    expect(compileHost(host)).toBe(compileHost(host));
  });

  it("takes the larger of all and the link for rp_filter, arp_ignore and arp_announce", () => {
    const link = linkWith({
      "conf.all.rp_filter": 1,
      "conf.e0.rp_filter": 2,
      "conf.all.arp_ignore": 2,
      "conf.e0.arp_ignore": 1,
      "conf.e0.arp_announce": 2,
    });
    expect([link.rpFilter, link.arpIgnore, link.arpAnnounce]).toEqual([2, 2, 2]);
  });

  it("takes either of all and the link for arp_filter, proxy_arp, send_redirects and secure_redirects", () => {
    const on = linkWith({ "conf.all.arp_filter": 1, "conf.e0.proxy_arp": 1, "conf.all.send_redirects": 0 });
    expect([on.filtersArp, on.isArpProxy, on.sendsRedirects]).toEqual([true, true, true]);
    const off = linkWith({ "conf.all.send_redirects": 0, "conf.e0.send_redirects": 0 });
    expect([off.filtersArp, off.isArpProxy, off.sendsRedirects]).toEqual([false, false, false]);
  });

  it.each([
    [
      "both where the link forwards",
      1,
      { "conf.all.accept_redirects": 1, "conf.e0.accept_redirects": 0 },
      false,
    ],
    ["either where it does not", 0, { "conf.all.accept_redirects": 1, "conf.e0.accept_redirects": 0 }, true],
  ])("needs accept_redirects of all and the link: %s", (_, forwarding, sysctls, accepted) => {
    expect(linkWith({ ip_forward: forwarding, ...sysctls }).acceptsRedirects).toBe(accepted);
  });

  it("forwards by the link's own value, else by conf.default, else by ip_forward", () => {
    expect(linkWith({ ip_forward: 1 }).forwards).toBe(true);
    expect(linkWith({ ip_forward: 1, "conf.default.forwarding": 0 }).forwards).toBe(false);
    expect(linkWith({ ip_forward: 0, "conf.e0.forwarding": 1 }).forwards).toBe(true);
  });

  it("uses reachable, stale, delay, probe and permanent neighbours and pins only permanent and noarp ones", () => {
    const states = ["reachable", "stale", "delay", "probe", "permanent", "noarp", "failed", "incomplete"];
    const { neighbours } = compileHost(
      buildHost("a", {
        links: ON_E0,
        neighbours: states.map(
          (state, index) => `10.0.0.${index} lladdr 02:00:00:00:00:99 dev e0 nud ${state}`,
        ),
      }),
    );
    const pinned = states.map(
      (_, index) => neighbours.get(neighbourKey(linkName("e0"), ip(`10.0.0.${index}`)))?.isPermanent,
    );
    expect(pinned).toEqual([false, false, false, false, true, true, undefined, undefined]);
  });

  it("orders the routes of one prefix by metric, then as inserted, and leaves dead ones out", () => {
    const host = buildHost("a", {
      links: ON_E0,
      routes: ["default via 10.0.0.7 metric 5", "default via 10.0.0.8", "default via 10.0.0.9 metric 5"],
    });
    const dead = {
      ...host,
      routes: host.routes.map((route) =>
        route.gateway === ip("10.0.0.8") ? { ...route, isDead: true } : route,
      ),
    };
    const gateways: unknown[] = [];
    compileHost(dead)
      .tables.get(254)
      ?.search(ip("9.9.9.9"), (routes) => {
        gateways.push(...routes.map((route) => route.gateway));
        return false;
      });
    expect(gateways).toEqual([ip("10.0.0.7"), ip("10.0.0.9")]);
  });
});
