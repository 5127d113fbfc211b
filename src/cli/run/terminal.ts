import { createInterface } from "node:readline";
import { COLOURED, PLAIN, type TextStyle } from "#report/index.js";
import { terminalText } from "../terminal-text.js";

/** What a person at the keyboard, or whoever runs the program, may send. */
export type Signal = "SIGINT" | "SIGTERM" | "SIGHUP";

const SIGNALS: readonly Signal[] = ["SIGINT", "SIGTERM", "SIGHUP"];

/** Whoever watches a run: progress and questions go to the standard error, the result alone to the standard output. */
export interface Terminal {
  /** Whether questions can be asked: a person types at it and sees it. */
  readonly isInteractive: boolean;
  /** Whether lines can be drawn anew in their place. */
  readonly canRedraw: boolean;
  readonly style: TextStyle;
  readonly size: () => { readonly columns: number; readonly rows: number };
  /** Text for a person; control characters that came with names become U+FFFD. Never throws. */
  readonly write: (text: string) => void;
  /** Moves the cursor; only where it can redraw. */
  readonly control: (sequence: string) => void;
  /** One line of answer; null where the input ended or the signal came first. */
  readonly ask: (question: string, signal: AbortSignal) => Promise<string | null>;
  /** Hears signals, which then do not end the process, until the returned function is called. */
  readonly onSignal: (listener: (signal: Signal) => void) => () => void;
}

/** The terminal of this process. */
export function processTerminal(): Terminal {
  const { stdin, stderr } = process;
  const isDumb = process.env["TERM"] === "dumb";
  const canRedraw = stderr.isTTY === true && !isDumb;
  return {
    isInteractive: stdin.isTTY === true && stderr.isTTY === true,
    canRedraw,
    // https://no-color.org: present and not empty means none.
    style: canRedraw && (process.env["NO_COLOR"] ?? "") === "" ? COLOURED : PLAIN,
    size: () => ({ columns: stderr.columns ?? 80, rows: stderr.rows ?? 24 }),
    write: (text) => void stderr.write(terminalText(text)),
    control: (sequence) => void stderr.write(sequence),
    ask,
    onSignal: (listener) => {
      for (const signal of SIGNALS) process.on(signal, listener);
      return () => {
        for (const signal of SIGNALS) process.off(signal, listener);
      };
    },
  };
}

/** The line is edited by the terminal itself, so that Ctrl-C stays a signal while a question stands. */
function ask(question: string, signal: AbortSignal): Promise<string | null> {
  if (signal.aborted) return Promise.resolve(null);
  const lines = createInterface({ input: process.stdin, terminal: false });
  process.stderr.write(terminalText(question));
  return new Promise((resolve) => {
    const finish = (answer: string | null): void => {
      signal.removeEventListener("abort", giveUp);
      resolve(answer);
      lines.close();
    };
    const giveUp = (): void => finish(null);
    signal.addEventListener("abort", giveUp, { once: true });
    lines.once("line", (line) => finish(line.trim()));
    lines.once("close", giveUp);
  });
}
