import type { HostId } from "#model/index.js";
import { parseStatus, whyOf } from "../host-program/parse-answers.js";
import type { HostStatus } from "../host-record.js";
import type { HostReply } from "../host-reply.js";
import { messages } from "../messages.js";
import type { HostAnswer, HostReach, HostSession } from "../ports/host-session.js";
import type { HostProgram } from "../ports/ports.js";
import { INSTALL } from "./install-script.js";

/** Where the host program and its state lie, if the caller says nothing else. */
const HOST_FOLDER = "/var/lib/pointsman";

/** What this version of the host program answers to `version`. */
const VERSION = "pointsman-host 1";

/** What a client needs to know of its host. */
export interface HostClientOptions {
  readonly host: HostId;
  readonly reach: HostReach;
  readonly hostProgram: HostProgram;
  readonly requestTimeoutMs: number;
}

/**
 * Speaks to the host program of one host. It sends each request once; whether one whose answer was lost may be sent again is decided by
 * who observes (`carryOut`).
 */
export class HostClient {
  readonly host: HostId;
  readonly requestTimeoutMs: number;
  readonly #options: HostClientOptions;
  #session: HostSession | null = null;

  constructor(options: HostClientOptions) {
    this.host = options.host;
    this.requestTimeoutMs = options.requestTimeoutMs;
    this.#options = options;
  }

  /** Sends one verb and reads its exit code; `value` is what the host program wrote. */
  async tell(
    args: readonly string[],
    input = "",
    timeoutMs = this.requestTimeoutMs,
  ): Promise<HostReply<string>> {
    const words = ["sh", `${this.#folder()}/pointsman-host`, ...args] as const;
    return replyOf(await this.#run(words, input, timeoutMs));
  }

  /**
   * Lays the host program on the host, unless the same text lies there. Idempotent; a text that arrived torn is never put in place. A user
   * who may only run the host program (sudo) can neither compare nor lay it: then the one that answers with this version is taken.
   */
  async install(): Promise<HostReply<string>> {
    const { text, sha256 } = this.#options.hostProgram;
    const words = ["sh", "-c", INSTALL, "pointsman-install", this.#folder(), sha256] as const;
    const asked = await this.tell(["version"]);
    if (asked.kind === "done" && asked.value.trim() === VERSION) {
      const compared = replyOf(await this.#run([...words, "compare"], ""));
      if (compared.kind !== "refused") return asked;
    }
    return replyOf(await this.#run([...words, "install"], text));
  }

  /** What the host says of itself, asked over a session that carried nothing before; once more where its answer is lost. */
  async observe(): Promise<HostReply<HostStatus>> {
    const first = await this.#observeOnce();
    return first.kind === "unknown" ? this.#observeOnce() : first;
  }

  async #observeOnce(): Promise<HostReply<HostStatus>> {
    await this.renew();
    const reply = await this.tell(["status"]);
    if (reply.kind !== "done") return reply;
    const status = parseStatus(reply.value);
    return status.ok ? { kind: "done", value: status.value } : { kind: "unknown", why: status.error };
  }

  /** The next request opens a session of its own. */
  async renew(): Promise<void> {
    const session = this.#session;
    this.#session = null;
    await session?.close();
  }

  async #run(
    words: readonly [string, ...string[]],
    input: string,
    timeoutMs = this.requestTimeoutMs,
  ): Promise<HostAnswer> {
    const opened = await this.#open();
    if (typeof opened === "string") return { kind: "unreachable", why: opened };
    const answer = await opened.run({ words, input, timeoutMs });
    if (answer.kind !== "ended") await this.renew();
    return answer;
  }

  async #open(): Promise<HostSession | string> {
    if (this.#session !== null) return this.#session;
    const opened = await this.#options.reach.open(this.host, "change");
    if (!opened.ok) return `${opened.error.why} ${opened.error.hint}`.trim();
    this.#session = opened.value;
    return opened.value;
  }

  #folder(): string {
    return this.#options.hostProgram.folderOf?.(this.host) ?? HOST_FOLDER;
  }
}

/** Only the exit codes of the protocol say what the host did: any other one may be that of a shell that was killed in the middle. */
function replyOf(answer: HostAnswer): HostReply<string> {
  if (answer.kind === "unreachable") return answer;
  if (answer.kind === "lost") return { kind: "unknown", why: messages.answerLost(answer.why) };
  if (answer.kind === "timed-out") return { kind: "unknown", why: messages.answerLate(answer.afterMs) };
  const why =
    whyOf(answer.stdout) || answer.stderr.trim().split("\n").at(-1) || messages.noWords(answer.code);
  if (answer.code === 0) return { kind: "done", value: answer.stdout };
  if (answer.code === 3 || answer.code === 64) return { kind: "refused", why };
  if (answer.code === 4) return { kind: "failed", why };
  return { kind: "unknown", why: messages.strangeCode(answer.code, why) };
}
