import type { Issue, Severity, Source } from "#model/index.js";

/** One line of the table below: `%s` stands for what was found. */
interface Text {
  readonly severity: Severity;
  readonly message: string;
  readonly hint: string;
}

const UNKNOWN_EFFECT = "Verdicts that depend on it stay unknown; remove it or check it on the live host.";

const TEXTS = {
  "missing-file": {
    severity: "error",
    message: "Expected a netplan file or a folder of `*.yaml` files, found neither at `%s`",
    hint: "Correct the path in the fleet file.",
  },
  "yaml-syntax": {
    severity: "error",
    message: "%s",
    hint: "Correct the file: netplan reads nothing of it as it is.",
  },
  "yaml-size": { severity: "error", message: "%s", hint: "Split the file; nothing of it was read." },
  "duplicate-key": { severity: "warning", message: "%s", hint: "Remove one of the two." },
  "no-network": {
    severity: "error",
    message: "Expected the mapping `network:` at the top of the file, found %s",
    hint: "Put everything below `network:`; netplan refuses the file as it is.",
  },
  "unknown-key": {
    severity: "unmodelled",
    message: "Expected a netplan key of `%s`, found `%s`, which is not known",
    hint: "Correct the spelling if it is one; netplan refuses keys it does not know. Otherwise verdicts that depend on it stay unknown.",
  },
  "merge-key": {
    severity: "error",
    message: "Expected netplan keys, found the YAML merge key `<<`, which netplan does not have",
    hint: "Write the keys out.",
  },
  "unmodelled-key": {
    severity: "unmodelled",
    message: "Expected only what is modelled in `%s`, found `%s`",
    hint: UNKNOWN_EFFECT,
  },
  "wrong-kind": {
    severity: "error",
    message: "Expected %s for `%s`, found %s",
    hint: "Correct the value: netplan refuses the file as it is.",
  },
  "wrong-value": {
    severity: "error",
    message: "Expected %s for `%s`, found `%s`",
    hint: "Correct the value: netplan refuses the file as it is.",
  },
  "missing-key": {
    severity: "error",
    message: "Expected `%s` in `%s`, found none",
    hint: "Add the key: netplan refuses the file as it is.",
  },
  "undefined-interface": {
    severity: "error",
    message: "Expected `%s` to be a link that netplan defines, found no definition of it",
    hint: "Define the link, if only as `%s: {}` below `ethernets`; netplan refuses the file as it is.",
  },
  "two-masters": {
    severity: "error",
    message: "Expected `%s` to be a port of one master, found it in `%s` and in `%s`",
    hint: "Remove it from one of them.",
  },
  "unknown-link-name": {
    severity: "unmodelled",
    message:
      "Expected a link with a known name, found `%s` matched by %s: its facts stand under the name `%s`",
    hint: "Give the link a name with `set-name`, or match one name, so that its facts can be joined to the wiring.",
  },
  "gateway4-deprecated": {
    severity: "warning",
    message: "Expected a route `to: default`, found the deprecated `gateway4: %s`",
    hint: "Write `routes: [{to: default, via: %s}]`.",
  },
  renderer: {
    severity: "unmodelled",
    message: "Expected the renderer `networkd`, found `%s`, which chooses metrics and order by itself",
    hint: "Metrics that are not written and the order of the boot may differ; check `ip route` on the live host.",
  },
  "device-kind": {
    severity: "unmodelled",
    message: "Expected a kind of link that is modelled, found `%s` in `%s`%s",
    hint: UNKNOWN_EFFECT,
  },
  "virtual-ethernet": {
    severity: "unmodelled",
    message:
      "Expected a link on a segment of the fleet, found `%s`, one end of a pair with `%s` inside the host",
    hint: "Wire both ends to one segment in the fleet file if the pair carries traffic.",
  },
  "too-many": {
    severity: "unmodelled",
    message: "Expected at most `%s` issues, found more: the rest is left out",
    hint: "Correct the first ones and read the file again.",
  },
} as const satisfies Record<string, Text>;

/** The stable codes of this dialect, without `netplan/`. */
export type NetplanIssueCode = keyof typeof TEXTS;

/** Builds an issue; `values` take the places of `%s` in message and then hint, in order. */
export function netplanIssue(code: NetplanIssueCode, source: Source, values: readonly string[] = []): Issue {
  const { severity, message, hint } = TEXTS[code];
  const inMessage = message.split("%s").length - 1;
  return {
    code: `netplan/${code}`,
    severity,
    message: fill(message, values),
    source,
    hint: fill(hint, values.slice(inMessage)),
  };
}

/** Longer values are cut: a message is for a person. */
const MAX_VALUE_LENGTH = 120;

function fill(text: string, values: readonly string[]): string {
  return text
    .split("%s")
    .map((part, index) => part + (index < text.split("%s").length - 1 ? cut(values[index] ?? "") : ""))
    .join("");
}

function cut(value: string): string {
  const visible = value.replace(/[\p{Cc}\u2028\u2029]/gu, "\uFFFD");
  return visible.length > MAX_VALUE_LENGTH ? `${visible.slice(0, MAX_VALUE_LENGTH)}...` : visible;
}
