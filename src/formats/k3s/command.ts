import type { K3sFlagWord } from "#model/index.js";
import { HARMLESS_KEYS } from "./known-keys.js";
import type { FlagValue } from "./settings.js";

/** Flags that stand without a value. */
const BOOLEAN_FLAGS: ReadonlySet<string> = new Set(
  `cluster-init cluster-reset debug disable-agent disable-apiserver disable-apiserver-lb disable-cloud-controller disable-controller-manager
  disable-default-registry-endpoint disable-etcd disable-helm-controller disable-kube-proxy disable-network-policy disable-scheduler docker
  embedded-registry enable-pprof etcd-disable-snapshots etcd-expose-metrics etcd-s3 etcd-s3-insecure etcd-s3-skip-ssl-verify
  etcd-snapshot-compress flannel-external-ip flannel-ipv6-masq kine-tls prefer-bundled-bin protect-kernel-defaults rootless
  secrets-encryption selinux supervisor-metrics tls-san-security with-node-id alsologtostderr logtostderr`.split(
    /\s+/,
  ),
);

const SHORT_FLAGS: Readonly<Record<string, string>> = {
  i: "node-ip",
  s: "server",
  t: "token",
  d: "data-dir",
  c: "config",
};

/** Reads `--flag=value`, `--flag value` and switches as values by flag; secrets are left out where they stand. */
export function readCommand(words: readonly K3sFlagWord[]): readonly FlagValue[] {
  const values: FlagValue[] = [];
  for (let index = 0; index < words.length; index += 1) {
    const word = words[index];
    const flag = word === undefined ? null : readFlag(word);
    if (flag === null) continue;
    const takesNext = flag.value === null && !BOOLEAN_FLAGS.has(flag.key);
    if (takesNext) index += 1;
    if (!HARMLESS_KEYS.has(flag.key)) values.push(flagValue(flag, takesNext ? words[index] : flag.word));
  }
  return values;
}

interface Flag {
  readonly key: string;
  /** What stands behind `=`, or null. */
  readonly value: string | null;
  readonly word: K3sFlagWord;
}

function readFlag(word: K3sFlagWord): Flag | null {
  const match = /^--?([A-Za-z][A-Za-z0-9_-]*)(?:=([\s\S]*))?$/.exec(word.text);
  if (match === null) return null;
  const name = match[1] ?? "";
  return { key: SHORT_FLAGS[name] ?? name, value: match[2] ?? null, word };
}

function flagValue(flag: Flag, word: K3sFlagWord | undefined): FlagValue {
  const unknownBecause = word === undefined ? "the command line ends after the flag" : word.unknownBecause;
  const next = word === flag.word ? "true" : (word?.text ?? "");
  return {
    key: flag.key,
    value: flag.value ?? next,
    source: word?.source ?? flag.word.source,
    ...(unknownBecause === undefined ? {} : { unknownBecause }),
  };
}
