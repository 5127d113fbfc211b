import { existsSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { type ConfigurationTree, formatSource, type HostConfiguration } from "#model/index.js";
import { misplaced } from "./check-places.js";
import { checkExpectation, type Outcome } from "./check-row.js";
import { describeFacts } from "./describe-facts.js";
import { readExpectations } from "./expectations.js";
import { foldersOf, treeOf } from "./files.js";
import { type IndexRow, parseIndex } from "./index-table.js";

type Reader = (tree: ConfigurationTree, path: string) => HostConfiguration;

const READERS: Readonly<Record<string, string>> = {
  ifupdown: "readIfupdown",
  k3s: "readK3s",
  netplan: "readNetplan",
  networkd: "readNetworkd",
  nixos: "readNixos",
  uci: "readUci",
};

/** A row whose prose and file disagree: the file wins, and why. */
interface Disagreement {
  readonly dialect: string;
  readonly row: string;
  readonly token: string;
  readonly reason: string;
}

interface FileResult {
  readonly path: string;
  readonly status: "passed" | "failed" | "by eye";
  readonly complaints: readonly string[];
  readonly facts: readonly string[];
  readonly reports: readonly string[];
  readonly row: IndexRow | null;
}

const USAGE =
  "Usage: node tools/corpus/run.mjs DIR [--facts]\nDIR has a folder for each dialect, with files NN-name and an INDEX.md whose table has the columns # and facts.";

/** Reads a corpus, prints what was found, and gives the exit code: 0 where all files passed or are for the eye, 1 where one failed, 64 for usage. */
export async function main(args: readonly string[]): Promise<number> {
  const root = args.find((arg) => !arg.startsWith("--"));
  if (root === undefined || !existsSync(root)) {
    console.error(root === undefined ? USAGE : `Expected a folder at \`${root}\`, found none.\n${USAGE}`);
    return 64;
  }
  const showsFacts = args.includes("--facts");
  const totals = { passed: 0, failed: 0, "by eye": 0 };
  for (const dialect of foldersOf(root)) {
    for (const result of await readDialect(root, dialect)) {
      totals[result.status] += 1;
      printResult(result, showsFacts);
    }
  }
  const count = totals.passed + totals.failed + totals["by eye"];
  console.log(
    `\n${totals.passed} passed, ${totals.failed} failed, ${totals["by eye"]} by eye, of ${count} files`,
  );
  return totals.failed > 0 ? 1 : 0;
}

async function readDialect(root: string, dialect: string): Promise<readonly FileResult[]> {
  console.log(`\n== ${dialect}`);
  const reader = await findReader(dialect);
  if (reader === null) {
    console.log(
      `   no reader for this dialect: ${READERS[dialect] === undefined ? "not a dialect" : "not built"}`,
    );
    return [];
  }
  const indexPath = join(root, dialect, "INDEX.md");
  const rows = existsSync(indexPath) ? parseIndex(readFileSync(indexPath, "utf8")) : [];
  const tree = treeOf(root);
  const files = tree.list(dialect).filter((path) => /^\d+-/.test(basename(path)));
  reportAbsent(rows, files);
  const disagreements = readDisagreements().filter((each) => each.dialect === dialect);
  return files.map((path) => checkFile({ path, tree, reader, row: rowOf(rows, path), disagreements }));
}

async function findReader(dialect: string): Promise<Reader | null> {
  const name = READERS[dialect];
  const url = new URL(`../../src/formats/${dialect}/index.ts`, import.meta.url);
  if (name === undefined || !existsSync(url)) return null;
  const module: unknown = await import(/* @vite-ignore */ url.pathname);
  const reader = typeof module === "object" && module !== null ? Reflect.get(module, name) : null;
  return typeof reader === "function" ? (tree, path) => reader(tree, path) : null;
}

function reportAbsent(rows: readonly IndexRow[], files: readonly string[]): void {
  const absent = rows
    .filter((row) => !files.some((path) => rowOf([row], path) !== null))
    .map(({ number }) => number);
  if (absent.length > 0) console.log(`   absent, only in INDEX.md: ${absent.join(", ")}`);
}

function rowOf(rows: readonly IndexRow[], path: string): IndexRow | null {
  const number = Number(/^\d+/.exec(basename(path))?.[0]);
  return rows.find((row) => Number(row.number) === number) ?? null;
}

function readDisagreements(): readonly Disagreement[] {
  return JSON.parse(readFileSync(new URL("disagreements.json", import.meta.url), "utf8"));
}

function checkFile(given: {
  readonly path: string;
  readonly tree: ConfigurationTree;
  readonly reader: Reader;
  readonly row: IndexRow | null;
  readonly disagreements: readonly Disagreement[];
}): FileResult {
  const { path, tree, row } = given;
  let configuration: HostConfiguration;
  try {
    configuration = given.reader(tree, path);
  } catch (error) {
    const complaint = `the reader threw: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`;
    return { path, status: "failed", complaints: [complaint], facts: [], reports: [], row };
  }
  const facts = describeFacts(configuration);
  const reports = configuration.issues.map(
    ({ severity, code, message, source }) =>
      `${severity} ${code} ${source === null ? "" : formatSource(source)} ${message}`,
  );
  const expectations = row === null ? [] : readExpectations(row.facts);
  const known = given.disagreements.filter((each) => Number(each.row) === Number(row?.number));
  const outcomes = expectations
    .filter(({ token }) => !known.some((each) => each.token === token))
    .map((expectation) => checkExpectation(expectation, { facts, reports }));
  const complaints = [
    ...misplaced(configuration, { path, text: tree.read(path) ?? "" }),
    ...outcomes.flatMap(complaintOf),
  ];
  const isChecked = outcomes.length > 0;
  const status = complaints.length > 0 ? "failed" : isChecked ? "passed" : "by eye";
  return { path, status, complaints, facts, reports, row };
}

function complaintOf({ expectation, status, evidence }: Outcome): readonly string[] {
  const { kind, token, link } = expectation;
  const on = link === null ? "" : ` (after \`${link}\`)`;
  const near = evidence.length === 0 ? "" : `; nearest: ${evidence.slice(0, 3).join(" / ")}`;
  if (status === "missing") return [`expected ${kind} \`${token}\`${on}, found none${near}`];
  if (status === "present-but-forbidden") return [`expected \`${token}\` to be no fact, found it${near}`];
  return [];
}

function printResult(result: FileResult, showsFacts: boolean): void {
  console.log(`${result.status.padEnd(7)} ${result.path}`);
  for (const complaint of result.complaints) console.log(`        ${complaint}`);
  if (result.status === "passed" && !showsFacts) return;
  console.log(`        INDEX: ${result.row?.facts ?? "no row"}`);
  for (const fact of result.facts) console.log(`          ${fact}`);
  for (const report of result.reports) console.log(`          ! ${report}`);
}
