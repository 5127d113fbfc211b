import type { FlagChange, Proposal } from "#formats/editing/index.js";
import type { ConfigurationTree } from "#model/index.js";
import { readFiles } from "./edit-files.js";
import { insertItemInto, insertOption, listOfOne } from "./edit-insert.js";
import { literalSplices } from "./edit-literals.js";
import type { NixBinding, NixSource } from "./edit-source.js";

const EXTRA_FLAGS: readonly string[] = ["services", "k3s", "extraFlags"];

/** Ways to give k3s another flag: the value where it stands as a literal, else a new flag among the others. */
export function proposeFlags(tree: ConfigurationTree, path: string, change: FlagChange): readonly Proposal[] {
  const sources = readFiles(tree, path, null);
  const bindings = sources.flatMap((source) => flagBindings(source).map((binding) => ({ source, binding })));
  const { flag, from, to } = change;
  if (from !== null) {
    const [first] = bindings;
    const near = {
      path: first?.source.path ?? path,
      start: first?.binding.start ?? 0,
      end: first?.binding.semicolon ?? 0,
    };
    return literalSplices(sources, { kind: "word", from, to }, near).map((splice) => [splice]);
  }
  const added = `--${flag}=${to}`;
  const among = bindings.flatMap(({ source, binding }) => {
    const way = insertItemInto(source, binding, `"${added}"`) ?? insertIntoText(source, binding, added);
    return way === null ? [] : [way];
  });
  return [...among, ...insertOption(sources, EXTRA_FLAGS, listOfOne(`"${added}"`))];
}

function flagBindings(source: NixSource): readonly NixBinding[] {
  return source.bindings.filter(({ path }) => path.join(".") === EXTRA_FLAGS.join("."));
}

/** Behind the last word of a string, on a line of its own where the words have lines of their own. */
function insertIntoText(source: NixSource, binding: NixBinding, added: string): Proposal | null {
  const { path, text, tokens } = source;
  const closing = tokens.findLast(({ kind, at }) => kind === "string-close" && at < binding.semicolon);
  const opening = tokens.find(({ kind, at }) => kind === "string-open" && at >= binding.valueStart);
  if (closing === undefined || opening === undefined || closing.at < opening.at) return null;
  const inside = text.slice(0, closing.at);
  const end = inside.trimEnd().length;
  const first = tokens[tokens.indexOf(opening) + 1];
  if (first === undefined || end <= opening.at + opening.text.length)
    return [{ path, start: first?.at ?? closing.at, end: first?.at ?? closing.at, text: added }];
  const lineStart = text.lastIndexOf("\n", end - 1) + 1;
  const isOwnLine = lineStart > opening.at && inside.slice(end).includes("\n");
  const indent = /^[ \t]*/.exec(text.slice(lineStart, end))?.[0] ?? "";
  return [{ path, start: end, end, text: isOwnLine ? `\n${indent}${added}` : ` ${added}` }];
}
