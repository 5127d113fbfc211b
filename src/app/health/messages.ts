/** All that this folder says. */
export const say = {
  noTool: "the host has none of curl, wget and etcdctl",
  noAnswer: "the host's answer was not understood",
  notAsked: "it was not asked",
  noLeader: "it says that it is not healthy: it sees no leader",
  noHealth: (tool: string, code: string): string =>
    `\`http://127.0.0.1:2381/health\` gave no answer (${tool} ended with ${code})`,
  etcdctl:
    "etcdctl could not ask the client port, and the host has neither curl nor wget for the metrics port",
  noSystemctl: "the host has no systemctl",
  noLogs: (head: string): string => {
    switch (head) {
      case "no journalctl":
        return "the host has no journalctl";
      case "no right":
        return "the user may not read the journal; members of the group `systemd-journal` may";
      default:
        return "journalctl gave no answer";
    }
  },
  noQuorum: (given: {
    readonly cluster: string;
    readonly healthy: number;
    readonly members: number;
    readonly needed: number;
  }): string =>
    `Expected at least ${given.needed} of ${given.members} etcd members of cluster \`${given.cluster}\` to be healthy, found ${given.healthy}.`,
  quorumUnknown: (given: {
    readonly cluster: string;
    readonly healthy: number;
    readonly members: number;
    readonly needed: number;
    readonly details: readonly string[];
  }): string =>
    `${given.healthy} of ${given.members} etcd members of cluster \`${given.cluster}\` are known to be healthy, and ${given.needed} are needed: ${given.details.join(" ")}`,
  silent: (host: string): string =>
    `On \`${host}\` nothing listens on 127.0.0.1:2381: the etcd member does not run.`,
  memberUnhealthy: (host: string, what: string): string =>
    `The etcd member on \`${host}\` is not healthy: ${what}.`,
  memberNotMeasured: (host: string, why: string): string =>
    `The etcd member on \`${host}\` could not be asked: ${why}.`,
  unit: (host: string, unit: string, state: string): string =>
    `Expected \`${unit}\` on \`${host}\` to be \`active\`, found \`${state}\`.`,
  units: (host: string, why: string): string => `The units of \`${host}\` could not be asked: ${why}`,
  nodes: (cluster: string, nodes: string): string =>
    `Expected all nodes of cluster \`${cluster}\` that were ready before to be ready, found ${nodes} not.`,
  pods: (cluster: string, pods: string): string =>
    `Expected all pods of cluster \`${cluster}\` to run that ran before, and new ones too; found ${pods} not running.`,
  apiServer: (cluster: string, why: string): string =>
    `The API server of cluster \`${cluster}\`, which answered before, could not be asked: ${why}`,
  distress: (host: string, words: string, count: number): string =>
    `On \`${host}\` the journal of k3s has ${count === 1 ? "1 line" : `${count} lines`} with \`${words}\`.`,
  logs: (host: string, why: string): string => `The journal of \`${host}\` could not be read: ${why}`,
  noStart: "nobody has looked at its clock yet, so it is not known since when its journal counts",
} as const;

const MAX_NAMED = 5;

/** `a`, `b` and 3 more. */
export function named(names: readonly string[]): string {
  const shown = names.slice(0, MAX_NAMED).map((name) => `\`${name}\``);
  const left = names.length - shown.length;
  return left > 0 ? `${shown.join(", ")} and ${left} more` : shown.join(", ");
}
