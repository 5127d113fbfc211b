import { type ChildProcess, spawn } from "node:child_process";
import type { HostId } from "#model/index.js";
import { type EchoGaps, readEchoLog } from "./echo-log.js";

/** One direction between two hosts. */
export interface WatchedFlow {
  readonly from: HostId;
  /** A dotted quad, and whose it is. */
  readonly to: string;
  readonly owner: HostId;
}

/** What a flow went through while it was watched; null where its sender could not be asked to the end. */
export interface WatchedGaps extends WatchedFlow {
  readonly gaps: EchoGaps | null;
}

/** Flows that run until they are stopped. */
export interface FlowWatch {
  /** Ends all senders and reads what they saw. Idempotent. */
  readonly stop: () => Promise<readonly WatchedGaps[]>;
}

type Words = readonly [string, ...string[]];

/** What an operator calls a live cluster's heartbeat: a hundred echoes a second. */
export const PACE_MS = 10;
/** A sender that does not end when it is interrupted is killed after this, and says nothing. */
const PATIENCE_MS = 3000;

/**
 * Sends an echo every 10 ms in each flow, with the hosts' own `ping` (iputils, as root: others may not send that fast).
 *
 * @param onHost The words that run a command on a host; what they start must become that command, so that a signal reaches it.
 */
export function watchFlows(
  flows: readonly WatchedFlow[],
  onHost: (host: HostId, words: Words) => Words,
): FlowWatch {
  const senders = flows.map((flow) => startSender(flow, onHost(flow.from, echoWords(flow))));
  let stopped: Promise<readonly WatchedGaps[]> | null = null;
  return {
    stop: () => {
      stopped ??= Promise.all(senders.map((sender) => sender.stop()));
      return stopped;
    },
  };
}

function echoWords({ to }: WatchedFlow): Words {
  return ["ping", "-D", "-n", "-i", `${PACE_MS / 1000}`, to];
}

function startSender(flow: WatchedFlow, words: Words): { readonly stop: () => Promise<WatchedGaps> } {
  const child = spawn(words[0], words.slice(1), { stdio: ["ignore", "pipe", "ignore"] });
  const pieces: Buffer[] = [];
  child.stdout.on("data", (piece: Buffer) => pieces.push(piece));
  const ended = new Promise<void>((resolve) => {
    child.once("close", () => resolve());
    child.once("error", () => resolve());
  });
  return {
    stop: async () => {
      await interrupt(child, ended);
      return { ...flow, gaps: readEchoLog(Buffer.concat(pieces).toString("utf8"), PACE_MS) };
    },
  };
}

async function interrupt(child: ChildProcess, ended: Promise<void>): Promise<void> {
  child.kill("SIGINT");
  const timer = setTimeout(() => child.kill("SIGKILL"), PATIENCE_MS);
  await ended;
  clearTimeout(timer);
}
