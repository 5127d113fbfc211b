import { describe, expect, it } from "vitest";
import { renderOperation } from "#formats/iproute2/index.js";
import { compareRoutes, type Host } from "#model/index.js";
import { buildHost, type HostSketch } from "../../test/fleet-builder.js";
import { findDifference } from "./difference.js";

const BASE: HostSketch = {
  links: { e0: { on: "main", addresses: ["10.0.0.1/16"] } },
  routes: ["default via 10.0.0.254"],
};

function commands(before: HostSketch | Host, after: HostSketch | Host): readonly string[] {
  const difference = findDifference(hostOf(before), hostOf(after));
  if (difference.kind === "not-found") return [`not found: ${difference.remaining.join("; ")}`];
  return difference.operations.map(renderOperation);
}

function hostOf(given: HostSketch | Host): Host {
  if ("id" in given) return given;
  const host = buildHost("a", given);
  return { ...host, routes: [...host.routes].sort(compareRoutes) };
}

describe("findDifference", () => {
  it("adds the new prefix before it deletes the old one", () => {
    expect(commands(BASE, { ...BASE, links: { e0: { on: "main", addresses: ["10.0.0.1/8"] } } })).toEqual([
      "ip addr add 10.0.0.1/8 dev e0",
      "ip addr del 10.0.0.1/16 dev e0",
    ]);
  });

  it("exchanges a gateway in one step", () => {
    expect(commands(BASE, { ...BASE, routes: ["default via 10.0.0.253"] })).toEqual([
      "ip route replace default via 10.0.0.253 dev e0",
    ]);
  });

  it("deletes the second route of a place where only the first is wanted", () => {
    const two = { ...BASE, routes: ["default via 10.0.0.254", "default via 10.0.0.253"] };
    expect(commands(two, BASE)).toEqual(["ip route del unicast default via 10.0.0.253 dev e0 scope global"]);
  });

  it("exchanges one route by two, in their order", () => {
    const two = { ...BASE, routes: ["default via 10.0.0.252", "default via 10.0.0.253"] };
    expect(commands(BASE, two)).toEqual([
      "ip route replace default via 10.0.0.252 dev e0",
      "ip route append default via 10.0.0.253 dev e0",
    ]);
  });

  it("puts routes of one place in their order: the kernel takes the first", () => {
    const one = { ...BASE, routes: ["default via 10.0.0.254", "default via 10.0.0.253"] };
    const other = { ...BASE, routes: ["default via 10.0.0.253", "default via 10.0.0.254"] };
    expect(commands(one, other)).toEqual([
      "ip route del unicast default via 10.0.0.254 dev e0 scope global",
      "ip route append default via 10.0.0.254 dev e0",
    ]);
  });

  it("takes proxy entries back as proxy entries", () => {
    expect(commands({ ...BASE, neighbours: ["proxy 10.0.0.9 dev e0"] }, BASE)).toEqual([
      "ip neigh del proxy 10.0.0.9 dev e0",
    ]);
  });

  it("sets what the target no longer says back to what the kernel has then", () => {
    const tuned = { "conf.e0.proxy_arp": 1, "conf.e0.send_redirects": 0, "conf.all.rp_filter": 1 };
    expect(commands({ ...BASE, sysctls: tuned }, BASE)).toEqual([
      "sysctl -w net.ipv4.conf.e0.send_redirects=1",
      "sysctl -w net.ipv4.conf.all.rp_filter=0",
      "sysctl -w net.ipv4.conf.e0.proxy_arp=0",
    ]);
  });

  it("raises what drops packets last", () => {
    const commandsOf = commands(BASE, {
      ...BASE,
      routes: ["default via 10.0.0.253"],
      sysctls: { "conf.all.rp_filter": 1 },
    });
    expect(commandsOf.at(-1)).toBe("sysctl -w net.ipv4.conf.all.rp_filter=1");
  });

  it("loosens a strict source validation before the routes turn: 1 is strict, 2 is loose", () => {
    const strict = { ...BASE, sysctls: { "conf.all.rp_filter": 1 } };
    const loose = { ...BASE, routes: ["default via 10.0.0.253"], sysctls: { "conf.all.rp_filter": 2 } };
    expect(commands(strict, loose)[0]).toBe("sysctl -w net.ipv4.conf.all.rp_filter=2");
    expect(commands(loose, strict).at(-1)).toBe("sysctl -w net.ipv4.conf.all.rp_filter=1");
  });

  it("makes a VLAN link anew where its tag changes", () => {
    const withTag = (id: number): HostSketch => ({
      links: {
        e0: { on: "main" },
        v: {
          type: { kind: "vlan", id, lower: "e0" as never },
          mac: "02:00:00:00:00:01",
          addresses: ["10.7.0.1/24"],
        },
      },
    });
    const said = commands(withTag(7), withTag(8));
    expect(said[0]).toBe("ip link del dev v");
    expect(said.at(-1)).toBe("ip addr add 10.7.0.1/24 dev v");
  });

  it("says what is left where the kernel refuses it", () => {
    const off = { ...BASE, routes: ["default via 10.0.0.254", "10.9.0.0/16 via 192.168.0.1 dev e0"] };
    const difference = findDifference(hostOf(BASE), hostOf(off));
    expect(difference).toMatchObject({ kind: "not-found", refusal: "Error: Nexthop has invalid gateway." });
    expect(commands(BASE, off)[0]).toContain("missing route 10.9.0.0/16");
  });
});
