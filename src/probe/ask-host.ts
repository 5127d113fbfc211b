import { err, type HostId, ok, type Result } from "#model/index.js";
import { type ProbeCommand, type SessionOf, whyNoAnswer } from "./session.js";

/** How long a host may take to give a session, unless the caller says otherwise. */
const OPENING_MS = 15_000;

/** What a fixed script printed on a host. */
export interface ScriptAnswer {
  readonly code: number;
  readonly stdout: string;
}

/** One script with its arguments as words. */
export interface ScriptQuestion {
  readonly script: string;
  readonly words: readonly string[];
  readonly timeoutMs: number;
}

/**
 * Runs a fixed text of `sh` on a host. The words of the question are its positional parameters and never part of the text. Never throws
 * and always ends; without an answer the error says why.
 */
export async function askHost(
  sessionOf: SessionOf,
  host: HostId,
  { script, words, timeoutMs }: ScriptQuestion,
): Promise<Result<ScriptAnswer, string>> {
  const command: ProbeCommand = { words: ["sh", "-c", script, "sh", ...words], timeoutMs };
  try {
    const opened = await within(sessionOf(host), OPENING_MS);
    if (opened === "late") return err(`no session within ${OPENING_MS / 1000} s`);
    if (!opened.ok) return err(`no session: ${opened.error.why}`);
    // A transport keeps time itself; this is for one that does not.
    const answer = await within(opened.value.run(command), timeoutMs + OPENING_MS);
    if (answer === "late") return err(whyNoAnswer({ kind: "timed-out", afterMs: timeoutMs + OPENING_MS }));
    return answer.kind === "ended"
      ? ok({ code: answer.code, stdout: answer.stdout })
      : err(whyNoAnswer(answer));
  } catch (error) {
    return err(error instanceof Error ? error.message : String(error));
  }
}

async function within<T>(work: Promise<T>, ms: number): Promise<T | "late"> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<"late">((resolve) => {
    timer = setTimeout(() => resolve("late"), ms);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}
