import { describe, expect, it } from "vitest";
import { linkName, type Snapshot } from "#model/index.js";
import { buildSnapshot, ip } from "../../test/fleet-builder.js";
import { buildChooser } from "./chooser.js";
import type { CompiledLink } from "./compiled-host.js";
import { cachedMac, domainOf, learn, note, overheard, type Run, startRun, stateOf } from "./run.js";
import { buildSnapshotWorld, buildWorld } from "./world.js";

const E0 = linkName("e0");
const NEIGHBOUR = ip("10.0.0.2");

function snapshot(state: string): Snapshot {
  return buildSnapshot({
    a: {
      links: { e0: { on: "s", addresses: ["10.0.0.1/24"] } },
      neighbours: [`10.0.0.2 lladdr 02:00:00:00:00:99 dev e0 nud ${state}`],
    },
    b: { links: { e0: { on: "s", addresses: ["10.0.0.2/24"], mac: "02:00:00:00:00:0b" } } },
  });
}

function started(state: string): { readonly run: Run; readonly link: CompiledLink } {
  const run = startRun(buildSnapshotWorld(snapshot(state)), buildChooser(), true);
  const link = stateOf(run, 0).linkByName.get(E0);
  if (link === undefined) throw new RangeError("expected link e0");
  return { run, link };
}

/** `b` asks somebody; everybody on the segment hears its address. */
function announce(
  run: Run,
  options: { readonly isDeaf?: boolean; readonly isRepeated?: boolean } = {},
): void {
  const domain = domainOf(run, 1, E0);
  const own = domain?.byHost.get(1)?.[0];
  if (domain === null || own === undefined) throw new RangeError("expected a leg of `b`");
  const withheldBy = options.isDeaf === true ? (domain.byHost.get(0) ?? []) : [];
  const isRepeated = options.isRepeated ?? false;
  run.announcements.push({ domain, ip: NEIGHBOUR, mac: own.mac, isRepeated, withheldBy });
}

describe("cachedMac", () => {
  it.each(["reachable", "stale", "delay"])("uses a %s entry of the snapshot without asking", (state) => {
    const { run, link } = started(state);
    expect(cachedMac(run, 0, link, NEIGHBOUR)).toBe("02:00:00:00:00:99");
  });

  it("has nothing of an entry that failed", () => {
    const { run, link } = started("failed");
    expect(cachedMac(run, 0, link, NEIGHBOUR)).toBeNull();
  });

  it("is corrected by a request of the neighbour that the segment heard", () => {
    const { run, link } = started("stale");
    announce(run);
    expect(cachedMac(run, 0, link, NEIGHBOUR)).toBe("02:00:00:00:00:0b");
  });

  it("is not corrected where the host kept silent about an own address asked for", () => {
    const { run, link } = started("stale");
    announce(run, { isDeaf: true });
    expect(cachedMac(run, 0, link, NEIGHBOUR)).toBe("02:00:00:00:00:99");
  });

  it("gets no new entry from a request for somebody else", () => {
    const { run, link } = started("failed");
    announce(run);
    expect(cachedMac(run, 0, link, NEIGHBOUR)).toBeNull();
  });

  it("keeps a permanent entry whatever is heard or learnt", () => {
    const { run, link } = started("permanent");
    announce(run);
    learn(run, 0, E0, { ip: NEIGHBOUR, mac: "02:00:00:00:00:0b" as never });
    expect(cachedMac(run, 0, link, NEIGHBOUR)).toBe("02:00:00:00:00:99");
  });
});

describe("learn", () => {
  it("makes a new version of the walk only where something is new", () => {
    const { run } = started("failed");
    const entry = { ip: NEIGHBOUR, mac: "02:00:00:00:00:0b" as never };
    learn(run, 0, E0, entry);
    learn(run, 0, E0, entry);
    expect(run.version).toBe(1);
  });
});

describe("overheard", () => {
  it("answers a wait by a request that is made again and again, or is made meanwhile", () => {
    const { run } = started("failed");
    const domain = domainOf(run, 0, E0);
    if (domain === null) throw new RangeError("expected a domain");
    announce(run);
    expect(overheard(run, domain, NEIGHBOUR)).toBeNull();
    announce(run, { isRepeated: true });
    expect(overheard(run, domain, NEIGHBOUR)).toBe("02:00:00:00:00:0b");
  });
});

describe("stateOf", () => {
  it("chooses the stage of a host at its first question and keeps it, and notes hosts with a choice", () => {
    const [first, second] = [snapshot("stale"), snapshot("failed")].map((one) => [...one.hosts.values()]);
    const staged = (first ?? []).map((host, index) => ({
      id: host.id,
      stages: index === 0 ? [host, second?.[0] ?? host] : [host],
    }));
    const chooser = buildChooser();
    const world = buildWorld(staged, snapshot("stale").segments);
    const seen: unknown[] = [];
    do {
      const run = startRun(world, chooser, false);
      expect(stateOf(run, 0)).toBe(stateOf(run, 0));
      stateOf(run, 1);
      seen.push([run.support, stateOf(run, 0).host.neighbours[0]?.state]);
    } while (chooser.advance());
    expect(seen).toEqual([
      [[0], "stale"],
      [[0], "failed"],
    ]);
  });
});

describe("note", () => {
  it("writes an explanation only where one is wanted", () => {
    const { run } = started("stale");
    note(run, 1, { link: E0, decision: "drop", rule: "r", why: "w" });
    expect(run.hops).toEqual([{ host: "b", link: "e0", decision: "drop", rule: "r", why: "w" }]);
    const silent = startRun(run.world, buildChooser(), false);
    note(silent, 1, { link: E0, decision: "drop", rule: "r", why: "w" });
    expect(silent.hops).toBeNull();
  });
});
