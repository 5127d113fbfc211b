import type { HookCommand } from "./command-words.js";
import type { ProgramEnd } from "./run-program-of-operator.js";

/** What became of a hook, with the end of what it said; for the journal. */
export function hookEnded(command: HookCommand, phase: number, end: ProgramEnd): string {
  const said = "output" in end ? end.output.trim() : "";
  return `phase ${phase}: \`${command.join(" ")}\` ${describeEnd(end)}${said === "" ? "" : `; it said: ${said}`}`;
}

/** Why a phase does not begin. */
export function hookRefused(command: HookCommand, phase: number, end: ProgramEnd): string {
  return `Expected the program \`${command.join(" ")}\` before phase ${phase} to end with 0, and it ${describeEnd(end)}`;
}

export function webhookFailed(host: string, event: string, why: string): string {
  return `The webhook at \`${host}\` was not told of \`${event}\`: ${why}. The run goes on.`;
}

function describeEnd(end: ProgramEnd): string {
  switch (end.kind) {
    case "ended":
      return `ended with ${end.code}`;
    case "killed":
      return `was ended by ${end.signal}`;
    case "timed-out":
      return `was ended after ${end.afterMs / 1000} s without an answer`;
    case "not-started":
      return `could not be started (${end.why})`;
  }
}
