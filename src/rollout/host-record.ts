/**
 * Where one change of one host stands, as the host itself says. `armed`: the dead-man runs, nothing is changed; `switching`: the forward
 * commands run; `switched`: they are done; `confirmed`: the dead-man is off, and what is to be written is being written or is;
 * `reverting`; `reverted`: the kernel and the files are as they were when it was armed; `failed`: a person is needed.
 */
export type RecordState =
  | "armed"
  | "switching"
  | "switched"
  | "confirmed"
  | "reverting"
  | "reverted"
  | "failed";

/** One record that a host keeps: one change of it in one phase of one run. */
export interface HostRecord {
  /** Letters, digits and `-` alone, such as `20261123T031500Z-3f2a-p1`. */
  readonly id: string;
  readonly state: RecordState;
  /** Whether the host has rebooted since it was armed: then its kernel is as its files say, and no dead-man runs. */
  readonly hasRebooted: boolean;
  /** Seconds to the dead-man, or null where none runs. */
  readonly secondsLeft: number | null;
  /** `failed`: what was to be written is not, or not all of it. */
  readonly persisted: "no" | "yes" | "failed";
  /** What the host program says of it, one line, or empty. */
  readonly note: string;
}

/** What a host says of itself. */
export interface HostStatus {
  /** The kernel's boot id: another one means another boot. */
  readonly bootId: string;
  /** Seconds since its boot. */
  readonly uptimeSeconds: number;
  /** The run that has claimed the host, or null. */
  readonly claim: string | null;
  /** Oldest first. */
  readonly records: readonly HostRecord[];
}
