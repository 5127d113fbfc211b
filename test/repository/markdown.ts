import { readFileSync } from "node:fs";
import { join } from "node:path";
import { ROOT } from "./root.js";
import { filesBelow } from "./sources.js";

/** A fenced block of a page. */
export interface Fence {
  readonly page: string;
  /** The line of the opening fence, from 1. */
  readonly line: number;
  readonly language: string;
  readonly lines: readonly string[];
}

/** The pages of the repository, relative to the root. */
export function pages(): readonly string[] {
  const top = ["README.md", "ARCHITECTURE.md", "CONTRIBUTING.md", "SECURITY.md", "CHANGELOG.md"];
  const below = [...filesBelow("docs"), ...filesBelow("examples")].filter((path) => path.endsWith(".md"));
  return [...top, ...below];
}

/** The text of a page, or an empty one where it is missing. */
function readPage(page: string): string {
  try {
    return readFileSync(join(ROOT, page), "utf8");
  } catch {
    return "";
  }
}

/** The fenced blocks of a page; CommonMark, 4.5. */
export function fences(page: string): readonly Fence[] {
  const found: Fence[] = [];
  let open: { line: number; language: string; mark: string; lines: string[] } | null = null;
  for (const [index, text] of readPage(page).split("\n").entries()) {
    const mark = /^ {0,3}(`{3,}|~{3,})\s*([A-Za-z0-9-]*)/.exec(text);
    if (open !== null && mark?.[1] === open.mark && mark[2] === "") {
      found.push({ page, line: open.line, language: open.language, lines: open.lines });
      open = null;
    } else if (open !== null) open.lines.push(text);
    else if (mark !== null)
      open = { line: index + 1, language: mark[2] ?? "", mark: mark[1] ?? "", lines: [] };
  }
  return found;
}

/** The text of a page outside its fenced blocks and code spans. */
export function prose(page: string): string {
  return readPage(page)
    .replaceAll(/^ {0,3}(`{3,}|~{3,})[\s\S]*?^ {0,3}\1\s*$/gm, "")
    .replaceAll(/`[^`\n]*`/g, "");
}

/** The anchors that GitHub gives to the headings of a page. */
export function anchors(page: string): ReadonlySet<string> {
  const text = readPage(page).replaceAll(/^ {0,3}(`{3,}|~{3,})[\s\S]*?^ {0,3}\1\s*$/gm, "");
  const headings = [...text.matchAll(/^#{1,6} +(.*?) *#*$/gm)].map((match) => match[1] ?? "");
  return new Set(headings.map(anchorOf));
}

function anchorOf(heading: string): string {
  return heading
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N} _-]/gu, "")
    .replaceAll(" ", "-");
}
