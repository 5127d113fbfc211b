const TRUE_WORDS = new Set(["1", "yes", "y", "true", "t", "on"]);
const FALSE_WORDS = new Set(["0", "no", "n", "false", "f", "off"]);

/** Reads a boolean as systemd.syntax(7) does; null for any other text. */
export function readBoolean(text: string): boolean | null {
  const word = text.toLowerCase();
  if (TRUE_WORDS.has(word)) return true;
  return FALSE_WORDS.has(word) ? false : null;
}

const MULTIPLIERS: Readonly<Record<string, number>> = { "": 1, B: 1, K: 1024, M: 1024 ** 2, G: 1024 ** 3 };

/** Reads a number of bytes with the suffixes K, M and G to the base 1024; null for any other text. */
export function readSize(text: string): number | null {
  const match = /^(\d{1,15})\s*([BKMG]?)$/.exec(text);
  return match === null ? null : Number(match[1]) * (MULTIPLIERS[match[2] ?? ""] ?? 1);
}
