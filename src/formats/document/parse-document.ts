import type { z } from "zod";
import { parseYaml, type YamlProblem, type YamlTree } from "#formats/yaml/index.js";
import { err, type Issue, ok, type Result } from "#model/index.js";
import { plainValue } from "./located-value.js";
import type { DocumentMessages } from "./messages.js";
import { type DocumentKind, schemaIssues } from "./schema-issues.js";

/** More mistakes than a person mends at once. */
const MAX_ISSUES = 50;

/** A document whose shape is right, and the tree that has the places of its values. */
export interface ParsedDocument<Document> {
  readonly document: Document;
  readonly tree: YamlTree;
}

/** Reads a YAML text against a schema. All or nothing: with one mistake there is no document. Never throws. */
export function parseDocument<Document>(
  given: { readonly text: string; readonly file: string; readonly empty: Issue },
  schema: z.ZodType<Document>,
  kind: DocumentKind,
): Result<ParsedDocument<Document>, readonly Issue[]> {
  const { say } = kind;
  const { tree, problems } = parseYaml(given.text, given.file);
  if (problems.length > 0)
    return err(
      limitIssues(
        problems.map((problem) => yamlIssue(problem, say)),
        say,
      ),
    );
  if (tree === null) return err([given.empty]);
  const unreadable = unreadableKeys(tree, say);
  if (unreadable.length > 0) return err(limitIssues(unreadable, say));
  const value = plainValue(tree);
  // The words are ours; and zod's own throw on a value with a key `constructor`.
  const checked = schema.safeParse(value, { error: (issue) => issue.code });
  if (checked.success) return ok({ document: checked.data, tree });
  return err(limitIssues(schemaIssues({ ...kind, tree, value, schema }, checked.error.issues), say));
}

/** As many issues as a person mends at once, and how many more there are. */
export function limitIssues(issues: readonly Issue[], say: DocumentMessages): readonly Issue[] {
  const shown = issues.slice(0, MAX_ISSUES);
  const source = issues[MAX_ISSUES]?.source;
  return source ? [...shown, say.more(source, issues.length - MAX_ISSUES)] : shown;
}

/** zod leaves out the key `__proto__` without a word, so it is told of before. */
function unreadableKeys(tree: YamlTree, say: DocumentMessages): readonly Issue[] {
  if (tree.kind === "scalar") return [];
  if (tree.kind === "list") return tree.items.flatMap((item) => unreadableKeys(item, say));
  return tree.entries.flatMap(({ key, source, value }) => [
    ...(key === "__proto__" ? [say.unreadableKey(source, key)] : []),
    ...unreadableKeys(value, say),
  ]);
}

function yamlIssue(problem: YamlProblem, say: DocumentMessages): Issue {
  return problem.kind === "duplicate"
    ? say.duplicateKey(problem.source, problem.message)
    : say.yaml(problem.source, problem.message);
}
