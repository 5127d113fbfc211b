import { z } from "zod";
import type { YamlTree } from "#formats/yaml/index.js";
import type { Issue } from "#model/index.js";
import { keySourceAt, nodeAt, type PathStep, sourceAt } from "./located-value.js";
import type { DocumentMessages } from "./messages.js";

type SchemaIssue = z.core.$ZodIssue;

/** How a document is called in messages. */
export interface DocumentKind {
  readonly say: DocumentMessages;
  /** `the fleet file`. */
  readonly name: string;
  /** What is expected where a value fits no member of the union at a path. */
  readonly unionAt: (path: readonly PathStep[]) => string;
}

/** A value that was checked, with its places. */
interface CheckedValue extends DocumentKind {
  readonly tree: YamlTree;
  /** The whole value that was checked. */
  readonly value: unknown;
  readonly schema: z.core.$ZodType;
}

interface Place extends CheckedValue {
  /** Where the union stands whose member gave the issue; issues inside it have paths relative to it. */
  readonly base: readonly PathStep[];
}

/** Turns what the schema found into issues that have a place in the file. */
export function schemaIssues(checked: CheckedValue, found: readonly SchemaIssue[]): readonly Issue[] {
  return found.flatMap((issue) => toIssues({ ...checked, base: [] }, issue));
}

function toIssues(place: Place, issue: SchemaIssue): readonly Issue[] {
  const path = [...place.base, ...issue.path.map(toStep)];
  const source = sourceAt(place.tree, path);
  const value = valueAt(place.value, path);
  switch (issue.code) {
    case "unrecognized_keys":
      return issue.keys.map((key) =>
        place.say.unknownKey(keySourceAt(place.tree, [...path, key]), key, knownKeys(place.schema, path)),
      );
    case "invalid_type":
      return [
        isMissing(place, path)
          ? missingKey(place, path)
          : place.say.wrongValue(source, kindOf(issue.expected), value),
      ];
    case "invalid_value": {
      const isAbsent = isMissing(place, path);
      return [
        isAbsent ? missingKey(place, path) : place.say.wrongChoice(source, issue.values.map(String), value),
      ];
    }
    case "too_small":
      return [place.say.wrongValue(source, atLeast(issue), value)];
    case "too_big":
      return [place.say.wrongValue(source, `at most ${issue.maximum}`, value)];
    case "invalid_key":
      return [
        place.say.wrongKey(
          keySourceAt(place.tree, path),
          issue.issues[0]?.message ?? "a name",
          String(path.at(-1)),
        ),
      ];
    case "invalid_union":
      return unionIssues({ ...place, base: path }, issue.errors);
    default:
      return [place.say.wrongValue(source, issue.message, value)];
  }
}

/** Of a union's members, the one that fits the kind of value that was found; its complaints are the helpful ones. */
function unionIssues(place: Place, members: readonly (readonly SchemaIssue[])[]): readonly Issue[] {
  const fitting = members.filter(
    (issues) => !issues.some((one) => one.code === "invalid_type" && one.path.length === 0),
  );
  const best = fitting[0];
  if (best !== undefined) return best.flatMap((issue) => toIssues(place, issue));
  const value = valueAt(place.value, place.base);
  return [place.say.wrongValue(sourceAt(place.tree, place.base), place.unionAt(place.base), value)];
}

function isMissing(place: Place, path: readonly PathStep[]): boolean {
  return path.length > 0 && nodeAt(place.tree, path) === null;
}

function missingKey(place: Place, path: readonly PathStep[]): Issue {
  const parent = path.slice(0, -1);
  const where = parent.length === 0 ? place.name : `\`${parent.join(".")}\``;
  return place.say.missingKey(keySourceAt(place.tree, parent), String(path.at(-1)), where);
}

function toStep(step: PropertyKey): PathStep {
  return typeof step === "symbol" ? String(step) : step;
}

function valueAt(value: unknown, path: readonly PathStep[]): unknown {
  let found = value;
  for (const step of path) {
    if (typeof found !== "object" || found === null) return undefined;
    found = Reflect.get(found, step);
  }
  return found;
}

function kindOf(expected: string): string {
  switch (expected) {
    case "string":
      return "text";
    case "record":
    case "object":
      return "a mapping";
    case "array":
      return "a list";
    case "int":
    case "number":
      return "a whole number";
    default:
      return expected;
  }
}

function atLeast(issue: z.core.$ZodIssueTooSmall): string {
  if (issue.origin === "array") return "a list with at least one entry";
  return issue.origin === "string" ? "some text" : `at least ${issue.minimum}`;
}

/** The keys that a mapping at this path may have. */
function knownKeys(schema: z.core.$ZodType, path: readonly PathStep[]): readonly string[] {
  if (schema instanceof z.ZodOptional) return knownKeys(schema.unwrap(), path);
  if (schema instanceof z.ZodUnion) return schema.options.flatMap((option) => knownKeys(option, path));
  const [step, ...rest] = path;
  if (schema instanceof z.ZodObject) {
    if (step === undefined) return Object.keys(schema.shape).filter((key) => key !== "$schema");
    const inner: z.core.$ZodType | undefined = schema.shape[String(step)];
    return inner === undefined ? [] : knownKeys(inner, rest);
  }
  if (step === undefined) return [];
  if (schema instanceof z.ZodRecord) return knownKeys(schema.valueType, rest);
  return schema instanceof z.ZodArray ? knownKeys(schema.element, rest) : [];
}
