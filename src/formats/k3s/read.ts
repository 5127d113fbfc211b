import { parseYaml, type YamlProblem } from "#formats/yaml/index.js";
import {
  type ConfigurationTree,
  emptyConfiguration,
  type HostConfiguration,
  type Issue,
} from "#model/index.js";
import { assemble } from "./assemble.js";
import { type FoundFiles, findFiles } from "./files.js";
import { type K3sIssueCode, k3sIssue } from "./messages.js";
import { type FlagValue, type NodeSettings, overlayFile } from "./settings.js";
import {
  environmentValues,
  readEnvironmentFile,
  readUnit,
  type UnitSettings,
  type UnitText,
} from "./unit.js";

/**
 * Reads what the files at a path say of k3s on one node. The path is a `config.yaml` (its `config.yaml.d/*.yaml` are read with it), a folder
 * with one, a systemd unit (with its drop-ins and, where it lies beside it, its environment file) or an environment file.
 * k3s's precedence: environment, then `config.yaml`, then drop-ins in the order of their names, then the command line.
 *
 * @example readK3s(tree, "etc/rancher/k3s/config.yaml").k3s?.flannelBackend // "host-gw"
 */
export function readK3s(tree: ConfigurationTree, path: string): HostConfiguration {
  const files = findFiles(tree, path);
  const first = files.yaml[0] ?? files.unit[0] ?? files.environment[0];
  if (first === undefined) {
    const issue = k3sIssue("missing-file", { file: path, line: 1, column: 1 }, path);
    return { ...emptyConfiguration(), issues: [issue] };
  }
  return assemble(readSettings(tree, files), { file: first, line: 1, column: 1 });
}

function readSettings(tree: ConfigurationTree, files: FoundFiles): NodeSettings {
  const textOf = (file: string): UnitText => ({ file, text: tree.read(file) ?? "" });
  const config = readConfig(files.yaml.map(textOf));
  const unit: UnitSettings =
    files.unit.length === 0
      ? { role: null, values: [], environment: [], issues: [] }
      : readUnit(files.unit.map(textOf), (path) => environmentFileAt(tree, files, path));
  const own = files.environment.map(textOf).flatMap(readEnvironmentFile);
  const environment = [...environmentValues(own), ...unit.environment];
  const given = [...config.values, ...unit.values];
  return {
    role: unit.role,
    values: [...environment.filter(({ key }) => !given.some((value) => value.key === key)), ...given],
    issues: [...config.issues, ...unit.issues].slice(0, MAX_ISSUES),
  };
}

function environmentFileAt(tree: ConfigurationTree, files: FoundFiles, path: string): UnitText | null {
  const name = path.slice(path.lastIndexOf("/") + 1);
  const unit = files.unit[0] ?? "";
  const beside = unit.slice(0, unit.lastIndexOf("/") + 1) + name;
  for (const file of [path.replace(/^\/+/, ""), beside]) {
    const text = file === "" || files.environment.includes(file) ? null : tree.read(file);
    if (text !== null) return { file, text };
  }
  return files.environment.includes(beside) ? { file: beside, text: "" } : null;
}

const PROBLEM_CODES: Readonly<Record<YamlProblem["kind"], K3sIssueCode>> = {
  syntax: "yaml-syntax",
  size: "yaml-size",
  duplicate: "duplicate-key",
};

function readConfig(texts: readonly UnitText[]): {
  readonly values: readonly FlagValue[];
  readonly issues: readonly Issue[];
} {
  const issues: Issue[] = [];
  let flags: ReadonlyMap<string, readonly FlagValue[]> = new Map();
  for (const { file, text } of texts) {
    const { tree, problems } = parseYaml(text, file);
    for (const problem of problems) {
      issues.push(k3sIssue(PROBLEM_CODES[problem.kind], problem.source, problem.message));
    }
    if (tree !== null) flags = overlayFile(flags, tree, issues);
  }
  return { values: [...flags.values()].flat(), issues };
}

/** Enough to correct a file; a file with more is no configuration. */
const MAX_ISSUES = 1000;
