import type { Issue, Severity, Source } from "#model/index.js";

const TEXTS: Readonly<Record<K3sIssueCode, readonly [Severity, string, string]>> = {
  "missing-file": [
    "error",
    "Expected a k3s `config.yaml`, a folder with it, or a systemd unit, found none of them at `%s`",
    "Correct the path in the fleet file.",
  ],
  "yaml-syntax": ["error", "%s", "Correct the file: k3s does not start with it as it is."],
  "yaml-size": ["error", "%s", "Split the file; nothing of it was read."],
  "duplicate-key": ["warning", "%s", "Remove one of the two."],
  "no-mapping": ["error", "Expected `key: value` lines, found %s", "Write one flag of k3s on each line."],
  "wrong-kind": [
    "unmodelled",
    "Expected a value or a list for `%s`, found %s",
    "Write the value as k3s's flag takes it.",
  ],
  "unknown-key": [
    "warning",
    "Expected a flag of k3s, found `%s`, which k3s skips",
    "Correct the spelling, or remove the line.",
  ],
  "no-command": [
    "unmodelled",
    "Expected `ExecStart=` with the command `k3s`, found %s",
    "Give the unit that starts k3s; flags that a script adds are not known.",
  ],
  "malformed-line": [
    "warning",
    "Expected `Key=value`, found `%s`, which systemd ignores",
    "Correct or remove the line.",
  ],
  "environment-not-read": [
    "warning",
    "Expected all settings of k3s in the files, found `EnvironmentFile=%s`, which is not among them",
    "Put the file beside the unit in the configuration tree if it sets `K3S_` variables.",
  ],
  "text-too-long": [
    "error",
    "Expected at most `%s` characters, found more: the rest was not read",
    "Split the file.",
  ],
};

/** The stable codes of this dialect's files, without `k3s/`; the model's flag reader has its own. */
export type K3sIssueCode =
  | "missing-file"
  | "yaml-syntax"
  | "yaml-size"
  | "duplicate-key"
  | "no-mapping"
  | "wrong-kind"
  | "unknown-key"
  | "no-command"
  | "malformed-line"
  | "environment-not-read"
  | "text-too-long";

/** Longer values are cut: a message is for a person. */
const MAX_VALUE_LENGTH = 120;

/** Builds an issue; `values` take the places of `%s` in the message. */
export function k3sIssue(code: K3sIssueCode, source: Source, ...values: readonly string[]): Issue {
  const [severity, message, hint] = TEXTS[code];
  const parts = message.split("%s");
  const text = parts
    .map((part, index) => part + (index < parts.length - 1 ? cut(values[index] ?? "") : ""))
    .join("");
  return { code: `k3s/${code}`, severity, message: text, source, hint };
}

function cut(value: string): string {
  const visible = value.replace(/[\p{Cc}\u2028\u2029]/gu, "\uFFFD");
  return visible.length > MAX_VALUE_LENGTH ? `${visible.slice(0, MAX_VALUE_LENGTH)}...` : visible;
}

/** An edit that the files of k3s have no words for. */
export function notOfK3s(path: string, kind: string): { message: string; hint: string; source: null } {
  return {
    message: `Expected an edit of the flags of k3s in \`${path}\`, found \`${kind}\`.`,
    hint: "Give the edit to the file that configures the network of the host.",
    source: null,
  };
}
