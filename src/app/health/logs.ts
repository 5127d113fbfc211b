import type { HostId } from "#model/index.js";
import { askHost, type SessionOf, TOOL_PATH } from "#probe/index.js";
import { say } from "./messages.js";

/** How often a host's services said what they say in distress. */
export type HostLogs =
  | { readonly kind: "read"; readonly counts: ReadonlyMap<string, number> }
  | { readonly kind: "not-measured"; readonly why: string };

/**
 * What an embedded etcd (3.4 to 3.6) writes when its peers, or the disk or network between them, fail it; only these words are ever
 * quoted, never the lines that they stand in.
 */
const DISTRESS: readonly string[] = [
  "prober detected unhealthy status",
  "waiting for ReadIndex response took too long",
  "timed out waiting for read index response",
  "lost TCP streaming connection with remote peer",
  "peer became inactive",
  "leader failed to send out heartbeat on time",
  "lost leader",
  "etcdserver: request timed out",
  "etcdserver: no leader",
];

/** The first argument is a time by the host's own clock, in seconds; the others are the words. Nothing else of the journal leaves the host. */
const LOGS_SCRIPT = `
${TOOL_PATH}
since=$1; shift
command -v journalctl >/dev/null 2>&1 || { echo 'no journalctl'; exit 0; }
said=$(journalctl -q --no-pager -o cat -u 'k3s*.service' --since "@$since" 2>&1); code=$?
case $said in
  *"insufficient permissions"*|*"not seeing messages from other users"*) echo 'no right'; exit 0 ;;
esac
[ "$code" -eq 0 ] || { echo 'failed'; exit 0; }
echo read
for words do
  printf '%s %s\\n' "$(printf '%s\\n' "$said" | grep -c -F -e "$words")" "$words"
done
`;

const LOGS_MS = 30_000;

/** Counts words of distress in the journal of a host's k3s units since a time by the host's clock. Never throws. */
export async function askLogs(sessionOf: SessionOf, host: HostId, sinceSeconds: number): Promise<HostLogs> {
  const answer = await askHost(sessionOf, host, {
    script: LOGS_SCRIPT,
    words: [String(sinceSeconds), ...DISTRESS],
    timeoutMs: LOGS_MS,
  });
  if (!answer.ok) return { kind: "not-measured", why: answer.error };
  return parseLogs(answer.value.stdout);
}

/** Reads what the host said. Pure. */
export function parseLogs(stdout: string): HostLogs {
  const [head = "", ...lines] = stdout.trim().split("\n");
  if (head !== "read") return { kind: "not-measured", why: say.noLogs(head) };
  const counts = lines.flatMap((line) => {
    const match = /^(\d+) (.+)$/.exec(line);
    const count = Number(match?.[1] ?? 0);
    return count > 0 && DISTRESS.includes(match?.[2] ?? "") ? [[match?.[2] ?? "", count] as const] : [];
  });
  return { kind: "read", counts: new Map(counts) };
}
