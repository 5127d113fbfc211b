import type { ConfigurationTree } from "#model/index.js";
import { type NixSource, readSource } from "./edit-source.js";
import { readNixos } from "./read.js";

/** The files that the reader opens for a module, with one of them first where it is named. */
export function readFiles(tree: ConfigurationTree, path: string, first: string | null): readonly NixSource[] {
  const texts = new Map<string, string>();
  const read = (file: string): string | null => {
    const text = tree.read(file);
    if (text !== null) texts.set(file, text);
    return text;
  };
  readNixos({ read, list: tree.list }, path);
  const sources = [...texts].map(([file, text]) => readSource(file, text));
  return [...sources.filter((each) => each.path === first), ...sources.filter((each) => each.path !== first)];
}
