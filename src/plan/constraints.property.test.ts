import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type HostId, hostId } from "#model/index.js";
import {
  type HostRange,
  type Layering,
  type Mover,
  type Precedence,
  solve,
  waysToAvoid,
} from "./constraints.js";

const HOSTS = ["a", "b", "c"].map(hostId);
const MAX_PHASES = 4;

const movers: fc.Arbitrary<readonly Mover[]> = fc
  .tuple(fc.integer({ min: 1, max: 2 }), fc.integer({ min: 1, max: 2 }), fc.nat(2))
  .map((counts) =>
    HOSTS.map((host, index) => ({ host, operations: counts[index] ?? 0 })).filter(
      ({ operations }) => operations > 0,
    ),
  );

/** Stages that must not meet: one or more hosts, each in a range. */
function ranges(all: readonly Mover[]): fc.Arbitrary<readonly HostRange[]> {
  return fc
    .subarray([...all], { minLength: 1 })
    .chain((some) =>
      fc.tuple(
        ...some.map(({ host, operations }) =>
          fc
            .tuple(fc.nat(operations), fc.nat(operations))
            .map(([x, y]): HostRange => ({ host, from: Math.min(x, y), to: Math.max(x, y) })),
        ),
      ),
    );
}

describe("waysToAvoid and solve", () => {
  it("find the fewest phases in which none of the forbidden sets of stages can meet, or say that there are none", () => {
    const seen = { found: 0, impossible: 0 };
    fc.assert(
      fc.property(
        movers.chain((all) => fc.tuple(fc.constant(all), fc.array(ranges(all), { maxLength: 4 }))),
        ([all, forbidden]) => {
          const operations = new Map(all.map((mover) => [mover.host, mover.operations]));
          const clauses = forbidden.map((set) => waysToAvoid(set, operations));
          const solved = solve({ movers: all, clauses, maxPhases: MAX_PHASES, maxSteps: 1e6 });
          const fewest = bruteForce(all, forbidden);
          if (fewest === null) {
            expect(solved).toBe("impossible");
            seen.impossible += 1;
            return;
          }
          if (typeof solved === "string") throw new Error(`expected a layering, found ${solved}`);
          expect(isSafe(solved, all, forbidden)).toBe(true);
          expect(phasesIn(solved)).toBe(fewest);
          seen.found += 1;
        },
      ),
      { numRuns: 300 },
    );
    expect(seen.found).toBeGreaterThan(0);
    expect(seen.impossible).toBeGreaterThan(0);
  });
});

describe("solve", () => {
  const [a, b] = [hostId("a"), hostId("b")];
  const order = (first: HostId, second: HostId): Precedence => ({
    first: { host: first, stage: 1 },
    second: { host: second, stage: 1 },
  });
  const two: readonly Mover[] = [
    { host: a, operations: 1 },
    { host: b, operations: 1 },
  ];

  it("gives up when its steps are used up", () => {
    const clauses = [[order(a, b)], [order(b, a)]];
    expect(solve({ movers: two, clauses, maxPhases: 64, maxSteps: 3 })).toBe("gave-up");
    expect(solve({ movers: two, clauses, maxPhases: 8, maxSteps: 1000 })).toBe("impossible");
  });

  it("takes the other way where the first one of a clause contradicts the rest", () => {
    const layering = solve({
      movers: two,
      clauses: [[order(a, b), order(b, a)], [order(b, a)]],
      maxPhases: 8,
      maxSteps: 1000,
    });
    expect(layering).toEqual(
      new Map([
        [a, [1]],
        [b, [0]],
      ]),
    );
  });

  it("cannot avoid a clause without a way", () => {
    expect(solve({ movers: two, clauses: [[]], maxPhases: 8, maxSteps: 1000 })).toBe("impossible");
  });
});

function phasesIn(layering: Layering): number {
  return 1 + Math.max(...[...layering.values()].flat());
}

/** The least number of phases over all layerings, in which no phase lets all hosts of a forbidden set be in it. */
function bruteForce(all: readonly Mover[], forbidden: readonly (readonly HostRange[])[]): number | null {
  const layerings = all.reduce<readonly Layering[]>(
    (some, { host, operations }) =>
      some.flatMap((layering) => ascending(operations).map((own) => new Map([...layering, [host, own]]))),
    [new Map()],
  );
  const safe = layerings.filter((layering) => isSafe(layering, all, forbidden)).map(phasesIn);
  return safe.length === 0 ? null : Math.min(...safe);
}

function ascending(count: number): readonly (readonly number[])[] {
  return Array.from({ length: count }).reduce<readonly (readonly number[])[]>(
    (lists) =>
      lists.flatMap((list) =>
        Array.from({ length: MAX_PHASES }, (_, phase) => phase)
          .filter((phase) => phase >= (list.at(-1) ?? 0))
          .map((phase) => [...list, phase]),
      ),
    [[]],
  );
}

function isSafe(
  layering: Layering,
  all: readonly Mover[],
  forbidden: readonly (readonly HostRange[])[],
): boolean {
  const moving = new Set(all.map((mover) => mover.host));
  return Array.from({ length: MAX_PHASES }, (_, phase) => phase).every((phase) =>
    forbidden.every((set) =>
      set.some(({ host, from, to }) => {
        const own = moving.has(host) ? (layering.get(host) ?? []) : [];
        const first = own.filter((at) => at < phase).length;
        const last = own.filter((at) => at <= phase).length;
        return to < first || from > last;
      }),
    ),
  );
}
