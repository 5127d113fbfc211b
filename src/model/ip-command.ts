import { parseAddressCommand } from "./ip-command/address.js";
import { abbreviated } from "./ip-command/keywords.js";
import { parseLinkCommand } from "./ip-command/link.js";
import { parseNeighbourCommand } from "./ip-command/neighbour.js";
import { parseRouteCommand } from "./ip-command/route.js";
import { parseRuleCommand } from "./ip-command/rule.js";
import type { Operation } from "./kernel/operation.js";
import { err, type Result } from "./result.js";

/** Objects in the order in which iproute2 resolves an abbreviation; ip/ip.c. */
const OBJECTS = [
  "address",
  "addrlabel",
  "maddress",
  "route",
  "rule",
  "neighbor",
  "neighbour",
  "ntable",
  "link",
  "tunnel",
];

/** Global options that change nothing but the output. */
const OUTPUT_OPTIONS: ReadonlySet<string> = new Set([
  "-4",
  "-d",
  "-details",
  "-o",
  "-oneline",
  "-s",
  "-stats",
  "-force",
  "-j",
  "-json",
]);

/**
 * Reads one iproute2 command line as the kernel operations it asks for, in the kernel's order; a command that only shows gives none.
 *
 * Words are separated and unquoted by the caller; a leading `ip` with or without a path may be there or not. Sources of the
 * records are null. What is not IPv4 or not modelled is an error text, half a sentence in lower case.
 *
 * @param freePriority what the kernel would give a rule without `priority` (net/core/fib_rules.c, fib_default_rule_pref:
 * one less than the second rule of the list, 32765 at first); without it such a rule is an error.
 * @example parseIpCommand(["ip", "route", "add", "10.0.0.0/8", "via", "10.10.0.1"])
 */
export function parseIpCommand(
  words: readonly string[],
  freePriority: number | null = null,
): Result<readonly Operation[], string> {
  const afterName = /(?:^|\/)ip$/.test(words[0] ?? "") ? words.slice(1) : words;
  const objectAt = afterName.findIndex((word) => !OUTPUT_OPTIONS.has(word));
  const object = afterName[objectAt] ?? "";
  if (object === "-6") return err("IPv6 is not modelled");
  const rest = afterName.slice(objectAt + 1);
  switch (abbreviated(object, OBJECTS)) {
    case "address":
      return parseAddressCommand(rest);
    case "route":
      return parseRouteCommand(rest);
    case "rule":
      return parseRuleCommand(rest, freePriority);
    case "neighbor":
    case "neighbour":
      return parseNeighbourCommand(rest);
    case "link":
      return parseLinkCommand(rest);
    default:
      return err(object === "" ? "the command is empty" : `\`ip ${object}\` is not modelled`);
  }
}
