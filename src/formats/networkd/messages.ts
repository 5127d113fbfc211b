import type { Issue, Severity, Source } from "#model/index.js";

type Text = readonly [Severity, message: string, hint: string];

const UNKNOWN_EFFECT = "Verdicts that depend on it stay unknown; remove it or check it on the live host.";

const TEXTS = {
  "missing-file": [
    "error",
    "Expected a `.network` or `.netdev` file or a folder of them, found none at `%s`",
    "Correct the path in the fleet file.",
  ],
  "text-too-long": [
    "error",
    "Expected at most `%s` characters, found more: the rest was not read",
    "Split the file.",
  ],
  "malformed-line": [
    "warning",
    "Expected `[Section]` or `Key=value`, found `%s`, which networkd ignores",
    "Correct or remove the line.",
  ],
  "no-section": [
    "warning",
    "Expected a section before the first setting, found `%s`, which networkd ignores",
    "Put a `[Section]` before it.",
  ],
  "unknown-key": [
    "unmodelled",
    "Expected a setting of `[%s]` that is known, found `%s`",
    "Correct the spelling if it is one; networkd ignores what it does not know. Otherwise verdicts that depend on it stay unknown.",
  ],
  "unknown-section": ["unmodelled", "Expected a section that is modelled, found `[%s]`", UNKNOWN_EFFECT],
  "unmodelled-key": ["unmodelled", "Expected only what is modelled in `[%s]`, found `%s`", UNKNOWN_EFFECT],
  "wrong-value": [
    "error",
    "Expected %s for `%s=`, found `%s`",
    "Correct the value: networkd ignores the setting, or the whole section, as it is.",
  ],
  "missing-key": [
    "error",
    "Expected `%s=` in `[%s]`%s, found none",
    "Add the setting: networkd ignores the section, or the whole file, as it is.",
  ],
  "no-match": [
    "warning",
    "Expected a `[Match]` section that names a link, found none: the file is for every link",
    "Name the links with `Name=`.",
  ],
  "unknown-link-name": [
    "unmodelled",
    "Expected a link with a known name, found a match by `%s`: the facts stand under the name `%s`",
    "Match one name with `Name=`, so that the facts can be joined to the wiring.",
  ],
  "never-attached": [
    "unmodelled",
    "Expected a `.network` file that puts `%s` (%s) on a link, found none among the files: it is not created",
    "Give the folder with all files, or name the link's `%s=` in the `.network` file of its lower link.",
  ],
  "unknown-master": [
    "unmodelled",
    "Expected a `.netdev` file that creates `%s`, found none among the files",
    "Give the folder with all files; the port is taken to join the link.",
  ],
  "netdev-kind": [
    "unmodelled",
    "Expected a kind of link that is modelled, found `%s` for `%s`%s",
    UNKNOWN_EFFECT,
  ],
  "virtual-ethernet": [
    "unmodelled",
    "Expected a link on a segment of the fleet, found `%s`, one end of a pair with `%s` inside the host",
    "Wire both ends to one segment in the fleet file if the pair carries traffic.",
  ],
  "bridge-vlan": [
    "unmodelled",
    "Expected a port that carries all VLANs, found `%s`",
    "The VLANs of single ports are not modelled; verdicts through a VLAN-aware bridge stay unknown.",
  ],
  multipath: [
    "unmodelled",
    "Expected one next hop for `%s`, found `%s`: the first is taken",
    "Verdicts that depend on this route stay unknown.",
  ],
  "route-gateway-keyword": [
    "unmodelled",
    "Expected an address for `Gateway=`, found `%s`, which is learned at run time",
    "The route is left out; check it on the live host.",
  ],
  masquerade: [
    "unmodelled",
    "Expected packets that keep their source address, found `IPMasquerade=%s`",
    "Address translation is not modelled; verdicts through this host stay unknown.",
  ],
  "pool-outside": [
    "error",
    "Expected a pool inside the network of `%s`, found offset `%s` and size `%s`",
    "Correct the pool: the DHCP server does not start as it is.",
  ],
  "pool-without-address": [
    "unmodelled",
    "Expected a static IPv4 address on the link of the DHCP server, found none",
    "Add `Address=`, or `ServerAddress=` in `[DHCPServer]`.",
  ],
  "link-file": [
    "unmodelled",
    "Expected links that keep the name and settings of their hardware, found `%s=%s` in a `.link` file",
    "udev applies it before networkd; check the link on the live host.",
  ],
  "too-many": [
    "unmodelled",
    "Expected at most `%s` issues, found more: the rest is left out",
    "Correct the first ones and read the files again.",
  ],
} as const satisfies Record<string, Text>;

/** The stable codes of this dialect, without `networkd/`. */
export type NetworkdIssueCode = keyof typeof TEXTS;

/** Builds an issue; `values` take the places of `%s` in message and then hint, in order. */
export function networkdIssue(code: NetworkdIssueCode, source: Source, ...values: readonly string[]): Issue {
  const [severity, message, hint] = TEXTS[code];
  const taken = message.split("%s").length - 1;
  return {
    code: `networkd/${code}`,
    severity,
    message: fill(message, values),
    source,
    hint: fill(hint, values.slice(taken)),
  };
}

function fill(text: string, values: readonly string[]): string {
  const parts = text.split("%s");
  return parts
    .map((part, index) => part + (index < parts.length - 1 ? cut(values[index] ?? "") : ""))
    .join("");
}

/** Longer values are cut: a message is for a person. */
const MAX_VALUE_LENGTH = 120;

function cut(value: string): string {
  const visible = value.replace(/[\p{Cc}\u2028\u2029]/gu, "\uFFFD");
  return visible.length > MAX_VALUE_LENGTH ? `${visible.slice(0, MAX_VALUE_LENGTH)}...` : visible;
}
