import { describe, expect, it } from "vitest";
import { hostId, type Segment, type Snapshot, segmentId } from "#model/index.js";
import { buildSnapshot } from "../../test/fleet-builder.js";
import { findChanges } from "./plan-change.js";
import { isWiringHost, joinWiring, resolveWiring } from "./wiring.js";
import { wiringPartOf } from "./wiring-hosts.js";

/** One link `e0` for each host, in the segment that is said; `null` for none. */
function wired(places: Readonly<Record<string, string | null>>, declared: readonly string[] = []): Snapshot {
  const plain = buildSnapshot(
    Object.fromEntries(
      Object.entries(places).map(([host, on], index) => [
        host,
        { links: { e0: { ...(on === null ? {} : { on }), addresses: [`10.0.0.${index + 1}/24`] } } },
      ]),
    ),
  );
  const empty = declared
    .filter((id) => !plain.segments.some((segment) => segment.id === id))
    .map((id): Segment => ({ id: segmentId(id), ports: [] }));
  return { ...plain, segments: [...plain.segments, ...empty] };
}

/** What moves between the two, and how often. */
function movers(before: Snapshot, after: Snapshot): readonly string[] {
  const joined = joinWiring(before, after);
  const found = findChanges(joined.before, joined.after);
  if (found.kind !== "found") return [found.kind];
  return found.changes.map(
    ({ host, operations }) => `${host} ${operations.map(({ kind }) => kind).join(" ")}`,
  );
}

describe("joinWiring", () => {
  it("leaves networks of one wiring as they are", () => {
    const before = wired({ a: "x", b: "x" });
    const after = wired({ a: "x", b: "x" });
    expect(joinWiring(before, after)).toEqual({ before, after });
  });

  it("sees no change where a segment has another name", () => {
    expect(movers(wired({ a: "x", b: "x" }), wired({ a: "y", b: "y" }))).toEqual([]);
  });

  it("moves each port by itself where segments exchange ports", () => {
    const before = wired({ a: "x", b: "x", c: "x", d: "y" });
    expect(movers(before, wired({ a: "x", b: "y", c: "y", d: "y" }))).toEqual([
      "port:b/e0 link-master",
      "port:c/e0 link-master",
    ]);
  });

  it("joins segments at once where all become one, the others to the first", () => {
    const before = wired({ a: "x", b: "y", c: "z" });
    expect(movers(before, wired({ a: "all", b: "all", c: "all" }))).toEqual([
      "cable:x/y link-up",
      "cable:x/z link-up",
    ]);
  });

  it("cuts a segment at once where it becomes several", () => {
    const before = wired({ a: "all", b: "all" });
    expect(movers(before, wired({ a: "x", b: "y" }))).toEqual(["cable:x/y link-down"]);
  });

  it("moves ports one by one where the other segment is named at both ends, be it without ports", () => {
    const [apart, together] = [
      { a: "x", b: "y", c: "y" },
      { a: "x", b: "x", c: "x" },
    ];
    const [there, back] = [wired(apart), wired(together, ["y"])];
    expect(movers(there, back)).toEqual(["port:b/e0 link-master", "port:c/e0 link-master"]);
    expect(movers(back, there)).toEqual(["port:b/e0 link-master", "port:c/e0 link-master"]);
  });

  it("plugs in and unplugs", () => {
    expect(movers(wired({ a: "x", b: null }), wired({ a: "x", b: "x" }))).toEqual(["port:b/e0 link-master"]);
    expect(movers(wired({ a: "x", b: "x" }), wired({ a: "x", b: null }))).toEqual(["port:b/e0 link-master"]);
  });

  it("gives a link that its host makes its place from the start", () => {
    const link = { e0: { on: "x" } };
    const before = buildSnapshot({ a: { links: link }, b: { links: { ...link } } });
    const after = buildSnapshot({ a: { links: { ...link, e1: { on: "y" } } }, b: { links: { ...link } } });
    const added = movers(before, after);
    expect(added).toEqual(["a link-add link-up"]);
    expect(joinWiring(before, after).before.segments.find(({ id }) => id === "y")?.ports).toEqual([
      { host: "a", link: "e1" },
    ]);
  });

  it("takes Ethernet addresses for its parts that nobody has", () => {
    const before = wired({ a: "x", b: "x" });
    const after = wired({ a: "x", b: "y" }, ["x"]);
    const joined = joinWiring(before, after);
    const macs = [...joined.before.hosts.values()].flatMap(({ links }) =>
      links.flatMap(({ mac }) => (mac === null ? [] : [mac])),
    );
    expect(new Set(macs).size).toBe(macs.length);
  });
});

describe("resolveWiring", () => {
  it("tells each end of a join in plain segments", () => {
    const [before, after] = [wired({ a: "x", b: "y" }), wired({ a: "all", b: "all" })];
    const joined = joinWiring(before, after);
    const ports = (snapshot: Snapshot): readonly number[] =>
      resolveWiring(snapshot)
        .segments.map((segment) => segment.ports.length)
        .filter((count) => count > 0);
    expect(ports(joined.before)).toEqual([1, 1]);
    expect(ports(joined.after)).toEqual([2]);
    expect([...resolveWiring(joined.after).hosts.keys()]).toEqual(["a", "b"]);
  });
});

describe("wiringPartOf", () => {
  it("knows ports and cables from hosts, whatever they are called", () => {
    expect(wiringPartOf(hostId("port:n1/eth0.7"))).toEqual({ kind: "port", host: "n1", link: "eth0.7" });
    expect(wiringPartOf(hostId("cable:a/b"))).toEqual({ kind: "cable", joint: "a/b" });
    for (const name of ["n1", "port:n1", "cable", "cable:a"]) expect(isWiringHost(hostId(name))).toBe(false);
  });
});
