import {
  editFlags,
  type FlagChange,
  isFlagEdit,
  lineAt,
  lineCount,
  type Proposal,
} from "#formats/editing/index.js";
import { type ConfigurationEditor, type ConfigurationTree, err } from "#model/index.js";
import { findFiles } from "./files.js";
import { notOfK3s } from "./messages.js";
import { readK3s } from "./read.js";

/**
 * Edits the flags of k3s where its reader finds them: a value in `config.yaml` or a drop-in, or a word of a unit's command line. A
 * flag that is nowhere is added to the first of these files.
 *
 * @example editK3s(tree, "etc/rancher/k3s/config.yaml", [{ kind: "flannel-backend", backend: "host-gw" }])
 */
export const editK3s: ConfigurationEditor = (tree, path, edits) => {
  const foreign = edits.find((edit) => !isFlagEdit(edit));
  if (foreign !== undefined) return err({ edit: foreign, ...notOfK3s(path, foreign.kind) });
  return editFlags({ read: readK3s, propose }, { tree, path, edits: edits.filter(isFlagEdit) });
};

/** First where the flag's own name stands on the line or above it, then wherever the value is a whole word. */
function propose(tree: ConfigurationTree, path: string, change: FlagChange): readonly Proposal[] {
  const { yaml, unit, environment } = findFiles(tree, path);
  if (change.from === null) return additions(tree, { yaml, unit, change });
  const words = [...unit, ...yaml, ...environment].flatMap((file) =>
    wordsIn(tree.read(file) ?? "", change).map(({ start, isNamed }) => ({ file, start, isNamed })),
  );
  const ordered = [...words.filter(({ isNamed }) => isNamed), ...words.filter(({ isNamed }) => !isNamed)];
  const length = change.from.length;
  return ordered.map(({ file, start }) => [{ path: file, start, end: start + length, text: change.to }]);
}

interface Word {
  readonly start: number;
  /** Whether the name of the flag stands before it, and no other flag between. */
  readonly isNamed: boolean;
}

function wordsIn(text: string, change: FlagChange): readonly Word[] {
  const { from, flag } = change;
  const words: Word[] = [];
  if (from === null) return words;
  for (let at = text.indexOf(from); at !== -1; at = text.indexOf(from, at + 1)) {
    const before = text.slice(0, at);
    const isInside = /[\w.-]$/.test(before) || /^(?:[\w-]|\.\d)/.test(text.slice(at + from.length));
    if (!isInside) words.push({ start: at, isNamed: new RegExp(`${flag}\\+?[^a-z]*$`).test(before) });
  }
  return words;
}

function additions(
  tree: ConfigurationTree,
  given: { readonly yaml: readonly string[]; readonly unit: readonly string[]; readonly change: FlagChange },
): readonly Proposal[] {
  const { flag, to } = given.change;
  return [
    ...given.yaml.map((file) => appendLine(file, tree.read(file) ?? "", `${flag}: ${to}`)),
    ...given.unit.toReversed().flatMap((file) => appendWord(file, tree.read(file) ?? "", `--${flag}=${to}`)),
  ];
}

function appendLine(path: string, text: string, line: string): Proposal {
  const eol = text.includes("\r\n") ? "\r\n" : "\n";
  const gap = text === "" || text.endsWith("\n") ? "" : eol;
  return [{ path, start: text.length, end: text.length, text: `${gap}${line}${eol}` }];
}

/** Behind the last word of the command, which goes on as long as its lines end in a backslash. */
function appendWord(path: string, text: string, word: string): readonly Proposal[] {
  const proposals: Proposal[] = [];
  for (let number = 1; number <= lineCount(text); number++) {
    const first = lineAt(text, number);
    if (first === null || !/^\s*ExecStart\s*=\s*\S/.test(first.text)) continue;
    let last = first;
    for (let next = number + 1; last.text.endsWith("\\"); next++)
      last = lineAt(text, next) ?? { ...last, text: "" };
    const end = last.start + last.text.trimEnd().length;
    proposals.unshift([{ path, start: end, end, text: ` ${word}` }]);
  }
  return proposals;
}
