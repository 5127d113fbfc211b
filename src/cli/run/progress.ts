import type { RunEvent } from "#app/index.js";
import { describeGate, type HostProgress, renderEventText, renderHostLines } from "#report/index.js";
import type { Terminal } from "./terminal.js";

/** What a person sees of a run while it goes on. */
export interface Progress {
  /** Hosts that are shown before anything is said of them. */
  readonly expect: (hosts: readonly string[]) => void;
  readonly show: (event: RunEvent) => void;
  /** Lines of their own, above what is redrawn. */
  readonly say: (text: string) => void;
  /** Where each host stands and how long until it takes its change back, now. */
  readonly hosts: () => readonly HostProgress[];
  /** Nothing is redrawn while a question stands. */
  readonly hold: () => void;
  readonly goOn: () => void;
  /** Leaves the last lines where they are, and draws no more. */
  readonly close: () => void;
}

interface Seen {
  readonly state: string;
  readonly secondsLeft: number | null;
  /** When it was said, in milliseconds of `now`. */
  readonly at: number;
}

const REDRAW_MS = 1000;

/** Shows events on a terminal: one line for each host with its countdown, drawn anew each second, or plain lines where that is not possible. */
export function openProgress(
  terminal: Terminal,
  now: () => number = (): number => performance.now(),
): Progress {
  return terminal.canRedraw ? new DrawnProgress(terminal, now) : new PlainProgress(terminal, now);
}

/** Remembers what was said of hosts; both kinds of progress need it. */
class HostMemory {
  readonly #seen = new Map<string, Seen>();
  readonly #now: () => number;

  constructor(now: () => number) {
    this.#now = now;
  }

  /** Whether the event says of a host what was not said before; the countdown alone does not count. */
  learn(event: RunEvent): boolean {
    if (event.kind === "journal" && event.entry.kind === "begin")
      this.expect(event.entry.program.phases.flatMap(({ steps }) => steps.map(({ host }) => host)));
    if (event.kind !== "host") return false;
    const { host, state, secondsLeft } = event;
    const isNew = this.#seen.get(host)?.state !== state;
    this.#seen.set(host, { state, secondsLeft, at: this.#now() });
    return isNew;
  }

  expect(hosts: readonly string[]): void {
    for (const host of hosts) this.#seen.set(host, { state: "idle", secondsLeft: null, at: this.#now() });
  }

  list(): readonly HostProgress[] {
    const now = this.#now();
    return [...this.#seen].map(([host, { state, secondsLeft, at }]) => ({
      host,
      state,
      secondsLeft: secondsLeft === null ? null : Math.max(0, secondsLeft - (now - at) / 1000),
    }));
  }
}

/** Said once on plain lines: what is announced comes again as its result. */
function isWorthALine(event: RunEvent): boolean {
  return event.kind === "journal" && event.entry.kind !== "intent";
}

class PlainProgress implements Progress {
  readonly #terminal: Terminal;
  readonly #memory: HostMemory;
  #last = "";

  constructor(terminal: Terminal, now: () => number) {
    this.#terminal = terminal;
    this.#memory = new HostMemory(now);
  }

  readonly expect = (hosts: readonly string[]): void => this.#memory.expect(hosts);

  readonly show = (event: RunEvent): void => {
    const isNews = this.#memory.learn(event);
    const text = renderEventText(event);
    if (text === null) return;
    if (event.kind === "gate" || event.kind === "waiting") {
      const key = essence(event);
      if (key === this.#last) return;
      this.#last = key;
    } else if (!isNews && !isWorthALine(event)) return;
    this.say(text);
  };

  readonly say = (text: string): void => this.#terminal.write(`${text}\n`);
  readonly hosts = (): readonly HostProgress[] => this.#memory.list();
  readonly hold = (): void => undefined;
  readonly goOn = (): void => undefined;
  readonly close = (): void => undefined;
}

/** What of a fleeting event has to differ to be worth another line: its countdown has not. */
function essence(event: Extract<RunEvent, { readonly kind: "gate" | "waiting" }>): string {
  return event.kind === "waiting" ? event.for : describeGate({ ...event, secondsLeft: 0 });
}

class DrawnProgress implements Progress {
  readonly #terminal: Terminal;
  readonly #memory: HostMemory;
  readonly #timer: NodeJS.Timeout;
  #fleeting: RunEvent | null = null;
  #drawn = 0;
  #isHeld = false;

  constructor(terminal: Terminal, now: () => number) {
    this.#terminal = terminal;
    this.#memory = new HostMemory(now);
    this.#timer = setInterval(() => this.#redraw([]), REDRAW_MS);
    this.#timer.unref();
  }

  readonly expect = (hosts: readonly string[]): void => this.#memory.expect(hosts);

  readonly show = (event: RunEvent): void => {
    this.#memory.learn(event);
    if (event.kind === "gate" || event.kind === "waiting") this.#fleeting = event;
    else if (isWorthALine(event)) this.#fleeting = null;
    const text = isWorthALine(event) ? renderEventText(event) : null;
    this.#redraw(text === null ? [] : [text]);
  };

  readonly say = (text: string): void => this.#redraw([text]);
  readonly hosts = (): readonly HostProgress[] => this.#memory.list();

  readonly hold = (): void => {
    this.#erase();
    this.#isHeld = true;
  };

  readonly goOn = (): void => {
    this.#isHeld = false;
    this.#redraw([]);
  };

  readonly close = (): void => {
    clearInterval(this.#timer);
    this.#isHeld = true;
    this.#drawn = 0;
  };

  #redraw(above: readonly string[]): void {
    this.#erase();
    for (const line of above) this.#terminal.write(`${line}\n`);
    if (this.#isHeld) return;
    const lines = this.#lines();
    for (const line of lines) this.#terminal.write(`${line}\n`);
    this.#drawn = lines.length;
  }

  /** Up to the first drawn line, and everything below it away; ECMA-48, CPL and ED. */
  #erase(): void {
    if (this.#drawn > 0) this.#terminal.control(`\u001b[${this.#drawn}F\u001b[J`);
    this.#drawn = 0;
  }

  /** As many as fit, cut to the width: a line that wraps would not be found again. */
  #lines(): readonly string[] {
    const { columns, rows } = this.#terminal.size();
    const hosts = this.#memory.list();
    const fitting = Math.max(1, rows - 4);
    const width = columns - 1;
    const shown = renderHostLines(hosts.slice(0, fitting), this.#terminal.style);
    const rest = hosts.length > fitting ? [`  and ${hosts.length - fitting} more hosts`] : [];
    const fleeting = this.#fleeting === null ? null : renderEventText(this.#fleeting);
    return [...shown, ...rest, ...(fleeting === null ? [] : [`  ${fleeting}`])].map((line) =>
      cut(line, width),
    );
  }
}

/** Cuts what is seen of a line; its colours are no width. */
function cut(line: string, width: number): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: SGR of ECMA-48 begins with one
  const parts = line.split(/(\u001b\[\d+m)/);
  let left = width;
  return parts
    .map((part, index) => {
      if (index % 2 === 1) return part;
      const kept = part.slice(0, left);
      left -= kept.length;
      return kept;
    })
    .join("");
}
