import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import type { HostId } from "#model/index.js";
import { type EchoGaps, readEchoLog } from "./echo-log.js";

/** One direction between two hosts. */
export interface WatchedFlow {
  readonly from: HostId;
  /** A dotted quad, and whose it is. */
  readonly to: string;
  readonly owner: HostId;
}

/** What a flow went through while it was watched; null where its sender said nothing. */
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
const PACE_MS = 10;
/** An answer that takes longer is as good as none to whoever waits for a heartbeat. */
const TOO_LATE_MS = 200;
/** One process sends an echo every millisecond, so that it has the time for these in each round. */
const FLOWS_AT_ONCE = 8;
/** A sender that does not end when it is interrupted is killed after this; what it has printed still counts. */
const PATIENCE_MS = 3000;

/**
 * Sends an echo every 10 ms in each flow, with the hosts' own `fping`, which keeps its pace whatever becomes of earlier echoes.
 *
 * @param onHost The words that run a command on a host; what they start must become that command, so that a signal reaches it.
 */
export function watchFlows(
  flows: readonly WatchedFlow[],
  onHost: (host: HostId, words: Words) => Words,
): FlowWatch {
  const senders = groupFlows(flows).map((group) => startSender(group, onHost));
  let stopped: Promise<readonly WatchedGaps[]> | null = null;
  return {
    stop: () => {
      stopped ??= Promise.all(senders.map((sender) => sender.stop())).then((groups) => groups.flat());
      return stopped;
    },
  };
}

/** Whether this machine has the program that sends them. */
export function canSendEchoes(): boolean {
  return spawnSync("fping", ["-v"], { stdio: "ignore" }).error === undefined;
}

/** Flows of one host, a few in each group. */
function groupFlows(flows: readonly WatchedFlow[]): readonly (readonly WatchedFlow[])[] {
  const senders = [...new Set(flows.map(({ from }) => from))];
  return senders
    .map((host) => flows.filter(({ from }) => from === host))
    .flatMap((own) =>
      Array.from({ length: Math.ceil(own.length / FLOWS_AT_ONCE) }, (_, index) =>
        own.slice(index * FLOWS_AT_ONCE, (index + 1) * FLOWS_AT_ONCE),
      ),
    );
}

function startSender(
  flows: readonly WatchedFlow[],
  onHost: (host: HostId, words: Words) => Words,
): { readonly stop: () => Promise<readonly WatchedGaps[]> } {
  const [first] = flows;
  if (first === undefined) return { stop: () => Promise.resolve([]) };
  const words = onHost(first.from, echoWords(flows));
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
      const gaps = readEchoLog(Buffer.concat(pieces).toString("utf8"), PACE_MS);
      return flows.map((flow) => ({ ...flow, gaps: gaps.get(flow.to) ?? null }));
    },
  };
}

function echoWords(flows: readonly WatchedFlow[]): Words {
  const pace = ["-p", String(PACE_MS), "-i", "1", "-t", String(TOO_LATE_MS)];
  return ["fping", "-l", "-D", ...pace, ...flows.map(({ to }) => to)];
}

async function interrupt(child: ChildProcess, ended: Promise<void>): Promise<void> {
  child.kill("SIGINT");
  const timer = setTimeout(() => child.kill("SIGKILL"), PATIENCE_MS);
  await ended;
  clearTimeout(timer);
}
