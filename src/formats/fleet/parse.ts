import { parseYaml, type YamlProblem, type YamlTree } from "#formats/yaml/index.js";
import { err, type Fleet, type Issue, ok, type Result } from "#model/index.js";
import { convertFleet } from "./convert.js";
import { plainValue } from "./located-value.js";
import { message } from "./messages.js";
import { fleetSchema } from "./schema.js";
import { schemaIssues } from "./schema-issues.js";

/** More mistakes than a person mends at once. */
const MAX_ISSUES = 50;

/**
 * Reads `pointsman.yaml`. All or nothing: with one mistake there is no fleet, and each mistake has its place.
 *
 * @param file The name that the places carry.
 * @returns The fleet with what is worth a look (warnings, and what is not modelled), or what is wrong. Never throws.
 * @example parseFleet("version: 1\nname: home\nhosts: { a: { role: node } }\n", "pointsman.yaml")
 */
export function parseFleet(
  text: string,
  file: string,
): Result<{ readonly fleet: Fleet; readonly issues: readonly Issue[] }, readonly Issue[]> {
  const { tree, problems } = parseYaml(text, file);
  if (problems.length > 0) return err(limited(problems.map(yamlIssue)));
  if (tree === null) return err([message.empty({ file, line: 1, column: 1 })]);
  const unreadable = unreadableKeys(tree);
  if (unreadable.length > 0) return err(limited(unreadable));
  const value = plainValue(tree);
  // The words are ours; and zod's own throw on a value with a key `constructor`.
  const checked = fleetSchema.safeParse(value, { error: (issue) => issue.code });
  if (!checked.success) return err(limited(schemaIssues(tree, value, checked.error.issues)));
  const { fleet, issues } = convertFleet(checked.data, tree);
  const mistakes = issues.filter((issue) => issue.severity === "error");
  return mistakes.length > 0 ? err(limited(mistakes)) : ok({ fleet, issues });
}

/** zod leaves out the key `__proto__` without a word, so it is told of before. */
function unreadableKeys(tree: YamlTree): readonly Issue[] {
  if (tree.kind === "scalar") return [];
  if (tree.kind === "list") return tree.items.flatMap(unreadableKeys);
  return tree.entries.flatMap(({ key, source, value }) => [
    ...(key === "__proto__" ? [message.unreadableKey(source, key)] : []),
    ...unreadableKeys(value),
  ]);
}

function yamlIssue(problem: YamlProblem): Issue {
  return problem.kind === "duplicate"
    ? message.duplicateKey(problem.source, problem.message)
    : message.yaml(problem.source, problem.message);
}

function limited(issues: readonly Issue[]): readonly Issue[] {
  const shown = issues.slice(0, MAX_ISSUES);
  const source = issues[MAX_ISSUES]?.source;
  return source ? [...shown, message.more(source, issues.length - MAX_ISSUES)] : shown;
}
