import type { TextStyle } from "#report/index.js";
import type { ExitCode } from "./exit-code.js";
import type { Terminal } from "./run/terminal.js";

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
  /** The same for a command that was run for the operator: its own exit code, whatever it means. */
  readonly exitAsCommand: (code: number) => void;
  /** Whoever watches, for verbs that take their time and ask. */
  readonly terminal: Terminal;
  /** From here on a lost output ends nothing: hosts wait for the end of what was begun. */
  readonly outliveOutput: () => void;
}
