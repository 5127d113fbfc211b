import { setTimeout as sleep } from "node:timers/promises";
import type { Clock, JournalEntry, RunEvent, RunReport, RunSurroundings } from "#app/index.js";
import { openRecords, renderByHand, renderRunJson, renderRunText } from "#report/index.js";
import type { CommandContext } from "../context.js";
import { EXIT } from "../exit-code.js";
import { type EventStream, openEventStream } from "./event-stream.js";
import { openProgress, type Progress } from "./progress.js";
import { stateFolder } from "./run-options.js";
import type { Terminal } from "./terminal.js";
import { readHooks, readWebhook, refuseTwoOutputs, type WatchOptions } from "./watch-options.js";
import { TerminalWishes } from "./wishes.js";

/** A run that is continued: what it is called, what its journal has, and which hosts it changes. */
export interface Continued {
  readonly runId: string;
  readonly entries: readonly JournalEntry[];
  readonly hosts: readonly string[];
}

const CLOCK: Clock = {
  now: () => new Date().toISOString(),
  monotonicMs: () => performance.now(),
  sleep: async (ms) => {
    await sleep(ms);
  },
};

/**
 * A run before a person's eyes: the screen, the event stream and the ears for signals, from when it is made until its work has ended. A lost
 * output ends nothing meanwhile.
 */
export class Watch {
  readonly surroundings: RunSurroundings;
  readonly progress: Progress;
  readonly #terminal: Terminal;
  readonly #entries: JournalEntry[];
  readonly #events: EventStream | null;
  readonly #wishes: TerminalWishes;

  constructor(options: WatchOptions, context: CommandContext, continued: Continued | null = null) {
    refuseTwoOutputs(options);
    const hooks = readHooks(options);
    const webhook = readWebhook(options);
    this.#terminal = context.terminal;
    this.#entries = [...(continued?.entries ?? [])];
    this.#events = this.#openEvents(options.events, continued?.runId ?? "");
    this.progress = openProgress(context.terminal);
    this.progress.expect(continued?.hosts ?? []);
    this.#wishes = new TerminalWishes({
      terminal: context.terminal,
      progress: this.progress,
      hasBegun: () => this.#entries.length > 0,
      onLeaving: () => this.#sayByHand(),
      quit: () => process.exit(EXIT.interrupted),
    });
    context.outliveOutput();
    this.surroundings = {
      stateFolder: stateFolder(options),
      hooks,
      webhook,
      control: this.#wishes,
      emit: (event) => this.#hear(event),
      clock: CLOCK,
      version: context.version,
    };
  }

  /** Whether the person at the terminal wants it to stop. */
  isInterrupted(): boolean {
    return this.#wishes.wish() !== "go-on";
  }

  /** One line of answer; null where nobody answers. */
  ask(question: string): Promise<string | null> {
    return this.#wishes.ask(question);
  }

  /** Waits for the run and ends what was opened; what is armed is shown where a bug ends it. The last lines stay on the screen. */
  async carryOut<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      this.#sayByHand();
      throw error;
    } finally {
      this.#wishes.close();
      this.progress.close();
      await this.#events?.close();
    }
  }

  #openEvents(target: string | undefined, run: string): EventStream | null {
    const note = (text: string): void => this.progress.say(text);
    return target === undefined ? null : openEventStream({ target, run, now: CLOCK.now, note });
  }

  #hear(event: RunEvent): void {
    if (event.kind === "journal") {
      this.#entries.push(event.entry);
      // A question whether to confirm has its answer, be it from another terminal.
      if (event.entry.kind === "decision") this.#wishes.dropQuestion();
    }
    this.progress.show(event);
    this.#events?.write(event);
  }

  #sayByHand(): void {
    const left = this.progress
      .hosts()
      .flatMap(({ host, secondsLeft }) => (secondsLeft === null ? [] : [[host, secondsLeft] as const]));
    const text = renderByHand(openRecords(this.#entries, new Map(left)), this.#terminal.style).trimEnd();
    if (text !== "") this.progress.say(text);
  }
}

/** Prints what became of a run: one document, or text, which makes room where events have the standard output. */
export async function printReport(
  report: RunReport,
  { json, events }: WatchOptions,
  context: CommandContext,
): Promise<void> {
  if (json === true) return context.print([renderRunJson(report)], null);
  if (events === "-") return context.note(renderRunText(report, context.terminal.style));
  await context.print([renderRunText(report, context.styleFor(null))], null);
}
