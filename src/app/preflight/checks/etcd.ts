import type { Cluster } from "#model/index.js";
import { askHost, inParallel, TOOL_PATH } from "#probe/index.js";
import { askMember, type MemberHealth } from "../../health/member.js";
import { wordsOf } from "../../health/quorum.js";
import type { Check, Finding, PreflightContext } from "../check.js";
import { failed, fine, passedOver, warning } from "../finding.js";
import { say } from "../messages.js";

/**
 * Every etcd member of every cluster is healthy. One that is down already is one failure that the plan has not counted: with a batch of the
 * plan and one more failure there must still be a majority.
 */
export const etcdMembers: Check = {
  name: "etcd-members",
  look: async (context) => {
    const found = await Promise.all(context.clusters.map((cluster) => lookAtMembers(context, cluster)));
    const findings = found.flat();
    return findings.length === 0 ? [passedOver(say.noClusterEtcd)] : findings;
  },
};

async function lookAtMembers(context: PreflightContext, cluster: Cluster): Promise<readonly Finding[]> {
  const states = await inParallel(cluster.servers, 8, async ({ host }) => {
    const state: MemberHealth = await askMember(context.sessionOf, host);
    return { host, state };
  });
  const isSilent = states.every(({ state }) => state.kind === "silent");
  if (isSilent && states.length === 1) return [passedOver(say.noEtcd(cluster.name))];
  const problems = states.flatMap(({ host, state }) => wordsOf(host, state));
  if (problems.length > 0) return [failed(problems.join(" "), say.membersHint)];
  return [fine(say.members(cluster.name, states.length))];
}

/** The newest snapshot of k3s: seconds since 1970 of it and of now, its name, and whether etcdctl could read it back. */
const SNAPSHOT_SCRIPT = `
${TOOL_PATH}
folder=/var/lib/rancher/k3s/server/db/snapshots
[ -r "$folder" ] || { if [ "$(id -u)" = 0 ]; then echo none; else echo unseen; fi; exit 0; }
newest=$(ls -t "$folder" 2>/dev/null | head -n 1)
[ -n "$newest" ] || { echo none; exit 0; }
check=unchecked
if command -v etcdctl >/dev/null 2>&1; then
  case $newest in *.zip|*.gz) ;; *)
    if ETCDCTL_API=3 etcdctl snapshot status "$folder/$newest" >/dev/null 2>&1; then check=whole; else check=broken; fi ;;
  esac
fi
echo "seen $(date -r "$folder/$newest" +%s) $(date +%s) $check $newest"
`;

const SNAPSHOT_MS = 30_000;
const OLD_SECONDS = 24 * 3600;

/** Each cluster with several servers has a fresh snapshot of etcd on one of them. Never more than a warning: it may be kept elsewhere. */
export const etcdSnapshot: Check = {
  name: "etcd-snapshot",
  look: async (context) => {
    const clusters = context.clusters.filter(({ servers }) => servers.length > 1);
    if (clusters.length === 0) return [passedOver(say.noClusterEtcd)];
    return Promise.all(clusters.map((cluster) => lookAtSnapshots(context, cluster)));
  },
};

async function lookAtSnapshots({ sessionOf }: PreflightContext, cluster: Cluster): Promise<Finding> {
  const answers = await inParallel(cluster.servers, 8, async ({ host }) => {
    const answer = await askHost(sessionOf, host, {
      script: SNAPSHOT_SCRIPT,
      words: [],
      timeoutMs: SNAPSHOT_MS,
    });
    return answer.ok ? answer.value.stdout : "";
  });
  return judgeSnapshots(cluster.name, answers);
}

/** What the servers of a cluster say of their snapshots. Pure. */
export function judgeSnapshots(cluster: string, answers: readonly string[]): Finding {
  const seen = answers.flatMap((stdout) => {
    const match = /^seen (\d+) (\d+) (\S+) (.*)$/m.exec(stdout);
    if (match === null) return [];
    const seconds = Math.max(0, Number(match[2]) - Number(match[1]));
    return [{ seconds, check: match[3] ?? "", file: match[4] ?? "" }];
  });
  const [newest] = seen.toSorted((a, b) => a.seconds - b.seconds);
  if (newest === undefined) {
    const isUnseen = answers.every((stdout) => !stdout.startsWith("none"));
    const why = isUnseen ? "the folder of snapshots cannot be read without privilege" : "there is none";
    return warning(say.noSnapshot(cluster, why), say.snapshotHint);
  }
  if (newest.check === "broken") return warning(say.badSnapshot(cluster, newest.file), say.snapshotHint);
  if (newest.seconds > OLD_SECONDS)
    return warning(say.oldSnapshot(cluster, Math.floor(newest.seconds / 3600)), say.snapshotHint);
  return fine(say.snapshot(cluster, Math.floor(newest.seconds / 60)));
}
