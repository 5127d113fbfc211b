import type { HostId } from "#model/index.js";
import type { CellReading } from "./cell.js";
import type { RecordState } from "./host-record.js";
import type { JournalEntry } from "./journal/entry.js";

/** What a run tells those who watch it: each journal entry as it is written, and what is too fleeting for the journal. */
export type RunEvent =
  | { readonly kind: "journal"; readonly entry: JournalEntry }
  /** `secondsLeft`: until the host takes the change back by itself; null where nothing is armed. */
  | {
      readonly kind: "host";
      readonly host: HostId;
      readonly state: RecordState | "idle" | "unreachable";
      readonly secondsLeft: number | null;
    }
  | {
      readonly kind: "gate";
      readonly phase: number;
      readonly agreements: number;
      readonly wanted: number;
      readonly disagreements: readonly CellReading[];
      readonly secondsLeft: number;
    }
  | { readonly kind: "waiting"; readonly for: string; readonly secondsLeft: number };
