import { afterEach, beforeEach, describe, expect, it } from "vitest";

/** What became of the wish to have a lock. */
export type Taken =
  | { readonly kind: "held"; readonly release: () => void }
  | { readonly kind: "taken"; readonly by: string };

/** A lock under test. */
export interface LockUnderTest {
  /** As this process, for a run. */
  readonly take: (run: string) => Taken;
  /** The run that holds it now, or null. */
  readonly holder: () => string | null;
  /** As a process that ended without letting go. */
  readonly takeAndDie: (run: string) => void;
  readonly remove: () => void;
}

/** What every lock of a fleet keeps to. */
export function describeLock(name: string, make: () => LockUnderTest): void {
  describe(`The lock of a fleet: ${name}`, () => {
    let lock: LockUnderTest;
    beforeEach(() => {
      lock = make();
    });
    afterEach(() => lock.remove());

    it("is held by the first run alone, which the others are told", () => {
      expect(lock.take("one").kind).toBe("held");
      expect(lock.take("two")).toEqual({ kind: "taken", by: "one" });
      expect(lock.holder()).toBe("one");
    });

    it("is free again once it is released, and releasing it twice takes it from nobody", () => {
      const one = lock.take("one");
      if (one.kind !== "held") throw new Error("not held");
      one.release();
      expect(lock.holder()).toBeNull();
      expect(lock.take("two").kind).toBe("held");
      one.release();
      expect(lock.holder()).toBe("two");
    });

    it("does not outlive its process, and is then taken over once", () => {
      lock.takeAndDie("dead");
      expect(lock.holder()).toBeNull();
      expect(lock.take("two").kind).toBe("held");
      expect(lock.take("three")).toEqual({ kind: "taken", by: "two" });
    });

    it("changes hands often", () => {
      for (let round = 0; round < 60; round += 1) {
        const taken = lock.take(`run ${round}`);
        expect(taken.kind).toBe("held");
        if (taken.kind === "held" && round % 2 === 0) taken.release();
        else if (taken.kind === "held") {
          expect(lock.take("other")).toEqual({ kind: "taken", by: `run ${round}` });
          taken.release();
        }
      }
    });
  });
}
