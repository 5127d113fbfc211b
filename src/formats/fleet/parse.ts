import { type DocumentKind, limitIssues, parseDocument } from "#formats/document/index.js";
import { err, type Fleet, type Issue, ok, type Result } from "#model/index.js";
import { convertFleet } from "./convert.js";
import { message } from "./messages.js";
import { fleetSchema } from "./schema.js";

const FLEET_FILE: DocumentKind = {
  say: message,
  name: "the fleet file",
  unionAt: () => "a host's name, or a mapping with `host`",
};

/**
 * Reads `pointsman.yaml`. All or nothing: with one mistake there is no fleet, and each mistake has its place.
 *
 * @param file The name that the places carry.
 * @returns The fleet with what is worth a look (warnings, and what is not modelled), or what is wrong. Never throws.
 * @example parseFleet("version: 1\nname: home\nhosts: { a: { role: node } }\n", "pointsman.yaml")
 */
export function parseFleet(
  text: string,
  file: string,
): Result<{ readonly fleet: Fleet; readonly issues: readonly Issue[] }, readonly Issue[]> {
  const empty = message.empty({ file, line: 1, column: 1 });
  const parsed = parseDocument({ text, file, empty }, fleetSchema, FLEET_FILE);
  if (!parsed.ok) return parsed;
  const { fleet, issues } = convertFleet(parsed.value.document, parsed.value.tree);
  const mistakes = issues.filter((issue) => issue.severity === "error");
  return mistakes.length > 0 ? err(limitIssues(mistakes, message)) : ok({ fleet, issues });
}
