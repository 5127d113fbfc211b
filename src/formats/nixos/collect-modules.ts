import type { ConfigurationTree, Source } from "#model/index.js";
import { markOf } from "./lib-modules.js";
import { missingImportIssue, notAModuleIssue } from "./messages.js";
import { importedFile, type OpenSession } from "./open-session.js";
import {
  attributes,
  delay,
  describe,
  type Entry,
  entryOf,
  type FunctionValue,
  forced,
  NO_ATTRIBUTES,
  text,
  unknown,
  type Value,
} from "./value.js";

/** One module after its function is called: what it sets, what it declares. */
export interface NixModule {
  readonly config: Entry;
  readonly options: Entry;
}

/** What modules are given: the merged configuration, and the values of `_module.args`. */
interface ModuleArguments {
  readonly config: Entry;
  /** A value of `_module.args`, or null where no module sets it. */
  readonly given: (name: string) => Value | null;
}

interface Collection {
  readonly open: OpenSession;
  readonly tree: ConfigurationTree;
  readonly given: ModuleArguments;
  readonly seen: Set<string>;
  readonly queue: Entry[];
}

const MOST_MODULES = 5000;
const MOST_CALLS = 3;
/** Stands for the folder of nixpkgs' own modules. */
const MODULES_PATH = "/nixpkgs/nixos/modules";
/** Modules of nixpkgs that hosts import and that say nothing of the network. */
const SILENT_MODULES: ReadonlySet<string> = new Set([
  "installer/scan/not-detected.nix",
  "profiles/headless.nix",
  "profiles/minimal.nix",
  "profiles/qemu-guest.nix",
  "profiles/hardened.nix",
  "profiles/perlless.nix",
]);
const NOT_CONFIG: ReadonlySet<string> = new Set([
  "imports",
  "options",
  "config",
  "disabledModules",
  "_file",
  "_class",
  "key",
  "meta",
  "require",
  "freeformType",
]);

/**
 * Reads a module and all it imports. The order is that of lib/modules.nix: breadth first, then reversed, so that the
 * lists of imported modules come before those of the importing one.
 */
export function collectModules(
  root: Entry,
  context: { readonly open: OpenSession; readonly tree: ConfigurationTree; readonly given: ModuleArguments },
): readonly NixModule[] {
  const collection: Collection = { ...context, seen: new Set(), queue: [root] };
  const modules: NixModule[] = [];
  for (
    let next = collection.queue.shift();
    next !== undefined && modules.length < MOST_MODULES;
    next = collection.queue.shift()
  ) {
    const found = readModule(next, collection);
    if (found !== null) modules.push(found);
  }
  return modules.reverse();
}

function readModule(entry: Entry, collection: Collection): NixModule | null {
  const source = entry.source ?? { file: "", line: 1, column: 1 };
  const { issues } = collection.open.session;
  const reference = forced(entry);
  const target = pathOf(reference);
  if (target !== null && isSilent(target)) return null;
  const value = target === null ? reference : loadModule(target, collection);
  if (value === null) return null;
  const called = callModule(value, collection);
  if (called.kind === "attributes") return splitModule(called, source, collection);
  if (called.kind !== "unknown") issues.push(notAModuleIssue(describe(called), source));
  else if (!isReported(called.reason, collection))
    issues.push(
      missingImportIssue(
        target === null ? `whose value is not known: ${called.reason}` : `\`${target}\`: ${called.reason}`,
        source,
      ),
    );
  return null;
}

/** A file that does not parse has its own issue already. */
function isReported(reason: string, { open }: Collection): boolean {
  return open.session.issues.some(
    ({ source }) => source !== null && reason === `\`${source.file}\` was not read`,
  );
}

function pathOf(value: Value): string | null {
  if (value.kind === "path") return value.text;
  return value.kind === "string" && value.text.startsWith("/") && value.holes.length === 0
    ? value.text
    : null;
}

function isSilent(path: string): boolean {
  const inside = path.replace(/^<nixpkgs\/nixos\/modules\/(.*)>$/, `${MODULES_PATH}/$1`);
  return inside.startsWith(`${MODULES_PATH}/`) && SILENT_MODULES.has(inside.slice(MODULES_PATH.length + 1));
}

function loadModule(path: string, { open, tree, seen }: Collection): Value | null {
  if (/^[/~<]/.test(path)) return unknown("it is not in the configuration tree");
  const file = importedFile(path, tree);
  if (file === null) return unknown("there is no such file in the configuration tree");
  if (seen.has(file)) return null;
  seen.add(file);
  return open.session.load(file);
}

function callModule(value: Value, collection: Collection): Value {
  let result = value;
  for (let calls = 0; result.kind === "function" && calls < MOST_CALLS; calls++) {
    result = result.call(argumentsFor(result, collection));
  }
  return result;
}

function argumentsFor(callee: FunctionValue, { open, given }: Collection): Entry {
  const { lib } = open.prelude;
  const pkgs = attributes([["lib", lib]], (name) =>
    unknown(`\`pkgs.${name}\` is not evaluated by the static reader`),
  );
  const entries = new Map<string, Entry>([
    ["config", given.config],
    ["lib", lib],
    ["pkgs", entryOf(pkgs)],
    ["modulesPath", entryOf(text(MODULES_PATH))],
  ]);
  const outside = (name: string): ReturnType<typeof unknown> =>
    unknown(`the argument \`${name}\` is given from outside of the files read`);
  for (const { name, fallback } of callee.parameter?.formals ?? []) {
    if (entries.has(name) || fallback !== null) continue;
    entries.set(name, { thunk: delay(() => given.given(name) ?? outside(name)), source: null });
  }
  return entryOf(attributes(entries, outside));
}

function splitModule(
  value: Extract<Value, { kind: "attributes" }>,
  source: Source,
  collection: Collection,
): NixModule {
  const none = entryOf(NO_ATTRIBUTES, source);
  if (markOf(value) !== null) return { config: entryOf(value, source), options: none };
  queueImports(value.entries.get("imports") ?? value.entries.get("require"), collection);
  const options = value.entries.get("options") ?? none;
  const config = value.entries.get("config");
  if (config !== undefined || value.entries.has("options")) return { config: config ?? none, options };
  const rest = [...value.entries].filter(([name]) => !NOT_CONFIG.has(name));
  return { config: entryOf(attributes(rest, value.rest), source), options };
}

function queueImports(imports: Entry | undefined, { open, queue }: Collection): void {
  if (imports === undefined) return;
  const value = forced(imports);
  const source = imports.source ?? { file: "", line: 1, column: 1 };
  const why = value.kind === "list" ? value.rest : value.kind === "unknown" ? value : null;
  if (why !== null)
    open.session.issues.push(missingImportIssue(`list whose value is not known: ${why.reason}`, source));
  if (value.kind === "list") queue.push(...value.items);
}
