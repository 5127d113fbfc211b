import type { IPv4 } from "#ip/index.js";
import type { CompiledLink } from "./compiled-host.js";
import { beginPacket } from "./mtu.js";
import { note, type Run, stateOf } from "./run.js";
import { walkPacket } from "./walk.js";

/** What becomes of a flow; the worst stands last. */
export type Verdict = "delivered" | "unknown" | "lost-reply" | "lost" | "loop";

/** One echo request and its reply, as host indices, for one way through all choices. */
export interface Echo {
  readonly verdict: Verdict;
  readonly path: readonly number[];
  readonly back: readonly number[];
  /** The links by which request and reply left; null where one did not leave, or there was none. */
  readonly outs: readonly [request: CompiledLink | null, reply: CompiledLink | null];
}

/** Walks request and reply once, with the choices of the run's chooser. */
export function walkEcho(run: Run, host: number, to: IPv4): Echo {
  beginPacket(run, "request");
  const request = walkPacket(run, { host, source: null, destination: to });
  const { path, out } = request;
  if (request.end !== "accepted" || request.at === null) {
    return { verdict: request.end === "accepted" ? "lost" : request.end, path, back: [], outs: [out, null] };
  }
  const responder = request.at.host;
  if (stateOf(run, responder).ignoresEcho) {
    note(run, responder, {
      link: null,
      decision: "drop",
      rule: "icmp_echo_ignore_all",
      why: "the host answers no echo request",
    });
    return { verdict: "lost-reply", path, back: [], outs: [out, null] };
  }
  beginPacket(run, "reply");
  const reply = walkPacket(run, { host: responder, source: to, destination: request.source });
  const isHome = reply.end === "accepted" && reply.at?.host === host;
  const failed = reply.end === "accepted" || reply.end === "lost" ? "lost-reply" : reply.end;
  return { verdict: isHome ? "delivered" : failed, path, back: reply.path, outs: [out, reply.out] };
}
