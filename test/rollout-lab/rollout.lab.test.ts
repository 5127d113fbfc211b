import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { killedAndLeft, killedAndResumed, numberOf, race, rebooted, type Trial } from "./faults.js";
import { Floor, IS_NEW, type KnownFleet } from "./floor.js";
import { readOnlyEtc } from "./hardships.js";
import { DAMAGES, damagedJournal } from "./journals.js";

/** Most of a run is waiting for what settles, so that many go on beside one another on few processors. */
const floor = new Floor("cpl", 10);
let one: KnownFleet;
let two: KnownFleet;

beforeAll(async () => {
  [one, two] = await Promise.all([
    floor.learn("one-phase", IS_NEW["one-phase"]),
    floor.learn("two-phases", IS_NEW["two-phases"]),
  ]);
}, 120_000);
afterAll(() => floor.close(), 120_000);

async function problemsOf(trials: readonly Promise<Trial>[]): Promise<readonly string[]> {
  const ended = await Promise.all(trials);
  expect(ended.length).toBeGreaterThan(0);
  return ended.flatMap(({ what, problems }) => problems.map((problem) => `${what}: ${problem}`));
}

describe.concurrent("A small fleet in namespaces", () => {
  it("is new behind a run without faults, in one phase and in two", () => {
    expect([one.fleet.phases, two.fleet.phases]).toEqual([1, 2]);
    expect([one, two].map(({ entries }) => entries.at(-1)?.outcome)).toEqual([
      { kind: "done" },
      { kind: "done" },
    ]);
  });

  it("is whole once a run is resumed whose controller died behind any fourth entry of its journal", async () => {
    const trials = Array.from({ length: Math.floor(two.entries.length / 4) }, (_, index) =>
      floor.on(two, killedAndResumed({ entry: 4 * (index + 1), when: "after" })),
    );
    expect(await problemsOf(trials)).toEqual([]);
  });

  it("is old behind the deadline where nobody resumes before a decision, and as confirmed behind one", async () => {
    const trials = [
      floor.on(one, killedAndLeft({ entry: numberOf(one, "armed"), when: "after" })),
      floor.on(one, killedAndLeft({ entry: numberOf(one, "decided"), when: "before" })),
      floor.on(two, killedAndLeft({ entry: numberOf(two, "decided") + 4, when: "after" })),
    ];
    expect(await problemsOf(trials)).toEqual([]);
  });

  it("obeys one of two controllers that begin at once; the other ends with 6 and changes nothing", async () => {
    const trials = [true, true, true, false, false].map((isOneMachine) => floor.on(one, race(isOneMachine)));
    expect(await problemsOf(trials)).toEqual([]);
  });

  it("comes up old where a host reboots in its window", async () => {
    const trials = [
      floor.on(one, rebooted("r", "armed")),
      floor.on(one, rebooted("a", "switched")),
      floor.on(one, rebooted("b", "decided")),
    ];
    expect(await problemsOf(trials)).toEqual([]);
  });

  it("is left alone where the journal is torn, edited or cut, and the entry is named", async () => {
    const damages = DAMAGES.filter((_, index) => index % 4 === 0);
    expect(await problemsOf(damages.map((damage) => floor.on(one, damagedJournal(damage))))).toEqual([]);
  });

  it("is whole where /etc of one host is read-only, before the run and once it has switched", async () => {
    const trials = [floor.on(one, readOnlyEtc("a", "before")), floor.on(one, readOnlyEtc("b", "switched"))];
    expect(await problemsOf(trials)).toEqual([]);
  });
});
