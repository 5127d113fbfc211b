import { readFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import ts from "typescript";
import { describe, expect, it } from "vitest";
import { ROOT } from "./root.js";
import { shippedFiles } from "./sources.js";

const FILES = shippedFiles();
const INDEXES = FILES.filter((path) => basename(path) === "index.ts");
const VAGUE = /(?:^|[-/])(?:utils?|helpers?(?!-stage)|common|manager|data|info|misc)(?:[-./]|$)/;

function parse(path: string): ts.SourceFile {
  const text = readFileSync(join(ROOT, path), "utf8");
  return ts.createSourceFile(path, text, ts.ScriptTarget.ES2023, true);
}

function isExported(node: ts.Node): boolean {
  return (
    ts.canHaveModifiers(node) &&
    (ts.getModifiers(node) ?? []).some((one) => one.kind === ts.SyntaxKind.ExportKeyword)
  );
}

/** `file:line name` of a statement, as an editor can open it. */
function place(path: string, file: ts.SourceFile, node: ts.Node): string {
  const { line } = file.getLineAndCharacterOfPosition(node.getStart(file));
  return `${path}:${line + 1} ${node.getText(file).split("\n")[0]}`;
}

describe("Each folder of src/", () => {
  it("has an index.ts, but for `cli`, which is started and not imported", () => {
    const folders = new Set(FILES.map((path) => path.split("/").slice(0, 2).join("/")));
    const missing = [...folders].filter((folder) => !INDEXES.includes(`${folder}/index.ts`));
    expect(missing.filter((folder) => folder !== "src/cli" && folder !== "src/formats")).toEqual([]);
  });

  it("has an index.ts for each dialect of formats/", () => {
    const dialects = new Set(
      FILES.filter((path) => /^src\/formats\/[^/]+\//.test(path)).map((path) => dirname(path)),
    );
    const roots = [...dialects].filter((folder) => folder.split("/").length === 3);
    expect(roots.filter((folder) => !INDEXES.includes(`${folder}/index.ts`))).toEqual([]);
  });

  it.each(INDEXES)("%s says what the folder is for, what not, and which law holds", (path) => {
    const header = /^\/\*\*(.*?)\*\//s.exec(readFileSync(join(ROOT, path), "utf8"))?.[1] ?? "";
    expect(header).toMatch(/\n \* For: \S/);
    expect(header).toMatch(/\n \* Not for: \S/);
    expect(header).toMatch(/\n \* Laws?: \S/);
  });

  it.each(INDEXES)("%s holds nothing but re-exports by name", (path) => {
    const others = parse(path).statements.filter(
      (node) =>
        !(
          ts.isExportDeclaration(node) &&
          node.exportClause !== undefined &&
          ts.isNamedExports(node.exportClause)
        ),
    );
    expect(others.map((node) => node.getText())).toEqual([]);
  });
});

describe("Each shipped file", () => {
  it("has a name that says what is in it", () => {
    expect(FILES.filter((path) => VAGUE.test(path))).toEqual([]);
  });

  it("writes the return type of the functions that it exports", () => {
    const open = FILES.flatMap((path) => {
      const file = parse(path);
      return file.statements
        .filter((node) => ts.isFunctionDeclaration(node) && isExported(node) && node.type === undefined)
        .map((node) => place(path, file, node));
    });
    expect(open).toEqual([]);
  });

  it("says in a TSDoc comment what each exported function is for; a message says it by its text", () => {
    const silent = FILES.filter((path) => basename(path) !== "messages.ts").flatMap((path) => {
      const file = parse(path);
      return file.statements
        .filter((node) => ts.isFunctionDeclaration(node) && isExported(node))
        .filter((node) => ts.getJSDocCommentsAndTags(node).length === 0)
        .map((node) => place(path, file, node));
    });
    expect(silent).toEqual([]);
  });

  it("leaves randomness to its caller in the pure folders", () => {
    const pure = FILES.filter((path) =>
      /^src\/(?:ip|model|formats|dataplane|checks|plan|prove)\//.test(path),
    );
    expect(pure.filter((path) => readFileSync(join(ROOT, path), "utf8").includes("Math.random"))).toEqual([]);
  });
});
