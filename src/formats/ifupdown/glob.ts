/** Whether a path matches a pattern of glob(7): `*` and `?` do not match a slash, `[a-z]` and `[!a-z]` one character. Steps back to the last `*` only, so the time is bounded by the product of the lengths. */
export function matchesGlob(pattern: string, path: string): boolean {
  let at = 0;
  let position = 0;
  let star = -1;
  let resume = 0;
  while (position < path.length) {
    const step = matchOne(pattern, at, path[position] ?? "");
    if (pattern[at] === "*") {
      star = at;
      resume = position;
      at += 1;
    } else if (step > 0) {
      at += step;
      position += 1;
    } else if (star !== -1 && path[resume] !== "/") {
      resume += 1;
      position = resume;
      at = star + 1;
    } else {
      return false;
    }
  }
  while (pattern[at] === "*") at += 1;
  return at === pattern.length;
}

/** How many characters of the pattern match this one character; 0 for none. */
function matchOne(pattern: string, at: number, character: string): number {
  const expected = pattern[at];
  if (expected === "?") return character === "/" ? 0 : 1;
  if (expected !== "[") return expected === character ? 1 : 0;
  const end = pattern.indexOf("]", at + 2);
  if (end === -1) return expected === character ? 1 : 0;
  const isNegated = pattern[at + 1] === "!" || pattern[at + 1] === "^";
  const set = pattern.slice(at + (isNegated ? 2 : 1), end);
  return character !== "/" && isInSet(set, character) !== isNegated ? end - at + 1 : 0;
}

function isInSet(set: string, character: string): boolean {
  for (let index = 0; index < set.length; index += 1) {
    const first = set[index] ?? "";
    const isRange = set[index + 1] === "-" && index + 2 < set.length;
    const last = isRange ? (set[index + 2] ?? "") : first;
    if (first <= character && character <= last) return true;
    if (isRange) index += 2;
  }
  return false;
}
