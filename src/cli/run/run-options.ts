import { homedir } from "node:os";
import { join } from "node:path";
import { type Command, Option } from "commander";
import type { RunReach, RunSelection } from "#app/index.js";
import { usageFailure } from "../command-failure.js";

/** What says which runs are meant and how hosts are reached; the same for all verbs of a run. */
export interface ReachOptions {
  readonly fleet?: string;
  readonly sshConfig?: string;
  readonly lab?: string;
  readonly state?: string;
}

/** Adds them to a command. */
export function addReachOptions(command: Command): Command {
  return addSelectionOptions(command)
    .option("--ssh-config <file>", "the configuration of ssh, as `ssh -F` takes it (default: the user's own)")
    .option("--lab <name>", "reach the hosts of a lab of this machine instead of real ones");
}

/** Adds what says which run is meant. */
export function addSelectionOptions(command: Command): Command {
  return command
    .option("--fleet <file>", "the fleet file")
    .addOption(
      new Option(
        "--state <dir>",
        "where runs, their journals and locks are kept (default: `pointsman` in $XDG_STATE_HOME or ~/.local/state)",
      ),
    );
}

/** How the hosts are reached; null where the options leave it open. */
export function readReach({ sshConfig, lab }: ReachOptions): RunReach | null {
  if (sshConfig !== undefined && lab !== undefined) {
    throw usageFailure(
      "Expected `--ssh-config` or `--lab`, found both.",
      "Leave `--ssh-config` out: a lab is reached without ssh.",
    );
  }
  if (lab !== undefined) return { kind: "lab", name: lab };
  return sshConfig === undefined ? null : { kind: "ssh", configFile: sshConfig };
}

/** Where runs are kept: the base directory specification's place for what outlives a program and is no configuration. */
export function stateFolder({ state }: ReachOptions): string {
  if (state !== undefined) return state;
  const base = process.env["XDG_STATE_HOME"] ?? "";
  return join(base === "" ? join(homedir(), ".local", "state") : base, "pointsman");
}

/** Which run is meant. */
export function readSelection(run: string | undefined, options: ReachOptions): RunSelection {
  return { stateFolder: stateFolder(options), fleetPath: options.fleet ?? null, run: run ?? null };
}
