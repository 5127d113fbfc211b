import type { TextStyle } from "#report/index.js";
import type { ExitCode } from "./exit-code.js";

/** What a command may use of the process. */
export interface CommandContext {
  /** The version of the package. */
  readonly version: string;
  /** Sends the result to the standard output, or to a file that is complete or not there. */
  readonly print: (pieces: Iterable<string>, file: string | null) => Promise<void>;
  /** Says something besides the result, on the standard error. */
  readonly note: (text: string) => void;
  /** How text for this destination looks: colours only on a terminal that wants them. */
  readonly styleFor: (file: string | null) => TextStyle;
  /** Sets what the process ends with when all is printed; 0 where nobody does. */
  readonly exitWith: (code: ExitCode) => void;
}
