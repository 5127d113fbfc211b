import { didYouMean, documentMessages, quoted, showValue } from "#formats/document/index.js";
import type { Issue, Source } from "#model/index.js";

/** What a value should have been, as the sentence `Expected ..., found ...` says it. */
export const EXPECTED = {
  link: "a link name of 1 to 15 characters without `/`, `:` or blanks",
  address: "an IPv4 address such as `10.0.0.1`",
  network: "a network such as `10.0.0.0/16` with no host bits set",
  cidr: "an address with its prefix length such as `10.0.0.2/16`",
  addressOrCidr: "an IPv4 address such as `10.0.0.2`, with or without its prefix length",
  renumber: "`from:` and `to:`, or hosts with their new addresses",
  hosts: "`all`, `role=...`, `cluster=...`, `segment=...`, a host's name, or a list of these",
  oneOrMoreLinks: "a link's name, or a list of them",
  gateway: "an IPv4 address such as `10.0.0.1`, or `none`",
} as const;

/** What an entry may ask for. */
export const ACTIONS = [
  "renumber",
  "prefix",
  "addresses",
  "gateway",
  "routes",
  "mtu",
  "flannelBackend",
] as const;

const say = documentMessages("change");
const { issue } = say;

/** All that this folder says. */
export const message = {
  ...say,
  empty: (source: Source): Issue =>
    issue(
      "empty",
      source,
      "Expected a change file, found an empty one.",
      "Write at least `version: 1` and `changes` with one entry, such as `- { hosts: role=node, prefix: 16 }`.",
    ),
  noAction: (source: Source): Issue =>
    issue(
      "no-action",
      source,
      `Expected one of ${quoted(ACTIONS)} in the entry, found none.`,
      "Say what is to be different for these hosts, or remove the entry.",
    ),
  noHosts: (source: Source): Issue =>
    issue(
      "no-hosts",
      source,
      "Expected `hosts` in the entry, found none.",
      "Say for whom it is: `hosts: all`, `hosts: role=node`, `hosts: segment=main`, or names.",
    ),
  misplaced: (source: Source, key: string, rule: string): Issue =>
    issue(
      "misplaced-key",
      source,
      `Expected ${rule}, found \`${key}\`.`,
      "Move it into an entry of its own.",
    ),
  wrongSelector: (source: Source, text: string, known: readonly string[]): Issue =>
    issue(
      "wrong-selector",
      source,
      `Expected ${EXPECTED.hosts}, found ${showValue(text)}.`,
      didYouMean(text.split("=")[0] ?? text, known, "Write the selector as `role=node`."),
    ),
  wrongRole: (source: Source, role: string, known: readonly string[]): Issue =>
    issue(
      "wrong-selector",
      source,
      `Expected one of the roles ${quoted(known)}, found ${showValue(role)}.`,
      didYouMean(role, known, "Write the role as the fleet file has it."),
    ),
  unequalNetworks: (source: Source, from: string, to: string): Issue =>
    issue(
      "unequal-networks",
      source,
      `Expected two networks of one length, found \`${from}\` and \`${to}\`.`,
      "Give both the same length, so that each host keeps its part of the address; add `prefix:` where the prefix length changes as well.",
    ),
  wrongRoute: (source: Source, text: string, why: string): Issue =>
    issue(
      "wrong-route",
      source,
      `Expected a route such as \`10.20.0.0/16 via 10.0.0.1\`, found ${showValue(text)}: ${why}.`,
      "Write it as behind `ip route add`: network, `via` gateway, `dev` link, `metric` number, `onlink`.",
    ),
} as const;
