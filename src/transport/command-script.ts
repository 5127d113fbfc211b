import { quoteWord } from "./quote-word.js";

/** One command as the shell of a session gets it. */
export interface ScriptedCommand {
  readonly words: readonly string[];
  readonly input: string | null;
  readonly mark: string;
  /** After this many seconds a shell that lost its controller ends the command. */
  readonly limitSeconds: number;
}

/** Longest text of one `printf`: short enough for shells that copy a word each time they make room for more of it. */
const PIECE = 16_384;

/** The text that starts a command in a shell which has read `HELLO`. It comes back at once: the shell stays free to end the command. */
export function renderCommand({ words, input, mark, limitSeconds }: ScriptedCommand): string {
  const quoted = words.map(quoteWord).join(" ");
  const body =
    input === null || input === ""
      ? `pm_do ${mark} pm_go ${quoted}`
      : `pm_in() {\n${renderInput(input)}}\npm_do ${mark} pm_feed ${quoted}`;
  return `wait "$pm_w" 2>/dev/null; pm_l=${limitSeconds}\n( ${body}\n) & pm_w=$!\n`;
}

/** `printf %s` and not a here-document: it adds no newline at the end, and no shell keeps it in a file on the way. */
function renderInput(input: string): string {
  const pieces: string[] = [];
  for (const [index, part] of input.split("\0").entries()) {
    if (index > 0) pieces.push("printf '\\000'\n");
    for (let at = 0; at < part.length; ) {
      const end = endOfPiece(part, at);
      pieces.push(`printf %s ${quoteWord(part.slice(at, end))}\n`);
      at = end;
    }
  }
  return pieces.join("");
}

/** Never between the two halves of a surrogate pair: they would be written as two replacement characters. */
function endOfPiece(text: string, start: number): number {
  const end = start + PIECE;
  const last = text.charCodeAt(end - 1);
  return last >= 0xd800 && last <= 0xdbff ? end + 1 : end;
}
