import { didYouMean, documentMessages, quoted, showValue } from "#formats/document/index.js";
import type { Invariant, Issue, Source } from "#model/index.js";

/** What a value should have been, as the sentence `Expected ..., found ...` says it. */
export const EXPECTED = {
  name: "a name of letters, digits, `-`, `_` and `.` with at least one letter",
  link: "a link name of 1 to 15 characters without `/`, `:` or blanks",
  address: "an IPv4 address such as `10.0.0.1`",
  network: "a network such as `10.0.0.0/16` with no host bits set",
  mac: "an Ethernet address such as `52:54:00:12:34:56`",
  path: "a path below the configuration tree, without `..`",
  place: "an absolute path on the host, without `..`",
  ssh: "a destination for ssh such as `root@host.lan`",
  line: "one line of text",
  oneDialect: "exactly one dialect with its path, such as `nixos: networking.nix`",
} as const;

/** Names that are looked up in the file. */
type Named = "host";

const say = documentMessages("fleet");
const { issue } = say;

/** All that this folder says. */
export const message = {
  ...say,
  empty: (source: Source): Issue =>
    issue(
      "empty",
      source,
      "Expected a fleet file, found an empty one.",
      "Write at least `version: 1`, `name` and `hosts`.",
    ),
  contradiction: (later: Invariant, earlier: Invariant): Issue =>
    issue(
      "contradictory-invariants",
      later.source,
      `Expected invariants that do not contradict each other: this one wants its flows to be \`${later.expect}\`, and the one in line ${earlier.source.line}, which counts first, wants the same flows to be \`${earlier.expect}\`.`,
      "Remove one of the two, or put the narrower one first.",
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
} as const;
