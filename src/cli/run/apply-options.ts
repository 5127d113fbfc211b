import { type Command, Option } from "commander";
import type { ApplyRequest, RunPolicy, RunSurroundings } from "#app/index.js";
import { usageFailure } from "../command-failure.js";
import { readReach } from "./run-options.js";
import type { WatchOptions } from "./watch-options.js";

/** What the command line says of how a plan is carried out. */
export interface ApplyOptions extends WatchOptions {
  readonly configuration?: string;
  readonly system?: readonly string[];
  readonly persist?: "on-confirm" | "never";
  readonly oneByOne?: true;
  readonly pause?: true;
  readonly onFailure?: "revert-all" | "keep-confirmed";
  readonly deadline?: string;
  readonly waitConfirm?: true;
  readonly logWatch?: string;
  readonly skipCheck?: readonly string[];
  readonly window?: string;
  readonly yes?: true;
}

/** Adds them to a command. */
export function addApplyOptions(command: Command): Command {
  return command
    .option(
      "--configuration <dir|git:rev>",
      "where the new configuration files lie (default: the plan's own target)",
    )
    .option("--system <host=path>", "the store path of a NixOS system that is on its host already", gather)
    .addOption(
      new Option(
        "--persist <when>",
        "when to write to disk; `never` is a trial that a reboot ends (default: on-confirm)",
      ).choices(["on-confirm", "never"]),
    )
    .option("--one-by-one", "switch the hosts of a phase one after the other")
    .option("--pause", "ask before each next host; hosts then switch one after the other")
    .addOption(
      new Option(
        "--on-failure <policy>",
        "what becomes of confirmed phases when a later one fails (default: revert-all)",
      ).choices(["revert-all", "keep-confirmed"]),
    )
    .option(
      "--deadline <seconds>",
      "until a host takes its change back by itself (default: what the phases need)",
    )
    .option("--wait-confirm", "keep nothing before you confirm each phase")
    .option("--log-watch <seconds>", "how long logs are watched at the end (default: 120; 0: not at all)")
    .option(
      "--skip-check <name>",
      "leave out a check of those before the run; is noted in the journal",
      gather,
    )
    .option(
      "--window <window>",
      'the maintenance window in which the run must end, such as "Sat 22:00-23:30"',
    );
}

/** The part of a request that the options say. */
export type OwnRequest = Omit<ApplyRequest, keyof RunSurroundings | "mayBegin">;

/** What is asked of `apply`, but for its surroundings. */
export function readRequest(planPath: string, options: ApplyOptions): OwnRequest {
  return {
    planPath,
    fleetPath: options.fleet ?? null,
    reach: readReach(options) ?? { kind: "ssh", configFile: null },
    policy: readPolicy(options),
    configuration: options.configuration ?? null,
    systems: readSystems(options.system ?? []),
    skippedChecks: options.skipCheck ?? [],
    window: options.window ?? null,
  };
}

function readPolicy(options: ApplyOptions): Partial<RunPolicy> {
  const { persist, oneByOne, pause, onFailure, deadline, waitConfirm, logWatch } = options;
  return {
    ...(persist === undefined ? {} : { persist }),
    ...(oneByOne === true || pause === true ? { order: "one-by-one" } : {}),
    ...(pause === true ? { pauses: true } : {}),
    ...(onFailure === undefined ? {} : { onFailure }),
    ...(deadline === undefined ? {} : { deadlineSeconds: readSeconds("deadline", deadline, 1) }),
    ...(waitConfirm === true ? { awaitsConfirmation: true } : {}),
    ...(logWatch === undefined ? {} : { logWatchSeconds: readSeconds("log-watch", logWatch, 0) }),
  };
}

/** A day: nothing that a person waits for takes longer. */
const MOST_SECONDS = 86_400;

function readSeconds(name: string, text: string, least: number): number {
  const seconds = /^\d{1,5}$/.test(text) ? Number(text) : Number.NaN;
  if (seconds >= least && seconds <= MOST_SECONDS) return seconds;
  throw usageFailure(
    `Expected a whole number of seconds from ${least} to ${MOST_SECONDS} behind \`--${name}\`, found \`${text}\`.`,
    `Write it as \`--${name} 300\`.`,
  );
}

function readSystems(given: readonly string[]): ReadonlyMap<string, string> {
  const systems = new Map<string, string>();
  for (const one of given) {
    const [, host, path] = /^([^=]+)=(\/.*)$/.exec(one) ?? [];
    if (host === undefined || path === undefined || systems.has(host)) {
      throw usageFailure(
        `Expected a host and the path of its system once behind \`--system\`, found \`${one}\`.`,
        "Write it as `--system HOST=/nix/store/...`, with the path that the build of the host's new configuration gave.",
      );
    }
    systems.set(host, path);
  }
  return systems;
}

function gather(value: string, gathered: readonly string[] = []): readonly string[] {
  return [...gathered, value];
}
