import type { Issue, Source } from "#model/index.js";
import type { UciDocument, UciOption, UciSection, UciValue } from "./document.js";
import { type LexCommand, lexUci, type Word } from "./lex.js";
import { commentInWordIssue, syntaxIssue, tooManyIssue } from "./messages.js";

interface Builder {
  type: string;
  readonly name: string | null;
  readonly options: Map<string, UciOption>;
  readonly source: Source;
}

interface Parser {
  readonly file: string;
  readonly sections: Builder[];
  readonly byName: Map<string, Builder>;
  readonly issues: Issue[];
  /** null before the first section and behind a `config` line that could not be read. */
  current: Builder | null;
  complaints: number;
  lastComplaint: Source | null;
}

/** A file that is something else altogether is told so once, not on each of its lines. */
const MAX_COMPLAINTS = 1000;

/**
 * Reads a file of /etc/config by libuci's rules. Never throws; a line that libuci would refuse becomes an issue and is left
 * out. Sections of one name are joined, a later `option` takes the place of an earlier one, an empty one unsets it.
 *
 * @example parseUci("config interface 'lan'\n\toption proto 'static'\n", "network").sections[0]?.name // "lan"
 */
export function parseUci(text: string, file: string): UciDocument {
  const parser: Parser = {
    file,
    sections: [],
    byName: new Map(),
    issues: [],
    current: null,
    complaints: 0,
    lastComplaint: null,
  };
  for (const command of lexUci(text)) parseCommand(parser, command);
  if (parser.lastComplaint !== null)
    parser.issues.push(tooManyIssue(parser.lastComplaint, parser.complaints - MAX_COMPLAINTS));
  const sections: UciSection[] = parser.sections.map((builder) => ({
    type: builder.type,
    name: builder.name,
    options: [...builder.options.values()],
    source: builder.source,
  }));
  return { file, sections, issues: parser.issues };
}

function parseCommand(parser: Parser, command: LexCommand): void {
  for (const problem of command.problems) {
    const source = { file: parser.file, line: problem.line, column: problem.column };
    complain(
      parser,
      problem.kind === "comment-in-word"
        ? commentInWordIssue(source)
        : syntaxIssue(source, "a quote that ends on its line", "a quote without end"),
    );
  }
  if (command.problems.some((problem) => problem.kind === "unterminated-quote")) return;
  parseWords(parser, command.words);
}

function parseWords(parser: Parser, words: readonly Word[]): void {
  const [keyword] = words;
  switch (keyword?.text) {
    case undefined:
    case "package":
    case "p":
      break;
    case "config":
    case "c":
      parseConfig(parser, words);
      break;
    case "option":
    case "o":
      parseOption(parser, words, false);
      break;
    case "list":
    case "l":
      parseOption(parser, words, true);
      break;
    default:
      refuse(parser, { word: keyword, expected: "`package`, `config`, `option` or `list`" });
  }
}

/** Why a line is left out; a null word stands for one that is missing. */
interface Complaint {
  readonly word: Word | null | undefined;
  readonly expected: string;
}

function parseConfig(parser: Parser, words: readonly Word[]): void {
  const [keyword, type, name] = words;
  const complaint = complainOfConfig(words);
  parser.current = null;
  if (complaint !== null) refuse(parser, complaint, keyword);
  else if (keyword !== undefined)
    parser.current = openSection(parser, keyword, type?.text ?? "", name?.text ?? "");
}

function complainOfConfig(words: readonly Word[]): Complaint | null {
  const [, type, name, extra] = words;
  if (type === undefined) return { word: null, expected: "`config TYPE` with or without a name" };
  if (!/^[\x21-\x7e]+$/.test(type.text)) return { word: type, expected: "a type of printable ASCII" };
  if (name !== undefined && !/^\w*$/.test(name.text)) return { word: name, expected: NAME };
  return extra === undefined ? null : { word: extra, expected: "nothing behind the name" };
}

const NAME = "a name of letters, digits and `_`";

function openSection(parser: Parser, keyword: Word, type: string, name: string): Builder {
  const known = name === "" ? undefined : parser.byName.get(name);
  if (known !== undefined) {
    known.type = type;
    return known;
  }
  const source = sourceOf(parser, keyword);
  const builder: Builder = { type, name: name === "" ? null : name, options: new Map(), source };
  parser.sections.push(builder);
  if (name !== "") parser.byName.set(name, builder);
  return builder;
}

function parseOption(parser: Parser, words: readonly Word[], isList: boolean): void {
  const [keyword, name, value] = words;
  const complaint = complainOfOption(words, isList);
  if (complaint !== null) refuse(parser, complaint, keyword);
  else if (parser.current !== null && keyword !== undefined && name !== undefined)
    setOption(parser, parser.current, { name, value, isList, keyword });
  else if (parser.sections.length === 0)
    refuse(parser, { word: keyword, expected: "`config` before the first option" });
}

function complainOfOption(words: readonly Word[], isList: boolean): Complaint | null {
  const [, name, , extra] = words;
  const shape = `\`${isList ? "list" : "option"} NAME VALUE\``;
  if (name === undefined) return { word: null, expected: shape };
  if (!/^\w+$/.test(name.text)) return { word: name, expected: NAME };
  return extra === undefined ? null : { word: extra, expected: `${shape} and nothing behind it` };
}

function setOption(
  parser: Parser,
  section: Builder,
  line: {
    readonly keyword: Word;
    readonly name: Word;
    readonly value: Word | undefined;
    readonly isList: boolean;
  },
): void {
  const { name, value, isList } = line;
  if (!isList && (value === undefined || value.text === "")) {
    section.options.delete(name.text);
    return;
  }
  const added: UciValue = { text: value?.text ?? "", source: sourceOf(parser, value ?? name) };
  const known = section.options.get(name.text);
  if (isList && known !== undefined) {
    listValues(known).push(added);
    if (!known.isList) section.options.set(name.text, { ...known, isList: true });
    return;
  }
  section.options.set(name.text, {
    name: name.text,
    isList,
    values: [added],
    source: sourceOf(parser, line.keyword),
  });
}

/** The parser owns the arrays until it returns; appending in place keeps a long list linear. */
function listValues(option: UciOption): UciValue[] {
  return option.values as UciValue[];
}

function sourceOf(parser: Parser, word: Word): Source {
  return { file: parser.file, line: word.line, column: word.column };
}

function refuse(parser: Parser, complaint: Complaint, keyword?: Word): void {
  const word = complaint.word ?? keyword;
  const found = complaint.word ? `\`${shorten(complaint.word.text)}\`` : "less";
  if (word !== undefined) complain(parser, syntaxIssue(sourceOf(parser, word), complaint.expected, found));
}

/** Messages quote no more of a word than a line can hold. */
function shorten(text: string): string {
  return text.length <= 60 ? text : `${text.slice(0, 60)}...`;
}

function complain(parser: Parser, issue: Issue): void {
  parser.complaints += 1;
  if (parser.complaints <= MAX_COMPLAINTS) parser.issues.push(issue);
  else parser.lastComplaint = issue.source;
}
