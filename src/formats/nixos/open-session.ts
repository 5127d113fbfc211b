import type { ConfigurationTree, Issue } from "#model/index.js";
import { buildPrelude, type Prelude } from "./builtins.js";
import { evaluate } from "./evaluate.js";
import { parseNix } from "./parse.js";
import { folderOf } from "./paths.js";
import { MOST_STEPS, type Session } from "./session.js";
import { delay, force, type Thunk, unknown, type Value } from "./value.js";

/** An evaluation of one host's files, and the library that its files see. */
export interface OpenSession {
  readonly session: Session;
  readonly prelude: Prelude;
}

/** Opens an evaluation over a tree; each file is parsed and evaluated at most once. */
export function openSession(tree: ConfigurationTree): OpenSession {
  const files = new Map<string, Thunk>();
  const issues: Issue[] = [];
  const session: Session = {
    evaluate,
    read: tree.read,
    budget: { steps: MOST_STEPS, depth: 0, isSpent: false },
    issues,
    load: (path) => {
      const thunk = files.get(path) ?? delay(() => loadFile(path, tree, { session, prelude }));
      files.set(path, thunk);
      return force(thunk);
    },
  };
  const prelude = buildPrelude(session);
  return { session, prelude };
}

/** The path of the file that an import of `path` reads: itself, or the `default.nix` of a folder; null where there is none. */
export function importedFile(path: string, tree: Pick<ConfigurationTree, "read">): string | null {
  const inFolder = path === "." ? "default.nix" : `${path.replace(/\/$/, "")}/default.nix`;
  if (path.endsWith(".nix") && tree.read(path) !== null) return path;
  if (tree.read(inFolder) !== null) return inFolder;
  return path !== "." && tree.read(path) !== null ? path : null;
}

function loadFile(path: string, tree: ConfigurationTree, { session, prelude }: OpenSession): Value {
  const file = importedFile(path, tree);
  const text = file === null ? null : tree.read(file);
  if (file === null || text === null) return unknown(`there is no file \`${path}\``);
  const parsed = parseNix(text, file);
  if (!parsed.ok) {
    session.issues.push(parsed.error);
    return unknown(`\`${file}\` was not read`);
  }
  const { expression, positions } = parsed.value;
  return evaluate(expression, {
    session,
    positions,
    folder: folderOf(file),
    names: prelude.names,
    parent: null,
    fallback: null,
  });
}
