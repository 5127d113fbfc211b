import {
  emptyConfiguration,
  type HostConfiguration,
  type Ipv6Fact,
  type K3sFlagWord,
  readK3sFlags,
  type Source,
} from "#model/index.js";
import { KEPT_KEYS, SERVER_KEYS } from "./known-keys.js";
import type { FlagValue, NodeSettings } from "./settings.js";

/** Turns the settings of a node into its configuration; `source` is the first file. */
export function assemble(settings: NodeSettings, source: Source): HostConfiguration {
  const { values } = settings;
  const words: K3sFlagWord[] = values.map(({ key, value, ...place }) => ({
    text: `--${key}=${value}`,
    ...place,
  }));
  const { k3s, issues } = readK3sFlags(settings.role === null ? words : [settings.role, ...words]);
  const kept = values.filter(({ key }) => KEPT_KEYS.has(key));
  const isServer = values.some(({ key, value }) => SERVER_KEYS.has(key) && value !== "false");
  return {
    ...emptyConfiguration(),
    ipv6: values.flatMap(ipv6Facts),
    k3s: {
      ...k3s,
      role: k3s.role ?? (isServer ? "server" : null),
      ...(kept.length === 0
        ? {}
        : { otherSettings: kept.map(({ key, value, source: place }) => ({ key, value, source: place })) }),
      source: settings.role?.source ?? values[0]?.source ?? source,
    },
    issues: [...settings.issues, ...issues],
  };
}

const IPV6_KINDS: ReadonlyMap<string, Ipv6Fact["kind"]> = new Map([
  ["node-ip", "address"],
  ["node-external-ip", "address"],
  ["cluster-cidr", "route"],
  ["service-cidr", "route"],
]);

function ipv6Facts({ key, value, source }: FlagValue): readonly Ipv6Fact[] {
  const kind = IPV6_KINDS.get(key);
  if (kind === undefined) return [];
  const parts = value.split(",").map((part) => part.trim());
  return parts.filter((part) => part.includes(":")).map((text) => ({ link: null, kind, text, source }));
}
