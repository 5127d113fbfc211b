import type { Issue, Source } from "#model/index.js";
import { nearest } from "./nearest.js";

/** What a value should have been, as the sentence `Expected ..., found ...` says it. */
export const EXPECTED = {
  name: "a name of letters, digits, `-`, `_` and `.` with at least one letter",
  link: "a link name of 1 to 15 characters without `/`, `:` or blanks",
  address: "an IPv4 address such as `10.0.0.1`",
  network: "a network such as `10.0.0.0/16` with no host bits set",
  mac: "an Ethernet address such as `52:54:00:12:34:56`",
  path: "a path below the configuration tree, without `..`",
  ssh: "a destination for ssh such as `root@host.lan`",
  oneDialect: "exactly one dialect with its path, such as `nixos: networking.nix`",
} as const;

/** Names that are looked up in the file. */
type Named = "host";

function issue(code: string, source: Source, message: string, hint: string): Issue {
  return { code: `fleet/${code}`, severity: "error", message, source, hint };
}

function quoted(names: readonly string[]): string {
  const shown = names.slice(0, 20).map((one) => `\`${one}\``);
  const rest = names.length - shown.length;
  return `${shown.join(", ")}${rest > 0 ? ` and ${rest} more` : ""}`;
}

function didYouMean(found: string, known: readonly string[], otherwise: string): string {
  const meant = nearest(found, known);
  return meant === null ? otherwise : `Did you mean \`${meant}\`? ${otherwise}`;
}

/** A value as the operator would recognise it, cut where it is long. */
function showValue(value: unknown): string {
  if (value === undefined || value === null) return "nothing";
  if (Array.isArray(value)) return "a list";
  if (typeof value === "object") return "a mapping";
  const text = String(value)
    .replaceAll(/\p{Cc}/gu, "\uFFFD")
    .replaceAll("`", "'");
  return `\`${text.length > 60 ? `${text.slice(0, 60)}...` : text}\``;
}

/** All that this folder says. */
export const message = {
  empty: (source: Source): Issue =>
    issue(
      "empty",
      source,
      "Expected a fleet file, found an empty one.",
      "Write at least `version: 1`, `name` and `hosts`.",
    ),
  yaml: (source: Source, text: string): Issue =>
    issue("yaml", source, `${text}.`, "Mend the YAML at this place: nothing was read from the file."),
  duplicateKey: (source: Source, text: string): Issue =>
    issue(
      "duplicate-key",
      source,
      `${text.replace(/: the later one is taken$/, "")}.`,
      "Join the two entries or rename one.",
    ),
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
      didYouMean(typeof value === "string" ? value : "", choices, "Write one of the values that are known."),
    ),
  wrongKey: (source: Source, expected: string, key: string): Issue =>
    issue("wrong-value", source, `Expected ${expected} as a key, found ${showValue(key)}.`, "Rename it."),
  unreadableKey: (source: Source, key: string): Issue =>
    issue(
      "unreadable-key",
      source,
      `Expected a name as a key, found ${showValue(key)}, which JavaScript keeps for itself.`,
      "Rename it.",
    ),
  unknownName: (given: {
    readonly source: Source;
    readonly kind: Named;
    readonly name: string;
    readonly known: readonly string[];
  }): Issue =>
    issue(
      `unknown-${given.kind}`,
      given.source,
      `Expected one of the hosts ${quoted(given.known)}, found ${showValue(given.name)}.`,
      didYouMean(given.name, given.known, "Add it to `hosts` or correct the name."),
    ),
  reservedHost: (source: Source): Issue =>
    issue(
      "reserved-name",
      source,
      "Expected a name for the host, found `any`, which stands for all hosts.",
      "Rename the host.",
    ),
  pluggedTwice: (source: Source, port: string, first: string): Issue =>
    issue(
      "link-plugged-twice",
      source,
      `Expected each link on one segment, found \`${port}\` again; it is plugged in at ${first}.`,
      "A link that carries several VLANs is plugged in once, and its VLAN links once each.",
    ),
  memberTwice: (source: Source, host: string, first: string): Issue =>
    issue(
      "member-twice",
      source,
      `Expected each host in one cluster, once, found \`${host}\` again; it is a member at ${first}.`,
      "Remove one of the two.",
    ),
  podCidrOutside: (source: Source, slice: string, whole: string): Issue =>
    issue(
      "pod-cidr-outside",
      source,
      `Expected a network inside the cluster's \`podCidr\` \`${whole}\`, found \`${slice}\`.`,
      "Correct one of the two; `kubectl get nodes -o wide` and `.spec.podCIDR` of the node show what is in force.",
    ),
  wrongFlowEnd: (source: Source, expected: string, text: string, known: readonly string[]): Issue =>
    issue(
      "wrong-flow",
      source,
      `Expected ${expected}, found ${showValue(text)}.`,
      didYouMean(text, known, `The hosts are ${quoted(known)}.`),
    ),
  sysctlOutside: (source: Source, key: string): Issue => ({
    code: "fleet/sysctl-outside",
    severity: "unmodelled",
    message: `Expected a sysctl below \`net.ipv4.\`, found ${showValue(key)}.`,
    source,
    hint: "It is not part of the model; its effect on packets is not known to Pointsman.",
  }),
  unpluggedHost: (source: Source, host: string): Issue => ({
    code: "fleet/host-without-segment",
    severity: "warning",
    message: `Expected a link of \`${host}\` on one of the segments, found none.`,
    source,
    hint: "Plug it in under `segments`, else no packet reaches it.",
  }),
  more: (source: Source, count: number): Issue =>
    issue("more", source, `${count} more mistakes are not shown.`, "Mend those above first."),
} as const;

function hintFor(expected: string, value: unknown): string {
  if (typeof value === "number" && /text|name|address|path/.test(expected))
    return "Put quotes around it to make it text.";
  if (value === null) return "Give it a value or remove the key.";
  return "Correct the value.";
}
