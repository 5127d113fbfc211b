import type { HostStatus } from "../host-record.js";
import type { HostReply } from "../host-reply.js";
import { messages } from "../messages.js";
import type { Clock } from "../ports/ports.js";
import type { Effect } from "./effects.js";
import type { HostClient } from "./host-client.js";

/** One thing that a host is to do, and how its status shows whether it has. */
export interface Order {
  readonly send: () => Promise<HostReply<string>>;
  readonly effect: (status: HostStatus) => Effect;
  /** Whether the status has the last word where the host refuses: it refuses what is done already, too. */
  readonly looksBehindRefusal?: boolean;
  /** How long work under way is waited for once its answer is lost; missing: as long as one request may take. */
  readonly patienceMs?: number;
}

/** What shows that an order was carried out: the host's own answer, or what it said when it was observed. Times are those of the sending. */
export type Carried =
  | { readonly kind: "answered"; readonly stdout: string; readonly sentMs: number }
  | { readonly kind: "observed"; readonly status: HostStatus; readonly sentMs: number };

/** A host that lost so many requests is not asked again. */
const MOST_SENDINGS = 3;
const PAUSE_MS = 500;

/**
 * Has one order carried out. A request whose answer was lost is never sent again before the host was observed over a fresh session; what it
 * says decides. Bounded by a few sendings and, for work under way, by the time-out of one request or the patience of the order.
 */
export async function carryOut(client: HostClient, order: Order, clock: Clock): Promise<HostReply<Carried>> {
  let mayHaveArrived = false;
  let why = "";
  for (let sending = 0; sending < MOST_SENDINGS; sending++) {
    const sent = await sendOnce(client, order, clock);
    if (sent.kind !== "again" && sent.kind !== "silent") return sent;
    mayHaveArrived ||= sent.mayHaveArrived;
    why = sent.why;
    if (sent.kind === "silent") break;
  }
  return { kind: mayHaveArrived ? "unknown" : "unreachable", why };
}

type Sending =
  | Extract<HostReply<Carried>, { kind: "done" | "refused" | "failed" }>
  /** It did not happen: it may be sent `again`; or the host does not say. */
  | { readonly kind: "again"; readonly mayHaveArrived: boolean; readonly why: string }
  | { readonly kind: "silent"; readonly mayHaveArrived: boolean; readonly why: string };

async function sendOnce(client: HostClient, order: Order, clock: Clock): Promise<Sending> {
  const sentMs = clock.monotonicMs();
  const reply = await order.send();
  if (reply.kind === "done") {
    return { kind: "done", value: { kind: "answered", stdout: reply.value, sentMs } };
  }
  if (reply.kind === "failed" || (reply.kind === "refused" && order.looksBehindRefusal !== true))
    return reply;
  const seen = await observeEffect(client, order, clock);
  if (seen.kind !== "to-do" && seen.kind !== "unseen") return seen;
  if (reply.kind === "refused") return reply;
  const mayHaveArrived = reply.kind === "unknown";
  return seen.kind === "unseen"
    ? { kind: "silent", mayHaveArrived, why: seen.why }
    : { kind: "again", mayHaveArrived, why: reply.why };
}

type Seen =
  | Extract<HostReply<Carried>, { kind: "done" | "refused" | "failed" }>
  | { readonly kind: "to-do" }
  /** The host does not say, or is still at it. */
  | { readonly kind: "unseen"; readonly why: string };

async function observeEffect(client: HostClient, order: Order, clock: Clock): Promise<Seen> {
  const untilMs = clock.monotonicMs() + (order.patienceMs ?? client.requestTimeoutMs);
  for (;;) {
    const sentMs = clock.monotonicMs();
    const status = await client.observe();
    const seen = status.kind === "done" ? see(order, status.value, sentMs) : null;
    if (seen !== null) return seen;
    if (clock.monotonicMs() >= untilMs) {
      return { kind: "unseen", why: status.kind === "done" ? messages.stillAtIt() : status.why };
    }
    await clock.sleep(PAUSE_MS);
  }
}

function see(order: Order, status: HostStatus, sentMs: number): Seen | null {
  const effect = order.effect(status);
  switch (effect.kind) {
    case "done":
      return { kind: "done", value: { kind: "observed", status, sentMs } };
    case "under-way":
      return null;
    case "to-do":
      return { kind: "to-do" };
    case "refused":
    case "failed":
      return effect;
  }
}
