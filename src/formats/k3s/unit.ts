import {
  MAX_UNIT_LENGTH,
  parseUnitFile,
  splitWords,
  type UnitEntry,
  type UnitFile,
  type UnitWord,
} from "#formats/systemd/index.js";
import type { Issue, K3sFlagWord } from "#model/index.js";
import { readCommand } from "./command.js";
import { k3sIssue } from "./messages.js";
import type { FlagValue, NodeSettings } from "./settings.js";

/** Variables that stand for a flag when the flag itself is not given; https://docs.k3s.io/cli/server. */
const VARIABLE_FLAGS: ReadonlyMap<string, string> = new Map([
  ["K3S_URL", "server"],
  ["K3S_CLUSTER_INIT", "cluster-init"],
  ["K3S_DATASTORE_ENDPOINT", "datastore-endpoint"],
]);

interface Variable {
  readonly name: string;
  readonly value: string;
  readonly word: UnitWord;
}

/** What one unit with its drop-ins says: flags of the command, the word that gives the role, and values from the environment. */
export interface UnitSettings extends NodeSettings {
  readonly environment: readonly FlagValue[];
}

/** One file that belongs to a unit: the unit, or a drop-in, in the order in which systemd reads them. */
export interface UnitText {
  readonly file: string;
  readonly text: string;
}

/** Reads a unit and its drop-ins. `readFile` gives the text of an environment file, or null where it is not among the files. */
export function readUnit(
  texts: readonly UnitText[],
  readFile: (path: string) => UnitText | null,
): UnitSettings {
  const issues: Issue[] = [];
  const entries = texts.flatMap(({ file, text }) =>
    serviceEntries(parseUnitFile(text, file), { file, text }, issues),
  );
  const variables = readVariables(entries, readFile, issues);
  const command = lastCommand(entries);
  if (command === null) {
    const source = { file: texts[0]?.file ?? "", line: 1, column: 1 };
    if (variables.length === 0) issues.push(k3sIssue("no-command", source, "no command"));
    return { role: null, values: [], environment: environmentValues(variables), issues };
  }
  const words = splitWords(command).map((word) => expand(word, variables));
  const program = (words[0]?.text ?? "").replace(/^[-@:+!|]+/, "");
  if (!/(?:^|\/)k3s(?:-server|-agent)?$/.test(program)) {
    issues.push(k3sIssue("no-command", command.source, `\`${program}\``));
    return { role: null, values: [], environment: environmentValues(variables), issues };
  }
  return {
    role: roleOf(program, words),
    values: readCommand(words.slice(1)),
    environment: environmentValues(variables),
    issues,
  };
}

function serviceEntries(unit: UnitFile, given: UnitText, issues: Issue[]): readonly UnitEntry[] {
  if (given.text.length > MAX_UNIT_LENGTH) {
    issues.push(k3sIssue("text-too-long", { file: given.file, line: 1, column: 1 }, String(MAX_UNIT_LENGTH)));
  }
  issues.push(
    ...unit.malformed
      .slice(0, MAX_MALFORMED)
      .map(({ text, source }) => k3sIssue("malformed-line", source, text)),
  );
  return unit.sections
    .filter(({ name }) => name === "Service" || name === "")
    .flatMap(({ entries }) => entries);
}

/** More lines than these are no unit file at all. */
const MAX_MALFORMED = 100;

function lastCommand(entries: readonly UnitEntry[]): UnitEntry | null {
  const last = entries.filter(({ key }) => key === "ExecStart").at(-1) ?? null;
  return last === null || last.value === "" ? null : last;
}

function roleOf(program: string, words: readonly K3sFlagWord[]): K3sFlagWord | null {
  const word = words[1];
  if (word !== undefined && (word.text === "server" || word.text === "agent")) return word;
  const byName = /-(server|agent)$/.exec(program)?.[1];
  const first = words[0];
  return byName === undefined || first === undefined ? null : { text: byName, source: first.source };
}

/** `Environment=` adds to what stands before, an empty one forgets it; files are read last and go before both, as in systemd.exec(5). */
function readVariables(
  entries: readonly UnitEntry[],
  readFile: (path: string) => UnitText | null,
  issues: Issue[],
): readonly Variable[] {
  const assignments = entries.filter(({ key }) => key === "Environment");
  const reset = assignments.findLastIndex(({ value }) => value === "");
  const written = assignments.slice(reset + 1).flatMap((entry) => splitWords(entry).flatMap(readAssignment));
  const files = entries.filter(({ key, value }) => key === "EnvironmentFile" && value !== "");
  const fromFiles = files.flatMap((entry) => {
    const file = readFile(entry.value.replace(/^-/, ""));
    if (file !== null) return readEnvironmentFile(file);
    if (!entry.value.startsWith("-"))
      issues.push(k3sIssue("environment-not-read", entry.source, entry.value));
    return [];
  });
  return [...written, ...fromFiles];
}

function readAssignment(word: UnitWord): readonly Variable[] {
  const equals = word.text.indexOf("=");
  if (equals <= 0) return [];
  return [{ name: word.text.slice(0, equals), value: word.text.slice(equals + 1), word }];
}

/** Reads `NAME=value` lines as systemd does for `EnvironmentFile=`. */
export function readEnvironmentFile(given: UnitText): readonly Variable[] {
  const { sections } = parseUnitFile(given.text, given.file);
  return sections.flatMap(({ entries }) =>
    entries.flatMap((entry) => {
      const text = splitWords(entry)
        .map((word) => word.text)
        .join(" ");
      return [
        { name: entry.key.replace(/^export\s+/, ""), value: text, word: { text, source: entry.source } },
      ];
    }),
  );
}

/** The values that the environment gives, for flags that nothing else sets. */
export function environmentValues(variables: readonly Variable[]): readonly FlagValue[] {
  return variables.flatMap(({ name, value, word }) => {
    const key = VARIABLE_FLAGS.get(name);
    return key === undefined || value === "" ? [] : [{ key, value, source: word.source }];
  });
}

/** Puts `$NAME` and `${NAME}` in; a variable that no file sets leaves the word unknown. */
function expand(word: UnitWord, variables: readonly Variable[]): K3sFlagWord {
  const missing: string[] = [];
  const text = word.text.replace(/\$(?:\{(\w+)\}|(\w+))/g, (whole, braced?: string, bare?: string) => {
    const name = braced ?? bare ?? "";
    const variable = variables.findLast((each) => each.name === name);
    if (variable === undefined) missing.push(name);
    return variable?.value ?? whole;
  });
  if (missing.length === 0) return { text, source: word.source };
  return {
    text,
    source: word.source,
    unknownBecause: `the variable \`${missing[0] ?? ""}\` is set by none of the files`,
  };
}
