/** One command of a shell line, its words unquoted. */
export interface ShellCommand {
  readonly words: readonly string[];
  /** The file that `>` or `>>` writes the output to, or null. */
  readonly target: string | null;
  /** Whether the line goes on when the command fails (`|| true`, or `;` behind it). */
  readonly isTolerated: boolean;
}

type Token = { readonly isOperator: boolean; readonly text: string };

/** The system's limit is higher; nobody writes such a line by hand, and patterns stay fast on shorter ones. */
const MAX_LENGTH = 8192;

/**
 * Splits a line of sh(1) into its commands: quotes, `&&`, `;`, `|| true` and redirected output are understood, `$IFACE` and
 * `${IFACE}` become the name of the link.
 *
 * @returns what is not understood (pipes, substitutions, patterns, `if`), as half a sentence.
 */
export function parseShell(line: string, iface: string): readonly ShellCommand[] | string {
  if (line.length > MAX_LENGTH) return `a line of more than ${MAX_LENGTH} characters is not modelled`;
  const tokens = tokenize(line, iface);
  if (typeof tokens === "string") return tokens;
  const end = tolerantEnd(tokens);
  const commands = groupCommands(end === -1 ? tokens : tokens.slice(0, end));
  if (typeof commands === "string" || end === -1) return commands;
  return commands.map((command) => ({ ...command, isTolerated: true }));
}

const SPACE = /\s+/y;
const COMMENT = /#.*/y;
const OPERATOR = /&&|\|\||2>&1|2>|1>|>>|[;<>|&()]/y;
/** Single quotes, double quotes, bare; what a shell would expand matches none of them. */
const PART =
  /'([^']*)'|"((?:[^"$`\\]|\$IFACE\b|\$\{IFACE\})*)"|((?:[^\s;&|<>()'"$`\\*?[{~]|\$IFACE\b|\$\{IFACE\})+)/y;

function tokenize(line: string, iface: string): readonly Token[] | string {
  const tokens: Token[] = [];
  let at = 0;
  while (at < line.length) {
    at += (matchAt(SPACE, line, at) ?? matchAt(COMMENT, line, at) ?? [""])[0].length;
    const operator = matchAt(OPERATOR, line, at)?.[0];
    const word =
      operator === undefined ? readWord(line, at, iface) : { text: operator, next: at + operator.length };
    if (word.next > at) tokens.push({ isOperator: operator !== undefined, text: word.text });
    else if (at < line.length) return `\`${line[at] ?? ""}\` of the shell is not modelled`;
    at = word.next;
  }
  return tokens;
}

function readWord(
  line: string,
  start: number,
  iface: string,
): { readonly text: string; readonly next: number } {
  const parts: string[] = [];
  let at = start;
  for (let part = matchAt(PART, line, at); part !== null; part = matchAt(PART, line, at)) {
    const expanded = part[2] ?? part[3];
    parts.push(part[1] ?? (expanded ?? "").replace(/\$IFACE\b|\$\{IFACE\}/g, () => iface));
    at += part[0].length;
  }
  return { text: parts.join(""), next: at };
}

function matchAt(pattern: RegExp, line: string, at: number): RegExpExecArray | null {
  pattern.lastIndex = at;
  return pattern.exec(line);
}

/** Where `|| true`, `|| :` or `|| exit 0` ends the line, or -1. */
function tolerantEnd(tokens: readonly Token[]): number {
  const at = tokens.findIndex((token) => token.isOperator && token.text === "||");
  const rest = tokens.slice(at + 1, at + 5).map((token) => token.text);
  return at !== -1 && ["true", "/bin/true", ":", "exit 0"].includes(rest.join(" ")) ? at : -1;
}

const KEYWORDS: ReadonlySet<string> = new Set(
  "if then else fi for while until do done case esac [ [[ test { } ! exec eval . source cd export set unset".split(
    " ",
  ),
);

function groupCommands(tokens: readonly Token[]): readonly ShellCommand[] | string {
  const commands: ShellCommand[] = [];
  let start = 0;
  for (let index = 0; index <= tokens.length; index += 1) {
    const token = tokens[index];
    const isEnd = token === undefined || (token.isOperator && (token.text === "&&" || token.text === ";"));
    if (!isEnd) continue;
    const command = readCommand(tokens.slice(start, index), token?.text === ";" && index + 1 < tokens.length);
    if (typeof command === "string") return command;
    if (command.words.length > 0) commands.push(command);
    start = index + 1;
  }
  return commands;
}

function readCommand(tokens: readonly Token[], isTolerated: boolean): ShellCommand | string {
  const words: string[] = [];
  let target: string | null = null;
  for (let index = 0; index < tokens.length; index += 1) {
    const { isOperator, text } = tokens[index] ?? { isOperator: true, text: "" };
    if (!isOperator) words.push(text);
    else if (text === "2>&1") continue;
    else if (/^[12]?>{1,2}$/.test(text)) target = redirectTarget(text, tokens[++index]?.text ?? "") ?? target;
    else return `\`${text}\` of the shell is not modelled`;
  }
  const [name = ""] = words;
  const isKeyword = KEYWORDS.has(name) || /^\w+=/.test(name);
  return isKeyword ? `\`${name}\` of the shell is not modelled` : { words, target, isTolerated };
}

function redirectTarget(operator: string, file: string): string | null {
  return operator === "2>" || file === "/dev/null" ? null : file;
}
