import type { ConfigurationTree, EditedFile } from "#model/index.js";

/** Texts by their paths. */
export type Files = Readonly<Record<string, string>>;

/** A tree in memory. */
export function treeOf(files: Files): ConfigurationTree {
  const map = new Map(Object.entries(files));
  return {
    read: (path) => map.get(path) ?? null,
    list: (folder) => [...map.keys()].filter((path) => path.startsWith(`${folder}/`)).sort(),
  };
}

/** The files with the edited ones in their places. */
export function withEdits(files: Files, edited: readonly EditedFile[]): Files {
  return { ...files, ...Object.fromEntries(edited.map(({ path, text }) => [path, text])) };
}

/** The same files with the line breaks of DOS. */
export function withCarriageReturns(files: Files): Files {
  return Object.fromEntries(
    Object.entries(files).map(([path, text]) => [path, text.replaceAll("\n", "\r\n")]),
  );
}

/** Cuts pieces out of the files and puts others in. */
export function damage(files: Files, cuts: readonly (readonly [number, number, string])[]): Files {
  return Object.fromEntries(
    Object.entries(files).map(([path, text]) => [
      path,
      cuts.reduce((damaged, [at, length, added]) => {
        const start = at % (damaged.length + 1);
        return damaged.slice(0, start) + added + damaged.slice(start + length);
      }, text),
    ]),
  );
}
