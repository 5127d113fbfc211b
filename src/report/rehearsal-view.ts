/** A rehearsal as reports show it. */
export interface RehearsalView {
  readonly planDigest: string;
  readonly hosts: number;
  readonly runs: readonly RehearsedRunView[];
}

/** One run of the plan on the twin. */
export interface RehearsedRunView {
  /** In words; null: none. */
  readonly fault: string | null;
  /** The exit code in words. */
  readonly outcome: string;
  readonly exitCode: number | null;
  readonly wasResumed: boolean;
  readonly state: {
    readonly whole: "old" | "new" | "neither";
    readonly strange: readonly { readonly host: string; readonly lines: readonly string[] }[];
    readonly absent: readonly string[];
  };
  readonly worst: { readonly from: string; readonly to: string; readonly longestGapMs: number } | null;
  readonly lostEchoes: number;
  readonly sentEchoes: number;
  readonly secondsToWhole: number;
  readonly isAsPromised: boolean;
  readonly said: string;
}
