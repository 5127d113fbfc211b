import { Composer, type CST, type Document, Lexer, LineCounter, Parser } from "yaml";
import { buildTree } from "./build-tree.js";
import type { YamlProblem, YamlText } from "./yaml-tree.js";

/** Longer texts are refused: 2 Mi characters are a fleet file of some 12,000 hosts, and take seconds. */
export const MAX_YAML_LENGTH = 2 * 1024 * 1024;

/** The composer recurses; beyond some thousand levels it ends the process, so depth is measured on the parser's own stack first. */
const MAX_DEPTH = 100;

/**
 * Reads the first YAML document of a text as netplan and k3s do. A syntax error leaves no tree: neither program reads such a file.
 *
 * @example parseYaml("mtu: 9000", "a.yaml").tree // a map with one entry at a.yaml:1:1
 */
export function parseYaml(text: string, file: string): YamlText {
  if (text.length > MAX_YAML_LENGTH) {
    return refused(
      file,
      "size",
      `Expected at most ${MAX_YAML_LENGTH} characters of YAML, found \`${text.length}\``,
    );
  }
  const lines = new LineCounter();
  const tokens = parseTokens(text, lines);
  if (tokens === null || tokens.some((token) => depthOf(token) > MAX_DEPTH)) {
    return refused(file, "size", `Expected at most ${MAX_DEPTH} levels of nesting, found more`);
  }
  const document = firstDocument(tokens, text.length);
  if (document === null) return { tree: null, problems: [] };
  const sourceAt = (offset: number): { file: string; line: number; column: number } => {
    const { line, col } = lines.linePos(offset);
    return { file, line: Math.max(line, 1), column: Math.max(col, 1) };
  };
  const problems: YamlProblem[] = document.errors.slice(0, 1).map((error) => ({
    kind: "syntax",
    message: `Expected YAML, found a syntax error: ${firstLine(error.message)}`,
    source: sourceAt(error.pos[0]),
  }));
  if (problems.length > 0) return { tree: null, problems };
  return buildTree({ document, sourceAt });
}

/** What the parser gives; null as soon as it is far too deep, before that takes memory. */
function parseTokens(text: string, lines: LineCounter): readonly CST.Token[] | null {
  const parser = new Parser(lines.addNewLine);
  const tokens: CST.Token[] = [];
  lines.addNewLine(0);
  for (const lexeme of new Lexer().lex(text)) {
    tokens.push(...parser.next(lexeme));
    if (parser.stack.length > 4 * MAX_DEPTH) return null;
  }
  tokens.push(...parser.end());
  return tokens;
}

function refused(file: string, kind: YamlProblem["kind"], message: string): YamlText {
  return { tree: null, problems: [{ kind, message, source: { file, line: 1, column: 1 } }] };
}

function firstDocument(tokens: readonly CST.Token[], length: number): Document.Parsed | null {
  const composer = new Composer({ schema: "failsafe", uniqueKeys: false, stringKeys: false });
  for (const document of composer.compose(tokens, false, length)) return document;
  return null;
}

function depthOf(root: CST.Token): number {
  let deepest = 0;
  const open: [CST.Token, number][] = [[root, 1]];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const [token, depth] = next;
    deepest = Math.max(deepest, depth);
    for (const child of childrenOf(token)) open.push([child, depth + 1]);
  }
  return deepest;
}

function childrenOf(token: CST.Token): CST.Token[] {
  if (token.type === "document") return token.value === undefined ? [] : [token.value];
  if (!("items" in token)) return [];
  return token.items.flatMap((item) =>
    [item.key, item.value].filter((part) => part !== undefined && part !== null),
  );
}

function firstLine(message: string): string {
  return message.replace(/ at line [\s\S]*$/, "").split("\n", 1)[0] ?? message;
}
