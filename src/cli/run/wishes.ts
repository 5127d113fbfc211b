import { setTimeout as sleep } from "node:timers/promises";
import type { RunControl } from "#app/index.js";
import {
  answerWanted,
  confirmQuestion,
  hangUp,
  interruptedBefore,
  interruptedOnce,
  interruptedTwice,
  mayGoOnQuestion,
} from "./messages.js";
import type { Progress } from "./progress.js";
import type { Signal, Terminal } from "./terminal.js";

/** What wishes are read from and answered to. */
export interface WishesOptions {
  readonly terminal: Terminal;
  readonly progress: Progress;
  /** Whether anything was told to a host. */
  readonly hasBegun: () => boolean;
  /** Called when the person wants to leave: what is armed is shown at once, whatever the run still waits for. */
  readonly onLeaving: () => void;
  /** Ends the process without waiting for anything more; for who asks a third time. */
  readonly quit: () => void;
}

type Phase = Parameters<RunControl["isConfirmed"]>[0];
type Wish = ReturnType<RunControl["wish"]>;

/** Longer than anybody waits; timers of Node.js take no more than 2^31 - 1 ms. */
const LONGEST_MS = 2 ** 31 - 1;

const YES_OR_NO: ReadonlyMap<string, boolean> = new Map([
  ["yes", true],
  ["no", false],
]);

const CONFIRM_OR_ABORT: ReadonlyMap<string, "confirm" | "abort"> = new Map([
  ["confirm", "confirm"],
  ["abort", "abort"],
]);

/**
 * What the person at this terminal wants of a run, until it is closed. Ctrl-C once: stop after the gate; twice: leave; three times: end at
 * once. SIGTERM leaves; a terminal that hangs up stops after the gate, since nobody watches any more.
 */
export class TerminalWishes implements RunControl {
  readonly #options: WishesOptions;
  readonly #stopHearing: () => void;
  readonly #closed = new AbortController();
  #question = new AbortController();
  #wish: Wish = "go-on";

  constructor(options: WishesOptions) {
    this.#options = options;
    this.#stopHearing = options.terminal.onSignal((signal) => this.#hear(signal));
  }

  readonly wish = (): Wish => this.#wish;

  readonly mayGoOn = async (next: string): Promise<boolean> =>
    this.#options.terminal.isInteractive &&
    (await this.#choose(mayGoOnQuestion(next), YES_OR_NO, LONGEST_MS)) === true;

  readonly isConfirmed = async (phase: Phase, withinMs: number): Promise<boolean> => {
    if (!this.#options.terminal.isInteractive) return this.#silence(withinMs);
    const text = confirmQuestion(phase.number, Math.floor(withinMs / 1000));
    const answer = await this.#choose(text, CONFIRM_OR_ABORT, withinMs);
    if (answer === "abort") this.#wish = "abort";
    return answer === "confirm";
  };

  /** One line of answer; null where nobody answers, be it that an interrupt came first. */
  readonly ask = (text: string, withinMs: number = LONGEST_MS): Promise<string | null> => {
    const { terminal, progress } = this.#options;
    this.#question.abort();
    this.#question = new AbortController();
    const signal = AbortSignal.any([
      this.#question.signal,
      this.#closed.signal,
      AbortSignal.timeout(withinMs),
    ]);
    progress.hold();
    return terminal.ask(text, signal).finally(progress.goOn);
  };

  /** Takes a question away that was answered elsewhere. */
  readonly dropQuestion = (): void => this.#question.abort();

  readonly close = (): void => {
    this.#stopHearing();
    this.#closed.abort();
  };

  #hear(signal: Signal): void {
    const { progress, hasBegun } = this.#options;
    this.#question.abort();
    if (signal === "SIGTERM" || (signal === "SIGINT" && this.#wish !== "go-on")) {
      this.#leave();
      return;
    }
    if (this.#wish !== "go-on") return;
    this.#wish = "after-gate";
    progress.say(signal === "SIGHUP" ? hangUp() : hasBegun() ? interruptedOnce() : interruptedBefore());
  }

  #leave(): void {
    const { progress, onLeaving, quit } = this.#options;
    if (this.#wish === "leave") {
      quit();
      return;
    }
    this.#wish = "leave";
    progress.say(interruptedTwice());
    onLeaving();
  }

  /** Asks until one of the answers is given; null where nobody answers in time. */
  async #choose<T>(text: string, answers: ReadonlyMap<string, T>, withinMs: number): Promise<T | null> {
    const until = performance.now() + withinMs;
    for (;;) {
      const answer = await this.ask(text, Math.max(0, Math.floor(until - performance.now())));
      if (answer === null) return null;
      const meant = answers.get(answer.toLowerCase());
      if (meant !== undefined) return meant;
      this.#options.progress.say(answerWanted([...answers.keys()].map((word) => `\`${word}\``).join(" or ")));
    }
  }

  /** Nobody can type here; the confirmation may still come from another terminal until the time is up. */
  #silence(withinMs: number): Promise<boolean> {
    return sleep(withinMs, false, { signal: this.#closed.signal }).catch(() => false);
  }
}
