import { mergeYamlTrees, parseYaml, type YamlProblem, type YamlTree } from "#formats/yaml/index.js";
import {
  type ConfigurationTree,
  emptyConfiguration,
  type HostConfiguration,
  type Issue,
} from "#model/index.js";
import { convertNetplan } from "./convert.js";
import { type NetplanIssueCode, netplanIssue } from "./messages.js";
import { parseNetplan } from "./parse.js";

/**
 * Reads a netplan file, or all `*.yaml` of a folder merged in the order of their names as netplan-generate(8) does, as what a cold
 * boot with them does.
 *
 * @example readNetplan(tree, "etc/netplan").steps // link-up eth0, address-add 10.0.0.2/24, ...
 */
export function readNetplan(tree: ConfigurationTree, path: string): HostConfiguration {
  const files = filesAt(tree, path);
  if (files.length === 0) {
    const issue = netplanIssue("missing-file", { file: path, line: 1, column: 1 }, [path]);
    return { ...emptyConfiguration(), issues: [issue] };
  }
  const issues: Issue[] = [];
  let merged: YamlTree | null = null;
  for (const file of files) {
    const { tree: next, problems } = parseYaml(tree.read(file) ?? "", file);
    for (const problem of problems) issues.push(problemIssue(problem));
    if (next !== null) merged = merged === null ? next : mergeYamlTrees(merged, next);
  }
  if (merged === null) return { ...emptyConfiguration(), issues };
  const converted = convertNetplan(parseNetplan(merged));
  return { ...converted, issues: cutIssues([...issues, ...converted.issues]) };
}

/** The netplan files at a path, in the order in which they are merged; empty where there is none. */
export function filesAt(tree: ConfigurationTree, path: string): readonly string[] {
  if (tree.read(path) !== null) return [path];
  const folder = path.replace(/\/+$/, "");
  const depth = folder === "" || folder === "." ? 1 : folder.split("/").length + 1;
  return tree
    .list(path)
    .filter((file) => file.endsWith(".yaml") && file.split("/").length === depth)
    .sort((a, b) => (a < b ? -1 : 1));
}

const PROBLEM_CODES: Readonly<Record<YamlProblem["kind"], NetplanIssueCode>> = {
  syntax: "yaml-syntax",
  size: "yaml-size",
  duplicate: "duplicate-key",
};

function problemIssue(problem: YamlProblem): Issue {
  return netplanIssue(PROBLEM_CODES[problem.kind], problem.source, [problem.message]);
}

/** Enough to correct a file; a file with more is no configuration. */
const MAX_ISSUES = 1000;

function cutIssues(issues: readonly Issue[]): readonly Issue[] {
  const source = issues[MAX_ISSUES]?.source ?? null;
  if (source === null) return issues;
  return [...issues.slice(0, MAX_ISSUES), netplanIssue("too-many", source, [String(MAX_ISSUES)])];
}
