import { type IncidentLab, NODES } from "./incident-lab.js";

/** How the members of etcd were while they were watched. */
export interface EtcdWatched {
  /** The longest that one member of a node was not healthy in all. */
  readonly worstMemberSeconds: number;
  /** How long fewer than a majority of members were healthy. */
  readonly noQuorumSeconds: number;
}

/** Watches until it is stopped. */
export interface EtcdWatch {
  readonly stop: () => Promise<EtcdWatched>;
}

interface Sample {
  readonly at: number;
  readonly isHealthy: boolean;
}

const BIN_SECONDS = 0.2;
const MAJORITY = 3;

/** Asks each member five times a second, from its own host, how it is; a member that does not answer is not healthy. */
export function watchEtcd(lab: IncidentLab): EtcdWatch {
  const script =
    'while :; do at=$(date +%s.%N); curl -s -m 1 http://127.0.0.1:2381/health | grep -q true && echo "$at yes" || echo "$at no"; sleep 0.2; done';
  const watches = NODES.map(([node]) => lab.inNetworkOf(node, ["sh", "-c", script]));
  return {
    stop: async () => {
      for (const watch of watches) watch.kill();
      return judge(await Promise.all(watches.map(async ({ ended }) => readSamples((await ended).stdout))));
    },
  };
}

function readSamples(text: string): readonly Sample[] {
  return [...text.matchAll(/^(\d+\.\d+) (yes|no)$/gm)].map(([, at, word]) => ({
    at: Number(at),
    isHealthy: word === "yes",
  }));
}

function judge(members: readonly (readonly Sample[])[]): EtcdWatched {
  const first = Math.max(...members.map((samples) => samples[0]?.at ?? 0));
  const last = Math.min(...members.map((samples) => samples.at(-1)?.at ?? 0));
  const sick = members.map(() => 0);
  let noQuorum = 0;
  for (let at = first; at < last; at += BIN_SECONDS) {
    const healthy = members.map(
      (samples) => samples.findLast((sample) => sample.at <= at)?.isHealthy === true,
    );
    for (const [index, isHealthy] of healthy.entries())
      sick[index] = (sick[index] ?? 0) + (isHealthy ? 0 : BIN_SECONDS);
    if (healthy.filter(Boolean).length < MAJORITY) noQuorum += BIN_SECONDS;
  }
  return { worstMemberSeconds: round(Math.max(...sick)), noQuorumSeconds: round(noQuorum) };
}

function round(seconds: number): number {
  return Number(seconds.toFixed(1));
}
