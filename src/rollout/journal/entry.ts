import type { HostId } from "#model/index.js";
import type { RunOutcome } from "../outcome.js";
import type { RunProgram } from "../run-program.js";

/** What a host is told to do; see the host program. */
export type HostVerb =
  | "claim"
  | "arm"
  | "switch"
  | "extend"
  | "confirm"
  | "revert"
  | "release"
  | "unclaim"
  | "flush";

/** What is said before something is done, and what came of it. An `intent` without its `result` may have happened or not. */
export type NewJournalEntry =
  | { readonly kind: "begin"; readonly program: RunProgram; readonly by: string }
  | { readonly kind: "resume"; readonly by: string }
  | {
      readonly kind: "intent";
      readonly verb: HostVerb;
      readonly record: string;
      readonly hosts: readonly HostId[];
    }
  | {
      readonly kind: "result";
      readonly verb: HostVerb;
      readonly record: string;
      readonly hosts: readonly {
        readonly host: HostId;
        readonly result: "done" | "refused" | "failed" | "unknown" | "unreachable";
        readonly note: string;
      }[];
    }
  /** After this the direction is fixed: `confirm` is carried to its end by whoever resumes, and so is `take-back`. */
  | {
      readonly kind: "decision";
      readonly phase: number;
      readonly decision: "confirm" | "take-back";
      readonly why: string;
    }
  | {
      readonly kind: "gate";
      readonly phase: number;
      readonly passed: boolean;
      readonly what: readonly string[];
    }
  | { readonly kind: "note"; readonly what: string; readonly detail: string }
  | { readonly kind: "end"; readonly outcome: RunOutcome };

/** An entry with its place in the chain. */
export type JournalEntry = NewJournalEntry & {
  /** From 1, without gaps. */
  readonly seq: number;
  /** ISO 8601, UTC; for people alone. */
  readonly time: string;
  /** `hash` of the entry before, 64 zeros for the first. */
  readonly previous: string;
  /** SHA-256 in hex over the canonical JSON of all the rest. */
  readonly hash: string;
};
