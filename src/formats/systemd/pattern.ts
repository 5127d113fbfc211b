/** Whether the text has characters of a shell glob. */
export function isPattern(text: string): boolean {
  return /[*?[\]]/.test(text);
}

/** Whether a name matches a shell glob as fnmatch(3) does: `*`, `?`, `[a-f]`, `[!0]`. */
export function matchesPattern(pattern: string, name: string): boolean {
  return matchesFrom({ pattern: parsePattern(pattern), name });
}

type Part =
  | { readonly kind: "any" }
  | { readonly kind: "one"; readonly accepts: (character: string) => boolean };

function parsePattern(pattern: string): readonly Part[] {
  const parts: Part[] = [];
  for (let index = 0; index < pattern.length; index += 1) {
    const character = pattern[index] ?? "";
    const end = character === "[" ? pattern.indexOf("]", index + 2) : -1;
    if (character === "*") parts.push({ kind: "any" });
    else if (character === "?") parts.push({ kind: "one", accepts: () => true });
    else if (end > index) {
      parts.push({ kind: "one", accepts: parseSet(pattern.slice(index + 1, end)) });
      index = end;
    } else parts.push({ kind: "one", accepts: (candidate) => candidate === character });
  }
  return parts;
}

function parseSet(text: string): (character: string) => boolean {
  const isNegated = /^[!^]/.test(text);
  const ranges = [...text.slice(isNegated ? 1 : 0).matchAll(/(.)-(.)|(.)/gs)].map((range) => ({
    from: range[1] ?? range[3] ?? "",
    to: range[2] ?? range[3] ?? "",
  }));
  return (character) => ranges.some(({ from, to }) => character >= from && character <= to) !== isNegated;
}

/** Greedy matching with one point to come back to: linear for one `*`, at most quadratic. */
function matchesFrom(given: { readonly pattern: readonly Part[]; readonly name: string }): boolean {
  const { pattern, name } = given;
  let at = 0;
  let retry: { part: number; at: number } | null = null;
  let part = 0;
  while (at < name.length) {
    const current = pattern[part];
    if (current?.kind === "any") {
      retry = { part, at };
      part += 1;
    } else if (current?.accepts(name[at] ?? "") === true) {
      part += 1;
      at += 1;
    } else if (retry !== null) {
      retry = { part: retry.part, at: retry.at + 1 };
      part = retry.part + 1;
      at = retry.at;
    } else return false;
  }
  return pattern.slice(part).every((rest) => rest.kind === "any");
}
