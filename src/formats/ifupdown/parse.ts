import type { Issue, Source } from "#model/index.js";
import type { IfaceStanza, InterfaceOption, InterfacesDocument, Stanza, Word } from "./document.js";
import { type LogicalLine, readLines } from "./lines.js";
import { syntaxIssue, tooManyIssue } from "./messages.js";

interface Parser {
  readonly stanzas: Stanza[];
  readonly issues: Issue[];
  /** Where the lines of the open stanza go; null outside, and behind a head that could not be read. */
  options: InterfaceOption[] | null;
  isOutside: boolean;
  complaints: number;
  lastComplaint: Source | null;
}

/** A file that is something else altogether is told so once, not on each of its lines. */
const MAX_COMPLAINTS = 1000;

const FAMILIES: ReadonlySet<string> = new Set(["inet", "inet6", "ipx", "can"]);

/**
 * Reads a file in the language of interfaces(5), with what ifupdown2 adds to it. Never throws; a line that cannot be read
 * becomes an issue and is left out, a template is reported and not run.
 *
 * @example parseInterfaces("auto eth0\niface eth0 inet dhcp\n", "interfaces").stanzas.length // 2
 */
export function parseInterfaces(text: string, file: string): InterfacesDocument {
  const { lines, issues } = readLines(text, file);
  const parser: Parser = {
    stanzas: [],
    issues: [...issues],
    options: null,
    isOutside: true,
    complaints: 0,
    lastComplaint: null,
  };
  for (const line of lines) parseLine(parser, line);
  if (parser.lastComplaint !== null)
    parser.issues.push(tooManyIssue(parser.lastComplaint, parser.complaints - MAX_COMPLAINTS));
  return {
    file,
    stanzas: parser.stanzas,
    isProxmox: text.includes("PVE will preserve these directives"),
    issues: parser.issues,
  };
}

function parseLine(parser: Parser, line: LogicalLine): void {
  const { keyword } = line;
  switch (keyword.text) {
    case "iface":
      openIface(parser, keyword, line.words());
      break;
    case "mapping":
      openMapping(parser, keyword, line.words());
      break;
    case "source":
    case "source-directory":
      addSources(parser, keyword, line.words());
      break;
    default:
      if (isNamesKeyword(keyword.text)) addNames(parser, keyword, line.words());
      else addOption(parser, { name: keyword, value: line.rest });
  }
}

function addSources(parser: Parser, keyword: Word, patterns: readonly Word[]): void {
  const isDirectory = keyword.text === "source-directory";
  for (const pattern of patterns)
    addStanza(parser, { kind: "source", isDirectory, pattern, source: keyword.source });
  requireWords(parser, keyword, patterns, "a path");
}

function addNames(parser: Parser, keyword: Word, names: readonly Word[]): void {
  addStanza(parser, { kind: "names", keyword: keyword.text, names, source: keyword.source });
  requireWords(parser, keyword, names, "names of interfaces");
}

function isNamesKeyword(text: string): boolean {
  return text === "auto" || text === "no-auto-down" || text === "no-scripts" || text.startsWith("allow-");
}

function requireWords(parser: Parser, keyword: Word, words: readonly Word[], expected: string): void {
  if (words.length === 0)
    complain(parser, syntaxIssue(keyword.source, `${expected} behind \`${keyword.text}\``, "nothing"));
}

/** A stanza without lines of its own ends the one before. */
function addStanza(parser: Parser, stanza: Stanza): void {
  parser.stanzas.push(stanza);
  parser.options = null;
  parser.isOutside = true;
}

function openIface(parser: Parser, keyword: Word, words: readonly Word[]): void {
  parser.options = null;
  parser.isOutside = false;
  const inheritsAt = words.findIndex((word) => word.text === "inherits");
  const head = inheritsAt === -1 ? words : words.slice(0, inheritsAt);
  const inherits = inheritsAt === -1 ? null : (words[inheritsAt + 1]?.text ?? "");
  const [name, family, method, extra] = head;
  const wrong = extra ?? (family !== undefined && !FAMILIES.has(family.text) ? family : undefined);
  if (
    name === undefined ||
    wrong !== undefined ||
    inherits === "" ||
    (inheritsAt !== -1 && words.length > inheritsAt + 2)
  ) {
    const found = wrong?.text ?? "iface";
    complain(parser, syntaxIssue((wrong ?? keyword).source, "`iface NAME FAMILY METHOD`", found));
    return;
  }
  const options: InterfaceOption[] = [];
  const stanza: IfaceStanza = {
    kind: "iface",
    name,
    family: family?.text ?? null,
    method: method?.text ?? null,
    inherits,
    options,
    source: keyword.source,
  };
  parser.stanzas.push(stanza);
  parser.options = options;
}

function openMapping(parser: Parser, keyword: Word, names: readonly Word[]): void {
  const options: InterfaceOption[] = [];
  parser.stanzas.push({ kind: "mapping", names, options, source: keyword.source });
  parser.options = options;
  parser.isOutside = false;
}

function addOption(parser: Parser, option: InterfaceOption): void {
  if (parser.options !== null) parser.options.push(option);
  else if (parser.isOutside)
    complain(parser, syntaxIssue(option.name.source, "a stanza before its lines", option.name.text));
}

function complain(parser: Parser, issue: Issue): void {
  parser.complaints += 1;
  if (parser.complaints <= MAX_COMPLAINTS) parser.issues.push(issue);
  else parser.lastComplaint = issue.source;
}
