import { setTimeout as sleep } from "node:timers/promises";
import type { RunEvent } from "#rollout/index.js";
import { webhookFailed } from "./messages.js";

/** What is told of a run: nothing of the plan's contents, and no secret. */
export interface WebhookMessage {
  readonly run: string;
  readonly fleet: string;
  /** `begin`, `resume`, `phase 1: confirm`, `phase 1: take-back` or `end`. */
  readonly event: string;
  /** How the run ended, by the word of its outcome; null before. */
  readonly outcome: string | null;
}

/** Where a run is told, and how long that may take. */
export interface WebhookOptions {
  readonly url: string;
  readonly run: string;
  readonly fleet: string;
  /** For one try; there are two. */
  readonly timeoutMs?: number;
  readonly pauseMs?: number;
  /** Hears, in a sentence, of what was not told. */
  readonly onFailure: (what: string) => void;
}

/** A webhook with messages on their way. */
export interface Webhook {
  /** Sends what an event is worth telling, in order; never throws and is never waited for. */
  readonly tell: (event: RunEvent) => void;
  /** Resolves when everything is sent or given up: at the latest after two tries of each message. */
  readonly settle: () => Promise<void>;
}

const TRIES = 2;

/** Posts the stations of a run as JSON. What cannot be told is said to `onFailure` and stops nothing. */
export function openWebhook(options: WebhookOptions): Webhook {
  let last = Promise.resolve();
  return {
    tell: (event) => {
      const message = messageOf(event, options);
      if (message !== null) last = last.then(() => send(message, options));
    },
    settle: () => last,
  };
}

function messageOf(event: RunEvent, { run, fleet }: WebhookOptions): WebhookMessage | null {
  if (event.kind !== "journal") return null;
  const { entry } = event;
  switch (entry.kind) {
    case "begin":
    case "resume":
      return { run, fleet, event: entry.kind, outcome: null };
    case "decision":
      return { run, fleet, event: `phase ${entry.phase}: ${entry.decision}`, outcome: null };
    case "end":
      return { run, fleet, event: "end", outcome: entry.outcome.kind };
    default:
      return null;
  }
}

async function send(message: WebhookMessage, options: WebhookOptions): Promise<void> {
  const { timeoutMs = 5000, pauseMs = 1000 } = options;
  let why = "";
  for (let attempt = 1; attempt <= TRIES; attempt += 1) {
    if (attempt > 1) await sleep(pauseMs);
    const problem = await post(options.url, message, timeoutMs);
    if (problem === null) return;
    why = problem;
  }
  // The path of such an address is often its password.
  options.onFailure(webhookFailed(hostOf(options.url), message.event, why));
}

/** What went wrong, or null where the server took it. */
async function post(url: string, message: WebhookMessage, timeoutMs: number): Promise<string | null> {
  try {
    const response = await fetch(url, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(message),
      redirect: "error",
      signal: AbortSignal.timeout(timeoutMs),
    });
    await response.body?.cancel();
    return response.ok ? null : `it answered ${response.status}`;
  } catch (error) {
    return describe(error, timeoutMs);
  }
}

function describe(error: unknown, timeoutMs: number): string {
  if (!(error instanceof Error)) return "it could not be reached";
  if (error.name === "TimeoutError") return `no answer within ${timeoutMs / 1000} s`;
  const { cause } = error;
  const code = cause instanceof Error && "code" in cause ? ` (${String(cause.code)})` : "";
  return `it could not be reached${code}`;
}

function hostOf(url: string): string {
  return URL.canParse(url) ? new URL(url).host : "an address that is none";
}
