import { PLAIN } from "#report/index.js";

type Signal = "SIGINT" | "SIGTERM" | "SIGHUP";

/** A terminal in memory: what is written can be read, and answers and signals come when a test gives them. */
export class TestTerminal {
  isInteractive = true;
  canRedraw = false;
  columns = 80;
  rows = 24;
  readonly style = PLAIN;
  readonly questions: string[] = [];
  /** Given one for each question; where there is none left, nobody answers until the signal comes. */
  readonly answers: (string | null)[] = [];
  /** Everything that was written, cursor movements too, in its order. */
  readonly written: string[] = [];
  readonly #listeners = new Set<(signal: Signal) => void>();

  readonly size = (): { readonly columns: number; readonly rows: number } => ({
    columns: this.columns,
    rows: this.rows,
  });
  readonly write = (text: string): void => void this.written.push(text);
  readonly control = (sequence: string): void => void this.written.push(sequence);

  readonly ask = (question: string, signal: AbortSignal): Promise<string | null> => {
    this.questions.push(question);
    const answer = this.answers.shift();
    if (answer !== undefined) return Promise.resolve(answer);
    return new Promise((resolve) => {
      signal.addEventListener("abort", () => resolve(null), { once: true });
    });
  };

  readonly onSignal = (listener: (signal: Signal) => void): (() => void) => {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  };

  send(signal: Signal): void {
    for (const listener of this.#listeners) listener(signal);
  }

  text(): string {
    return this.written.join("");
  }
}
