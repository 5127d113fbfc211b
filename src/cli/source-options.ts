import type { Command } from "commander";
import type { NetworkSource } from "#app/index.js";
import { usageFailure } from "./command-failure.js";

/** The options that say where the network is described. */
export interface SourceOptions {
  readonly snapshot?: string;
  readonly fleet?: string;
  readonly tree?: string;
  /** False after `--no-nix`. */
  readonly nix: boolean;
}

/** Adds `--snapshot`, `--fleet`, `--tree` and `--no-nix` to a command. */
export function addSourceOptions(command: Command): Command {
  return command
    .option("--snapshot <dir>", "a snapshot directory: live state, one folder a host")
    .option("--fleet <file>", "a fleet file; its network is what a cold boot of the configuration gives")
    .option("--tree <dir|git:rev>", "where the fleet's configuration lies (default: beside the fleet file)")
    .option("--no-nix", "do not ask an installed nix-instantiate about modules that are not literal");
}

/** Reads those options; exactly one source has to be named. */
export function readSource({ snapshot, fleet, tree, nix }: SourceOptions): NetworkSource {
  if (snapshot !== undefined && fleet !== undefined)
    throw usageFailure(
      "Expected either `--snapshot` or `--fleet`, found both.",
      "Leave one of them out: the network is read from one place.",
    );
  if (fleet !== undefined)
    return { kind: "fleet", file: fleet, tree: tree ?? null, nix: nix ? "auto" : "never" };
  if (snapshot === undefined)
    throw usageFailure(
      "Expected `--snapshot DIR` or `--fleet FILE`, found neither.",
      "Say where the network is described: a collected snapshot, or a fleet file with its configuration.",
    );
  if (tree !== undefined)
    throw usageFailure(
      "Expected `--tree` together with `--fleet`, found it with `--snapshot`.",
      "Leave `--tree` out: a snapshot has no configuration files.",
    );
  return { kind: "snapshot", directory: snapshot };
}
