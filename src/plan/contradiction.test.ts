import { describe, expect, it } from "vitest";
import { findContradiction } from "./contradiction.js";

/** Clauses are numbers; no order obeys two that add up to zero, nor zero itself. */
function canOrder(clauses: readonly number[]): boolean {
  return !clauses.some((clause) => clauses.includes(-clause));
}

function lesson(witness: string, ...clauses: readonly number[]) {
  return { witness, clauses };
}

describe("findContradiction", () => {
  it("finds the one witness that nothing avoids", () => {
    expect(findContradiction([lesson("a", 1), lesson("b", 0), lesson("c", -1)], canOrder)).toEqual(["b"]);
  });

  it("leaves out witnesses without which there is no order either", () => {
    const lessons = [lesson("a", 1), lesson("b", 2), lesson("c", 3), lesson("d", -2)];
    expect(findContradiction(lessons, canOrder)).toEqual(["b", "d"]);
  });

  it("keeps all of them where there are too many to try", () => {
    const lessons = Array.from({ length: 61 }, (_, index) =>
      lesson(`w${index}`, index === 60 ? -1 : index + 1),
    );
    expect(findContradiction(lessons, canOrder)).toHaveLength(61);
  });
});
