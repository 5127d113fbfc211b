/** A stream of pseudo-random choices; the same seed gives the same choices on every machine. */
export interface RandomSource {
  /** In [0, 1). */
  readonly fraction: () => number;
  /** An integer from low to high, both included. */
  readonly between: (low: number, high: number) => number;
  /** True with this probability. */
  readonly chance: (probability: number) => boolean;
  /** One of the items; throws a RangeError where there is none. */
  readonly pick: <T>(items: readonly T[]) => T;
  /** The items in random order. */
  readonly shuffled: <T>(items: readonly T[]) => readonly T[];
}

/** Mulberry32 (Tommy Ettinger, public domain algorithm): 32 bits of state, good enough to choose test input. */
export function randomSource(seed: number): RandomSource {
  let state = seed >>> 0;
  const fraction = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
  const between = (low: number, high: number): number => low + Math.floor(fraction() * (high - low + 1));
  const pick = <T>(items: readonly T[]): T => {
    const item = items[between(0, items.length - 1)];
    if (item === undefined) throw new RangeError("expected at least one item to pick from, found none");
    return item;
  };
  return {
    fraction,
    between,
    chance: (probability) => fraction() < probability,
    pick,
    shuffled: (items) => {
      const keyed = items.map((item) => ({ item, key: fraction() }));
      return keyed.sort((left, right) => left.key - right.key).map(({ item }) => item);
    },
  };
}
