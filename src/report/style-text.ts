/** Colours and weights of a terminal; the plain ones leave text as it is. */
export interface TextStyle {
  readonly bold: (text: string) => string;
  readonly faint: (text: string) => string;
  readonly red: (text: string) => string;
  readonly yellow: (text: string) => string;
  readonly green: (text: string) => string;
}

/** No colours: files, pipes, and terminals with NO_COLOR. */
export const PLAIN: TextStyle = {
  bold: (text) => text,
  faint: (text) => text,
  red: (text) => text,
  yellow: (text) => text,
  green: (text) => text,
};

/** ANSI colours; ECMA-48, SGR. */
export const COLOURED: TextStyle = {
  bold: (text) => `\u001b[1m${text}\u001b[22m`,
  faint: (text) => `\u001b[2m${text}\u001b[22m`,
  red: (text) => `\u001b[31m${text}\u001b[39m`,
  yellow: (text) => `\u001b[33m${text}\u001b[39m`,
  green: (text) => `\u001b[32m${text}\u001b[39m`,
};

/** `1 host`, `2 hosts`. */
export function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? "" : "s"}`;
}
