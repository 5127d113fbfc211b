import type { HostId } from "#model/index.js";
import { askHost, type SessionOf, TOOL_PATH } from "#probe/index.js";
import { say } from "./messages.js";

/**
 * How the etcd member of a host is. `silent`: nothing listens where it should, so it is stopped or was never there; `unhealthy`: it answers
 * and sees no leader, or does not answer in time.
 */
export type MemberHealth =
  | { readonly kind: "healthy" }
  | { readonly kind: "unhealthy"; readonly what: string }
  | { readonly kind: "silent" }
  | { readonly kind: "not-measured"; readonly why: string };

/**
 * Asks the metrics port of etcd, which k3s and kubeadm open on 127.0.0.1 alone: its `/health` reads through the leader, so a member that
 * is cut off says so. Only one of the three programs has to be there; a proxy of the environment is not asked. Where none is, etcdctl asks
 * the client port, which k3s protects with certificates: then it cannot tell.
 */
const MEMBER_SCRIPT = `
${TOOL_PATH}
unset http_proxy https_proxy all_proxy HTTP_PROXY HTTPS_PROXY ALL_PROXY
url=http://127.0.0.1:2381/health
has() { command -v "$1" >/dev/null 2>&1; }
ask() { echo "$1"; shift; "$@" 2>&1; code=$?; printf '\\ncode %s\\n' "$code"; }
if has curl; then ask curl curl -s --max-time 5 "$url"
elif has wget; then ask wget wget -q -T 5 -O - "$url"
elif has busybox && busybox wget --help >/dev/null 2>&1; then ask wget busybox wget -q -T 5 -O - "$url"
elif has etcdctl; then
  ETCDCTL_API=3; export ETCDCTL_API
  ask etcdctl etcdctl --endpoints=http://127.0.0.1:2379 --command-timeout=4s endpoint health
else echo nothing; fi
`;

const MEMBER_MS = 12_000;

/** Asks one host for its etcd member. Never throws. */
export async function askMember(sessionOf: SessionOf, host: HostId): Promise<MemberHealth> {
  const answer = await askHost(sessionOf, host, { script: MEMBER_SCRIPT, words: [], timeoutMs: MEMBER_MS });
  if (!answer.ok) return { kind: "not-measured", why: answer.error };
  return parseMember(answer.value.stdout);
}

const CONNECTION_REFUSED = "7";

/** Reads what the host said of its member. Pure. */
export function parseMember(stdout: string): MemberHealth {
  const [tool = "", ...rest] = stdout.trim().split("\n");
  const code = /^code (\d+)$/.exec(rest.at(-1) ?? "")?.[1] ?? "";
  const said = rest.slice(0, -1).join(" ");
  if (tool === "etcdctl") return parseEtcdctl(code, said);
  if (tool !== "curl" && tool !== "wget") return { kind: "not-measured", why: say.noTool };
  if (code === "") return { kind: "not-measured", why: say.noAnswer };
  if (/"health":\s*"?true"?/.test(said)) return { kind: "healthy" };
  const isRefused = tool === "curl" ? code === CONNECTION_REFUSED : isRefusedByWget(code, said);
  if (isRefused) return { kind: "silent" };
  return { kind: "unhealthy", what: /"health"/.test(said) ? say.noLeader : say.noHealth(tool, code) };
}

/** wget of GNU is quiet and ends with 4 (network failure); the one of busybox says why and ends with 1. */
function isRefusedByWget(code: string, said: string): boolean {
  return code === "4" || /connection refused/i.test(said);
}

function parseEtcdctl(code: string, said: string): MemberHealth {
  if (code === "0") return { kind: "healthy" };
  if (/connection refused/i.test(said)) return { kind: "silent" };
  return { kind: "not-measured", why: say.etcdctl };
}
