import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { nixInstantiateArguments, nixInstantiateEnvironment } from "#formats/nixos/index.js";
import type { ConfigurationTree } from "#model/index.js";
import { isFolderTree } from "./tree/folder-tree.js";

/** A module that takes longer is no network configuration; the static reader has its facts. */
const TIMEOUT_MS = 20_000;
const MAX_OUTPUT = 64 * 1024 * 1024;

/** What became of an evaluation. */
export type NixAnswer =
  | { readonly kind: "evaluated"; readonly json: string }
  | { readonly kind: "failed"; readonly complaint: string }
  | { readonly kind: "not-installed" };

/**
 * Evaluates a NixOS module of a tree with `nix-instantiate` in a private store that is removed afterwards. A tree that is no
 * folder is written out for it. Nothing is built, nothing of the system's store is touched.
 */
export function evaluateNix(tree: ConfigurationTree, path: string): NixAnswer {
  const folder = mkdtempSync(join(tmpdir(), "pointsman-nix-"));
  try {
    const root = isFolderTree(tree) ? resolve(tree.root) : writeOut(tree, join(folder, "tree"));
    const done = spawnSync("nix-instantiate", nixInstantiateArguments(join(root, path)), {
      encoding: "utf8",
      timeout: TIMEOUT_MS,
      killSignal: "SIGKILL",
      maxBuffer: MAX_OUTPUT,
      env: { ...process.env, ...nixInstantiateEnvironment(folder) },
    });
    if (done.error !== undefined && "code" in done.error && done.error.code === "ENOENT")
      return { kind: "not-installed" };
    if (done.error !== undefined)
      return { kind: "failed", complaint: `no answer within ${TIMEOUT_MS / 1000} s` };
    if (done.status === 0) return { kind: "evaluated", json: done.stdout };
    return { kind: "failed", complaint: complaintOf(done.stderr) };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function writeOut(tree: ConfigurationTree, root: string): string {
  for (const path of tree.list(".")) {
    const file = join(root, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, tree.read(path) ?? "");
  }
  return root;
}

/** The line that says what is wrong: nix puts the trace before it, or `error:` alone on a line. */
function complaintOf(output: string): string {
  const lines = output.split("\n").map((line) => line.trim());
  const said = lines.filter((line) => line.startsWith("error:") && line !== "error:").at(-1);
  return (said ?? lines.find((line) => line !== "") ?? "no message").replace(/^error: /, "");
}
