import type { HostAnswer, HostCommand, HostSession } from "#rollout/index.js";
import { renderCommand } from "./command-script.js";
import { type Elevation, elevate } from "./elevation.js";
import { END_COMMAND, FAREWELL } from "./hello-script.js";
import { newMark } from "./mark.js";
import type { Marked } from "./marked-stream.js";
import { say } from "./messages.js";
import type { HostId } from "./reach.js";
import type { ShellChild } from "./shell-child.js";

/** A killed group is gone within milliseconds; through `sudo` the host's own time-out may come up to one second later. */
const KILL_GRACE_MS = 2500;
/** How long a shell may take to say farewell before its child is killed. */
const FAREWELL_MS = 2000;

/** What a session is made of: a shell that has read `HELLO`. */
export interface ShellParts {
  readonly host: HostId;
  readonly child: ShellChild;
  /** How commands become root; null: they run as they are. */
  readonly elevation: Elevation | null;
}

type Both = readonly [stdout: Marked | null, stderr: Marked | null];

/** One persistent shell on one host; it owns its child. Commands run one after the other in the order in which they were asked for. */
export class ShellSession implements HostSession {
  readonly host: HostId;
  /** Resolves when its shell is gone. */
  readonly ended: Promise<void>;
  readonly #child: ShellChild;
  readonly #elevation: Elevation | null;
  #last: Promise<unknown> = Promise.resolve();
  #gone: string | null = null;
  #tellGone: (why: string) => void = () => {};

  constructor({ host, child, elevation }: ShellParts) {
    this.host = host;
    this.#child = child;
    this.#elevation = elevation;
    this.ended = child.ended.then((end) => this.#leave(say.shellEnded(end)));
    child.holdProcess(false);
  }

  /** False once it was lost or closed: then it answers nothing but `unreachable`. */
  get isOpen(): boolean {
    return this.#gone === null;
  }

  /** Never rejects. */
  run(command: HostCommand): Promise<HostAnswer> {
    const answer = this.#last.then(() => this.#send(command));
    this.#last = answer;
    return answer;
  }

  async close(): Promise<void> {
    this.#child.holdProcess(true);
    if (this.isOpen) {
      this.#leave(say.closed());
      this.#child.finish(FAREWELL);
    }
    const impatience = setTimeout(() => this.#child.kill(), FAREWELL_MS);
    await this.ended;
    clearTimeout(impatience);
  }

  async #send(command: HostCommand): Promise<HostAnswer> {
    if (this.#gone !== null) return { kind: "unreachable", why: this.#gone };
    if (command.words.some((word) => word.includes("\0")))
      return { kind: "unreachable", why: say.nulInWord() };
    this.#child.holdProcess(true);
    const answer = await this.#exchange(command);
    if (this.isOpen) this.#child.holdProcess(false);
    return answer;
  }

  async #exchange(command: HostCommand): Promise<HostAnswer> {
    const { timeoutMs, input } = command;
    const limitSeconds = Math.ceil(timeoutMs / 1000);
    const words =
      this.#elevation === null ? command.words : elevate(command.words, this.#elevation, limitSeconds);
    const mark = newMark();
    const gone = new Promise<string>((resolve) => {
      this.#tellGone = resolve;
    });
    const both = Promise.all([this.#child.stdout.read(mark), this.#child.stderr.read(mark)]);
    this.#child.write(renderCommand({ words, input: input ?? null, mark, limitSeconds }));
    const first = await within(timeoutMs, Promise.race([both, gone]));
    if (first === TOO_LATE) return this.#endLate({ timeoutMs, both, gone });
    return this.#judge(first);
  }

  #judge(first: Both | string): HostAnswer {
    if (typeof first === "string") return { kind: "lost", why: first };
    const [stdout, stderr] = first;
    if (stdout !== null && stderr !== null)
      return { kind: "ended", code: stdout.code, stdout: stdout.text, stderr: stderr.text };
    this.#abandon(say.tooMuchOutput());
    return { kind: "lost", why: say.tooMuchOutput() };
  }

  /** The answer is the same whether or not the host could be told to end it; but only a shell that is free again goes on. */
  async #endLate(late: {
    readonly timeoutMs: number;
    readonly both: Promise<Both>;
    readonly gone: Promise<string>;
  }): Promise<HostAnswer> {
    this.#child.write(END_COMMAND);
    const ended = await within(KILL_GRACE_MS, Promise.race([late.both, late.gone]));
    if (ended === TOO_LATE) this.#abandon(say.notEnded(late.timeoutMs));
    else if (typeof ended !== "string") this.#judge(ended);
    return { kind: "timed-out", afterMs: late.timeoutMs };
  }

  #abandon(why: string): void {
    this.#leave(why);
    this.#child.kill();
  }

  #leave(why: string): void {
    this.#gone ??= why;
    this.#tellGone(this.#gone);
  }
}

const TOO_LATE = Symbol("too late");
/** Node.js takes a longer time for none. */
const LONGEST_MS = 2 ** 31 - 1;

/** What it resolves to within the time. */
async function within<T>(ms: number, awaited: Promise<T>): Promise<T | typeof TOO_LATE> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<typeof TOO_LATE>((resolve) => {
    timer = setTimeout(() => resolve(TOO_LATE), Math.min(ms, LONGEST_MS));
  });
  try {
    return await Promise.race([late, awaited]);
  } finally {
    clearTimeout(timer);
  }
}
