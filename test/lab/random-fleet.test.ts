import { describe, expect, it } from "vitest";
import { destinationsOf } from "./fleet-specification.js";
import { PROFILES } from "./profiles.js";
import { randomFleet } from "./random-fleet.js";
import { prefixAround } from "./random-routes.js";
import { randomSource } from "./random-source.js";

const SEEDS = Array.from({ length: 400 }, (_, seed) => seed);

describe("randomFleet", () => {
  it("gives the same fleet for the same seed", () => {
    for (const seed of SEEDS.slice(0, 40)) expect(randomFleet(seed)).toEqual(randomFleet(seed));
  });

  it("goes round all profiles and takes a named one", () => {
    const met = new Set(SEEDS.map((seed) => randomFleet(seed).origin.split(" ")[0]));
    expect([...met].sort()).toEqual(PROFILES.map((profile) => profile.name).sort());
    expect(randomFleet(3, "overlay").origin).toBe("overlay 3");
  });

  it("has two to fifteen hosts, each on a segment that exists, with one name each", () => {
    for (const fleet of SEEDS.map((seed) => randomFleet(seed))) {
      expect(fleet.hosts.length).toBeGreaterThanOrEqual(2);
      expect(fleet.hosts.length).toBeLessThanOrEqual(15);
      expect(new Set(fleet.hosts.map((host) => host.name)).size).toBe(fleet.hosts.length);
      for (const port of fleet.hosts.flatMap((host) => host.ports))
        expect(fleet.segments).toContain(port.segment);
      expect(destinationsOf(fleet).length).toBeGreaterThan(2);
    }
  });

  it("never joins segments in a ring of bridges, where frames would go round for ever", () => {
    for (const fleet of SEEDS.map((seed) => randomFleet(seed))) {
      const joining = fleet.hosts.flatMap(({ ports, bridges }) =>
        bridges.map((bridge) => ports.filter((port) => bridge.ports.includes(port.link))),
      );
      const groups = new Map(fleet.segments.map((segment) => [segment, segment]));
      for (const [first, second] of joining.filter((ports) => ports.length > 1)) {
        const [from, to] = [groups.get(first?.segment ?? ""), groups.get(second?.segment ?? "")];
        expect(from, JSON.stringify(fleet)).not.toBe(to);
        for (const [segment, group] of groups) if (group === from) groups.set(segment, to ?? "");
      }
    }
  });

  it.each([
    ["a blackhole route", /"blackhole /],
    ["an unreachable route", /"unreachable /],
    ["a prohibit route", /"prohibit /],
    ["a throw route", /"throw /],
    ["an onlink route", / onlink/],
    ["a device route", /"[0-9./]+ dev e0"/],
    ["a metric", / metric /],
    ["a preferred source", / src 10/],
    ["a policy rule", /"(?:not )?(?:from|to) .* lookup 100"/],
    ["a permanent neighbour", / nud permanent"/],
    ["a proxy neighbour", /"proxy 10/],
    ["a bridge that joins two segments", /"ports":\["e0","e1"\]/],
    ["a static FDB entry", / master static"/],
    ["a sticky FDB entry", / master static sticky"/],
    ["an FDB entry that a bridge learnt", / master dynamic"/],
    ["a stale neighbour", / nud stale"/],
    ["a VXLAN link", /"link":"flannel.1"/],
    ["a link that is down", /"down":\["/],
    ["proxy ARP", /proxy_arp=1/],
    ["accept_local", /accept_local=1/],
  ])("builds %s", (_, pattern) => {
    expect(SEEDS.some((seed) => pattern.test(JSON.stringify(randomFleet(seed))))).toBe(true);
  });
});

describe("randomSource", () => {
  it("stays in its bounds", () => {
    const random = randomSource(1);
    const drawn = Array.from({ length: 1000 }, () => random.between(2, 4));
    expect(new Set(drawn)).toEqual(new Set([2, 3, 4]));
    expect(() => random.pick([])).toThrow("expected at least one item to pick from");
    expect([...random.shuffled([1, 2, 3, 4])].sort()).toEqual([1, 2, 3, 4]);
  });
});

describe("prefixAround", () => {
  it.each([
    ["10.1.2.3", 8, "10.0.0.0/8"],
    ["10.1.2.3", 31, "10.1.2.2/31"],
    ["10.1.2.3", 32, "10.1.2.3/32"],
    ["192.168.255.255", 20, "192.168.240.0/20"],
  ])("%s in a /%s", (address, length, expected) => {
    expect(prefixAround(address, length)).toBe(expected);
  });
});
