import type { HostId, Result } from "#model/index.js";

/** One command as words; each reaches the host as this one word. After `timeoutMs` its process group is killed. */
export interface ProbeCommand {
  readonly words: readonly [string, ...string[]];
  readonly input?: string;
  readonly timeoutMs: number;
}

/** What became of a command. Only `ended` says what the host did. */
export type ProbeAnswer =
  | { readonly kind: "ended"; readonly code: number; readonly stdout: string; readonly stderr: string }
  | { readonly kind: "timed-out"; readonly afterMs: number }
  | { readonly kind: "lost"; readonly why: string }
  | { readonly kind: "unreachable"; readonly why: string };

/** A shell on a host; it needs no privilege. */
export interface ProbeSession {
  readonly run: (command: ProbeCommand) => Promise<ProbeAnswer>;
  readonly close: () => Promise<void>;
}

/** The session of a host, opened where it is not; `why` in words where there is none. Never throws. */
export type SessionOf = (host: HostId) => Promise<Result<ProbeSession, { readonly why: string }>>;

/** Why a command has no answer of the host, in words; null where it ended. */
export function whyNoAnswer(answer: Exclude<ProbeAnswer, { readonly kind: "ended" }>): string {
  switch (answer.kind) {
    case "timed-out":
      return `no answer within ${Math.ceil(answer.afterMs / 1000)} s`;
    case "lost":
      return `the session was lost: ${answer.why}`;
    case "unreachable":
      return `no session: ${answer.why}`;
  }
}
