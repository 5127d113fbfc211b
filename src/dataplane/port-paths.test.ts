import { describe, expect, it } from "vitest";
import { mac } from "#ip/index.js";
import { linkName } from "#model/index.js";
import type { Edge } from "./domain-graph.js";
import type { Leg } from "./leg.js";
import { buildPortPaths } from "./port-paths.js";

const leg = (host: number): Leg => ({
  host,
  link: linkName("e0"),
  mac: mac([2, 0, 0, 0, 0, host]),
  port: null,
});
const [a, b, c, own, stray] = [leg(1), leg(2), leg(3), leg(7), leg(9)] as const;

/** s - bridge of host 7 - t, and a bond of host 8 between t and u. */
const edges = new Map<string, Edge[]>();
function join(inside: string, outside: string, port: string): void {
  edges.set(inside, [...(edges.get(inside) ?? []), { to: outside, port: linkName(port) }]);
  edges.set(outside, [...(edges.get(outside) ?? []), { to: inside, port: null }]);
}
join("bridge 7 br0 0", "segment s 0", "p0");
join("bridge 7 br0 0", "segment t 0", "p1");
join("bond 8 bond0 0", "segment t 0", "q0");
join("bond 8 bond0 0", "segment u 0", "q1");

const plugs = new Map<Leg, string>([
  [a, "segment s 0"],
  [b, "segment t 0"],
  [c, "segment u 0"],
  [own, "bridge 7 br0 0"],
]);
const portsBetween = buildPortPaths(plugs, (place) => edges.get(place) ?? []);
const words = (from: Leg, to: Leg): string =>
  portsBetween(from, to)
    .map(({ host, link }) => `${host} ${link}`)
    .join(", ");

describe("buildPortPaths", () => {
  it("names the ports in the order in which a frame goes through them, in both directions", () => {
    expect(words(a, b)).toBe("7 p0, 7 p1");
    expect(words(b, a)).toBe("7 p1, 7 p0");
    expect(words(a, c)).toBe("7 p0, 7 p1, 8 q0, 8 q1");
    expect(words(c, a)).toBe("8 q1, 8 q0, 7 p1, 7 p0");
  });

  it("names only the port that a frame comes in or goes out by, where the bridge itself is an end", () => {
    expect(words(a, own)).toBe("7 p0");
    expect(words(own, b)).toBe("7 p1");
  });

  it("names none within one place, and none for a leg that is nowhere", () => {
    expect(words(a, a)).toBe("");
    expect(words(a, stray)).toBe("");
  });
});
