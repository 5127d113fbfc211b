import type { FlowResult } from "#dataplane/index.js";
import type { Fleet, HostConfiguration, HostId, Issue, Snapshot, Source } from "#model/index.js";

/** `error`: it breaks traffic, or will at the next boot. `warning`: a risk. `note`: good to know. */
export type FindingSeverity = "error" | "warning" | "note";

/** Something that a rule says about a network. */
export interface Finding {
  /** The name of the rule. */
  readonly rule: string;
  readonly severity: FindingSeverity;
  /** One sentence in sentence case, values in backticks. */
  readonly message: string;
  /** The host to look at, or null where it is about the fleet. */
  readonly host: HostId | null;
  /** Where configuration says so, or null for live state. */
  readonly source: Source | null;
  /** The facts behind the message, one a line. */
  readonly evidence: readonly string[];
  /** What to do, in sentence case. */
  readonly wayOut: string;
}

/** Everything that rules may look at; made by `buildCheckInput`. */
export interface CheckInput {
  readonly snapshot: Snapshot;
  readonly fleet: Fleet | null;
  /** Empty for a live snapshot. */
  readonly configurations: ReadonlyMap<HostId, HostConfiguration>;
  /** From reading files and from booting; a kernel refusal has a code that starts with `boot/`. */
  readonly issues: readonly Issue[];
  /** What a cold boot of the configuration gives, where the snapshot is live and the configuration is known. */
  readonly booted: Snapshot | null;
  /** Every host to every address owned in the snapshot, in large fleets one pair of each kind; computed on first use and then shared. */
  readonly flows: () => readonly FlowResult[];
}

/** One check: a pure function with its explanation. */
export interface Rule {
  /** Kebab-case; also the name of its page in docs/checks/. */
  readonly name: string;
  readonly title: string;
  /** What it looks for and why that matters, with the kernel's rule. */
  readonly explanation: string;
  readonly check: (input: CheckInput) => readonly Finding[];
}
