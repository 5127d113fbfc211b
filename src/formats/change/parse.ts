import { type DocumentKind, limitIssues, parseDocument } from "#formats/document/index.js";
import { err, type Issue, ok, type Result } from "#model/index.js";
import type { Change } from "./change.js";
import { convertChange } from "./convert.js";
import { EXPECTED, message } from "./messages.js";
import { changeSchema } from "./schema.js";

const UNIONS: Readonly<Record<string, string>> = {
  hosts: EXPECTED.hosts,
  link: EXPECTED.oneOrMoreLinks,
  renumber: EXPECTED.renumber,
  gateway: EXPECTED.gateway,
};

const CHANGE_FILE: DocumentKind = {
  say: message,
  name: "the change file",
  unionAt: (path) => UNIONS[String(path.at(-1))] ?? "another value",
};

/**
 * Reads a change file. All or nothing: with one mistake there is no change, and each mistake has its place. Names of hosts, links,
 * segments and clusters are not looked up: that needs the fleet.
 *
 * @param file The name that the places carry.
 * @returns The change, or what is wrong. Never throws.
 * @example parseChange("version: 1\nchanges: [{ hosts: role=node, prefix: 16 }]\n", "change.yaml")
 */
export function parseChange(text: string, file: string): Result<Change, readonly Issue[]> {
  const empty = message.empty({ file, line: 1, column: 1 });
  const parsed = parseDocument({ text, file, empty }, changeSchema, CHANGE_FILE);
  if (!parsed.ok) return parsed;
  const { change, issues } = convertChange(parsed.value);
  return issues.length > 0 ? err(limitIssues(issues, message)) : ok(change);
}
