/** A witness with the clauses that it taught. */
export interface Lesson<W, C> {
  readonly witness: W;
  readonly clauses: readonly C[];
}

/** Each lesson left out costs a solution of the rest. */
const MAX_LESSONS = 60;

/**
 * The witnesses that contradict each other by themselves: without any one of them there would be an order. Where there are too many
 * to try, all of them.
 *
 * @param canOrder Whether some order obeys the clauses; what cannot be told counts as yes.
 */
export function findContradiction<W, C>(
  lessons: readonly Lesson<W, C>[],
  canOrder: (clauses: readonly C[]) => boolean,
): readonly W[] {
  const alone = lessons.find(({ clauses }) => !canOrder(clauses));
  if (alone !== undefined) return [alone.witness];
  if (lessons.length > MAX_LESSONS) return lessons.map(({ witness }) => witness);
  let core = lessons;
  for (const lesson of lessons) {
    const rest = core.filter((other) => other !== lesson);
    if (!canOrder(rest.flatMap(({ clauses }) => clauses))) core = rest;
  }
  return core.map(({ witness }) => witness);
}
