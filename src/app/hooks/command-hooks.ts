import type { RunHooks, RunPhase } from "#rollout/index.js";
import type { HookCommand } from "./command-words.js";
import { hookEnded, hookRefused } from "./messages.js";
import { type ProgramEnd, runProgramOfOperator } from "./run-program-of-operator.js";

/** The operator's programs around each phase; null where there is none. */
export interface HookCommands {
  readonly before: HookCommand | null;
  readonly after: HookCommand | null;
}

/** What the hooks of one run need. */
export interface HookOptions {
  readonly commands: HookCommands;
  readonly runId: string;
  readonly timeoutMs: number;
  /** Where what became of a program is noted; awaited, so that it stands in the journal before the run goes on. */
  readonly note: (what: string, detail: string) => Promise<void>;
}

/** Longer than most, shorter than an operator waits in doubt. */
export const HOOK_TIMEOUT_MS = 60_000;

/**
 * Runs the operator's programs around each phase, with POINTSMAN_RUN, POINTSMAN_PHASE, POINTSMAN_HOSTS and, behind the phase, POINTSMAN_OUTCOME
 * in their environment. Only one that ends with 0 before a phase lets it begin; what one behind a phase ends with is noted and stops nothing.
 */
export function commandHooks(options: HookOptions): RunHooks {
  return {
    before: async (phase) => {
      const command = options.commands.before;
      if (command === null) return { ok: true, why: "" };
      const end = await runHook(options, command, environmentOf(options.runId, phase));
      await options.note("hook-before", hookEnded(command, phase.number, end));
      return end.kind === "ended" && end.code === 0
        ? { ok: true, why: "" }
        : { ok: false, why: hookRefused(command, phase.number, end) };
    },
    after: async (phase, outcome) => {
      const command = options.commands.after;
      if (command === null) return;
      const environment = { ...environmentOf(options.runId, phase), POINTSMAN_OUTCOME: outcome };
      const end = await runHook(options, command, environment);
      await options.note("hook-after", hookEnded(command, phase.number, end));
    },
  };
}

function runHook(
  { timeoutMs }: HookOptions,
  command: HookCommand,
  environment: Readonly<Record<string, string>>,
): Promise<ProgramEnd> {
  return runProgramOfOperator({ command, environment, timeoutMs });
}

function environmentOf(runId: string, phase: RunPhase): Readonly<Record<string, string>> {
  return {
    POINTSMAN_RUN: runId,
    POINTSMAN_PHASE: String(phase.number),
    POINTSMAN_HOSTS: phase.steps.map(({ host }) => host).join(" "),
  };
}
