import { readNixos, readNixosEvaluated } from "#formats/nixos/index.js";
import type { ConfigurationTree, HostConfiguration } from "#model/index.js";
import { evaluateNix, type NixAnswer } from "./evaluate-nix.js";
import { say } from "./messages.js";

/** Whether NixOS modules may be evaluated by an installed `nix-instantiate`. */
export type NixUse = "auto" | "never";

/** Reads NixOS modules; made once for all hosts of a tree. */
export type NixosReader = (tree: ConfigurationTree, path: string) => HostConfiguration;

/**
 * A reader that asks `nix-instantiate` only about modules of which the static reader leaves something unknown: what both read
 * is then the same with and without nix. Where nix is not there, or says no, the static reader's facts and unknowns stand.
 */
export function buildNixosReader(use: NixUse): NixosReader {
  let isInstalled = use === "auto";
  const evaluate = (tree: ConfigurationTree, path: string): NixAnswer => {
    const answer = evaluateNix(tree, path);
    if (answer.kind === "not-installed") isInstalled = false;
    return answer;
  };
  return (tree, path) => {
    const read = readNixos(tree, path);
    const isWhole = read.issues.every((issue) => issue.severity !== "unmodelled");
    if (isWhole || !isInstalled) return read;
    const answer = evaluate(tree, path);
    switch (answer.kind) {
      case "evaluated":
        return readNixosEvaluated(answer.json, tree, path);
      case "failed":
        return { ...read, issues: [...read.issues, say.nixFailed(path, answer.complaint)] };
      case "not-installed":
        return read;
    }
  };
}
