import type { Issue, Source } from "#model/index.js";
import { nearest } from "./nearest.js";

type Build = (code: string, source: Source, message: string, hint: string) => Issue;

/** What any document with a schema has to say. */
export type DocumentMessages = { readonly issue: Build } & ReturnType<typeof syntaxMessages> &
  ReturnType<typeof valueMessages>;

/** The texts of mistakes in the shape of a document; `kind`, such as `fleet`, stands before the slash of each code. */
export function documentMessages(kind: string): DocumentMessages {
  const issue: Build = (code, source, message, hint) => ({
    code: `${kind}/${code}`,
    severity: "error",
    message,
    source,
    hint,
  });
  return { issue, ...syntaxMessages(issue), ...valueMessages(issue) };
}

function syntaxMessages(issue: Build) {
  return {
    yaml: (source: Source, text: string): Issue =>
      issue("yaml", source, `${text}.`, "Mend the YAML at this place: nothing was read from the file."),
    duplicateKey: (source: Source, text: string): Issue =>
      issue(
        "duplicate-key",
        source,
        `${text.replace(/: the later one is taken$/, "")}.`,
        "Join the two entries or rename one.",
      ),
    unreadableKey: (source: Source, key: string): Issue =>
      issue(
        "unreadable-key",
        source,
        `Expected a name as a key, found ${showValue(key)}, which JavaScript keeps for itself.`,
        "Rename it.",
      ),
    more: (source: Source, count: number): Issue =>
      issue("more", source, `${count} more mistakes are not shown.`, "Mend those above first."),
  } as const;
}

function valueMessages(issue: Build) {
  return {
    unknownKey: (source: Source, key: string, known: readonly string[]): Issue =>
      issue(
        "unknown-key",
        source,
        `Expected one of the keys ${quoted(known)}, found ${showValue(key)}.`,
        didYouMean(key, known, "Remove the key or correct it."),
      ),
    missingKey: (source: Source, key: string, where: string): Issue =>
      issue(
        "missing-key",
        source,
        `Expected the key \`${key}\` in ${where}, found none.`,
        `Add \`${key}:\` with its value.`,
      ),
    wrongValue: (source: Source, expected: string, value: unknown): Issue =>
      issue(
        "wrong-value",
        source,
        `Expected ${expected}, found ${showValue(value)}.`,
        hintFor(expected, value),
      ),
    wrongChoice: (source: Source, choices: readonly string[], value: unknown): Issue =>
      issue(
        "wrong-value",
        source,
        `Expected ${choices.length === 1 ? "" : "one of "}${quoted(choices)}, found ${showValue(value)}.`,
        didYouMean(
          typeof value === "string" ? value : "",
          choices,
          "Write one of the values that are known.",
        ),
      ),
    wrongKey: (source: Source, expected: string, key: string): Issue =>
      issue("wrong-value", source, `Expected ${expected} as a key, found ${showValue(key)}.`, "Rename it."),
  } as const;
}

/** Names for a message: the first 20 in backticks, and how many more there are. */
export function quoted(names: readonly string[]): string {
  const shown = names.slice(0, 20).map((one) => `\`${one}\``);
  const rest = names.length - shown.length;
  return `${shown.join(", ")}${rest > 0 ? ` and ${rest} more` : ""}`;
}

/** A hint that begins with the name that was probably meant, where there is one. */
export function didYouMean(found: string, known: readonly string[], otherwise: string): string {
  const meant = nearest(found, known);
  return meant === null ? otherwise : `Did you mean \`${meant}\`? ${otherwise}`;
}

/** A value as the operator would recognise it, cut where it is long. */
export function showValue(value: unknown): string {
  if (value === undefined || value === null) return "nothing";
  if (Array.isArray(value)) return value.length === 0 ? "an empty list" : "a list";
  if (typeof value === "object") return "a mapping";
  const text = String(value)
    .replaceAll(/\p{Cc}/gu, "\uFFFD")
    .replaceAll("`", "'");
  return `\`${text.length > 60 ? `${text.slice(0, 60)}...` : text}\``;
}

function hintFor(expected: string, value: unknown): string {
  if (typeof value === "number" && /text|name|address|path/.test(expected))
    return "Put quotes around it to make it text.";
  if (value === null) return "Give it a value or remove the key.";
  return "Correct the value.";
}
