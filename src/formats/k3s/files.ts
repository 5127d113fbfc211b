import type { ConfigurationTree } from "#model/index.js";

/** The files of one node by what they are, each list in the order in which k3s or systemd reads it. */
export interface FoundFiles {
  readonly yaml: readonly string[];
  readonly unit: readonly string[];
  readonly environment: readonly string[];
}

/** Finds the files that belong to a path, by their names; a file of an unknown kind is told by its text. */
export function findFiles(tree: ConfigurationTree, path: string): FoundFiles {
  const text = tree.read(path);
  if (text !== null) return fileWithDropIns(tree, path, text);
  const folder = path.replace(/\/+$/, "");
  const files = tree.list(path).map((file) => ({ file, name: nameBelow(folder, file) }));
  const named = (pattern: RegExp): readonly string[] =>
    files.filter(({ name }) => pattern.test(name)).map(({ file }) => file);
  const config = named(/^config\.ya?ml$/);
  const units = named(/^k3s[^/]*\.service$/);
  return {
    yaml: [...config, ...sorted(named(/^config\.ya?ml\.d\/[^/]+\.ya?ml$/))],
    unit: [...units.slice(0, 1), ...sorted(named(/^k3s[^/]*\.service\.d\/[^/]+\.conf$/))],
    environment: named(/^k3s[^/]*\.env$/),
  };
}

function nameBelow(folder: string, file: string): string {
  return folder === "" || folder === "." ? file : file.slice(folder.length + 1);
}

function fileWithDropIns(tree: ConfigurationTree, path: string, text: string): FoundFiles {
  const dropIns = (pattern: RegExp): readonly string[] =>
    sorted(
      tree
        .list(`${path}.d`)
        .filter((file) => pattern.test(file) && !file.slice(path.length + 3).includes("/")),
    );
  const none = { yaml: [], unit: [], environment: [] };
  switch (kindOf(path, text)) {
    case "yaml":
      return { ...none, yaml: [path, ...dropIns(/\.ya?ml$/)] };
    case "unit":
      return { ...none, unit: [path, ...dropIns(/\.conf$/)] };
    case "environment":
      return { ...none, environment: [path] };
  }
}

function kindOf(path: string, text: string): keyof FoundFiles {
  if (/\.ya?ml$/.test(path)) return "yaml";
  if (/\.(?:service|conf)$/.test(path)) return "unit";
  if (/\.env$/.test(path)) return "environment";
  return /^\s*(?:\[|ExecStart\s*=)/m.test(text) ? "unit" : "yaml";
}

function sorted(files: readonly string[]): readonly string[] {
  return [...files].sort((a, b) => (a < b ? -1 : 1));
}
