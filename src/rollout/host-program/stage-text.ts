import { err, ok, type Result } from "#model/index.js";
import type { CommandWords, PersistItem } from "../run-program.js";
import { unknownProgram, unwritableWord } from "./messages.js";

/** What the host program reads as its files `persist` and `file-N`. */
export interface StagedPersist {
  readonly persist: string;
  /** By name, `file-1` and so on: the text that is to lie at the item's path. */
  readonly files: ReadonlyMap<string, string>;
}

/** The programs of the first word: the host program refuses every other one when it is armed. */
const PROGRAMS: readonly string[] = ["ip", "bridge", "sysctl", "service-stop", "service-start"];

/**
 * Writes commands as the host program reads them: one a line, one TAB between words. A word that this cannot carry (empty, or with a TAB,
 * a line feed or a NUL) is an error in words; the host reads back exactly the words that went in.
 *
 * @example renderCommands([["ip", "link", "set", "e0", "up"]]) // "ip\tlink\tset\te0\tup\n"
 */
export function renderCommands(lines: readonly CommandWords[]): Result<string, string> {
  for (const [index, words] of lines.entries()) {
    if (!PROGRAMS.includes(words[0])) return err(unknownProgram(index + 1, PROGRAMS, words[0]));
    // A TAB separates words, and neighbouring ones are one to the shell: an empty word would vanish.
    const bad = words.find((word) => word === "" || /[\t\n\0]/.test(word));
    if (bad !== undefined) return err(unwritableWord(index + 1, bad));
  }
  return ok(lines.map((words) => `${words.join("\t")}\n`).join(""));
}

/**
 * Writes what is to be persisted as the host program reads it, with the texts of files apart. A control character or a backslash of a path
 * becomes a backslash escape: the host program refuses every path with a backslash, so such a path is refused there and means no other one.
 */
export function stagePersist(items: readonly PersistItem[]): StagedPersist {
  const files = new Map<string, string>();
  const lines = items.map((item) => {
    if (item.kind !== "file") return `${lineOf(item)}\n`;
    const name = `file-${files.size + 1}`;
    files.set(name, item.text);
    return `file\t${pathWord(item.path)}\t${item.before ?? "-"}\t${name}\n`;
  });
  return { persist: lines.join(""), files };
}

function lineOf(item: Exclude<PersistItem, { kind: "file" }>): string {
  switch (item.kind) {
    case "file-delete":
      return `file-delete\t${pathWord(item.path)}\t${item.before}`;
    case "nixos-system":
      return `nixos-system\t${pathWord(item.system)}`;
    case "check":
      return `check\t${item.platform}`;
  }
}

function pathWord(path: string): string {
  const escaped = JSON.stringify(path).slice(1, -1).replaceAll('\\"', '"');
  return escaped === "" ? "\\" : escaped.replaceAll("\u007f", "\\u007f");
}
