import type { HostId, Result } from "#model/index.js";

/** One command for a host: words, never shell text. */
export interface HostCommand {
  /** The program and its arguments; each reaches the host as this one word, whatever characters it has. */
  readonly words: readonly [string, ...string[]];
  /** What it reads from its standard input; missing: nothing. */
  readonly input?: string;
  /** After this long its process group is killed and the answer is `timed-out`. */
  readonly timeoutMs: number;
}

/** What became of a command. Only `ended` says what the host did; after `timed-out` and `lost` it may have done anything. */
export type HostAnswer =
  | { readonly kind: "ended"; readonly code: number; readonly stdout: string; readonly stderr: string }
  | { readonly kind: "timed-out"; readonly afterMs: number }
  /** The connection ended after the command was sent and before its answer was whole. */
  | { readonly kind: "lost"; readonly why: string }
  /** The command was certainly not sent. */
  | { readonly kind: "unreachable"; readonly why: string };

/** One persistent shell on one host. Commands run one after the other; those that wait keep their order. */
export interface HostSession {
  readonly host: HostId;
  readonly run: (command: HostCommand) => Promise<HostAnswer>;
  /** Idempotent; a command that runs is answered `lost`. */
  readonly close: () => Promise<void>;
}

/** Why a host has no session. */
export interface Unreachable {
  readonly kind: "unreachable" | "host-key" | "refused" | "timed-out";
  readonly why: string;
  /** What to do next. */
  readonly hint: string;
}

/**
 * Opens sessions. `change` sessions run as root (themselves or through sudo) and are used for the host program alone; `probe` sessions
 * need no privilege. A session that was lost is opened anew by asking again.
 */
export interface HostReach {
  readonly open: (host: HostId, purpose: "probe" | "change") => Promise<Result<HostSession, Unreachable>>;
}
