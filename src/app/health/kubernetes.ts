import type { HostId } from "#model/index.js";
import { askHost, type SessionOf, TOOL_PATH } from "#probe/index.js";

/** What the API server says; `absent`: the host has no kubectl. */
export type KubernetesView =
  | {
      readonly kind: "seen";
      /** Nodes that are not `Ready`. */
      readonly unreadyNodes: readonly string[];
      /** Pods, as `namespace/name`, that neither run with all containers ready nor have ended well. */
      readonly unreadyPods: readonly string[];
    }
  | { readonly kind: "absent" }
  | { readonly kind: "not-measured"; readonly why: string };

/** Names and states only: objects of the API server hold more than anybody needs to know here. */
const KUBERNETES_SCRIPT = `
${TOOL_PATH}
if command -v kubectl >/dev/null 2>&1; then ask() { kubectl "$@"; }
elif command -v k3s >/dev/null 2>&1; then ask() { k3s kubectl "$@"; }
else echo absent; exit 0; fi
nodes=$(ask --request-timeout=8s get nodes -o 'jsonpath={range .items[*]}node {.metadata.name} {.status.conditions[?(@.type=="Ready")].status}{"\\n"}{end}' 2>/dev/null) || { echo failed; exit 0; }
pods=$(ask --request-timeout=8s get pods -A -o 'jsonpath={range .items[*]}pod {.metadata.namespace}/{.metadata.name} {.status.phase} {.status.containerStatuses[*].ready}{"\\n"}{end}' 2>/dev/null) || { echo failed; exit 0; }
printf 'seen\\n%s\\n%s\\n' "$nodes" "$pods"
`;

const KUBERNETES_MS = 25_000;

/** Asks the API server through a host's kubectl. Never throws. */
export async function askKubernetes(sessionOf: SessionOf, host: HostId): Promise<KubernetesView> {
  const question = { script: KUBERNETES_SCRIPT, words: [], timeoutMs: KUBERNETES_MS };
  const answer = await askHost(sessionOf, host, question);
  if (!answer.ok) return { kind: "not-measured", why: answer.error };
  return parseKubernetes(answer.value.stdout);
}

/** Reads what the host said. Pure. */
export function parseKubernetes(stdout: string): KubernetesView {
  const [head = "", ...lines] = stdout.trim().split("\n");
  if (head === "absent") return { kind: "absent" };
  if (head !== "seen") return { kind: "not-measured", why: "kubectl has no answer of the API server" };
  const words = lines.map((line) => line.trim().split(/\s+/));
  return {
    kind: "seen",
    unreadyNodes: words.flatMap(([kind, name = "", ready]) =>
      kind === "node" && ready !== "True" ? [name] : [],
    ),
    unreadyPods: words.flatMap(([kind, name = "", phase = "", ...ready]) =>
      kind === "pod" && !isWell(phase, ready) ? [name] : [],
    ),
  };
}

function isWell(phase: string, ready: readonly string[]): boolean {
  if (phase === "Succeeded") return true;
  return phase === "Running" && ready.every((word) => word === "true");
}
