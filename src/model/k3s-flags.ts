import { type IPv4, type Prefix, parseIPv4, parsePrefix } from "#ip/index.js";
import type { K3sConfiguration } from "./configuration.js";
import type { FlannelBackend } from "./fleet.js";
import { linkName } from "./identifiers.js";
import type { Issue, Severity, Source } from "./issue.js";

/** One word of a k3s command line, after the shell, systemd or YAML has taken its quotes off. */
export interface K3sFlagWord {
  readonly text: string;
  readonly source: Source;
  /** Why the word does not end where `text` ends (an expression that was not evaluated); missing where it is whole. */
  readonly unknownBecause?: string;
}

/** What a k3s command line says, and what of it is not understood. */
export interface K3sFlags {
  readonly k3s: K3sConfiguration;
  readonly issues: readonly Issue[];
}

interface Setting {
  readonly flag: string;
  readonly value: string;
  readonly source: Source;
  readonly unknownBecause: string | null;
}

const VALUE_FLAGS: ReadonlySet<string> = new Set([
  "node-ip",
  "flannel-backend",
  "flannel-iface",
  "cluster-cidr",
  "service-cidr",
  "server",
  "tls-san",
  "flannel-conf",
  "multi-cluster-cidr",
  "vpn-auth",
  "vpn-auth-file",
]);
const SHORT_FLAGS: Readonly<Record<string, string>> = { i: "node-ip", s: "server" };
/** Flags that change the pod network in a way the model has no words for. */
const UNMODELLED_FLAGS: ReadonlySet<string> = new Set([
  "flannel-conf",
  "flannel-external-ip",
  "multi-cluster-cidr",
  "vpn-auth",
  "vpn-auth-file",
]);
const BACKENDS: readonly FlannelBackend[] = ["vxlan", "host-gw", "wireguard-native", "none"];
const BOOLEAN_FLAGS: ReadonlySet<string> = new Set(["cluster-init", "flannel-external-ip"]);

/**
 * Reads the network flags of `k3s server` or `k3s agent`: `--flag value`, `--flag=value`, the short `-i` and `-s`, and the
 * words `server` and `agent`. The last of a repeated flag counts, `--tls-san` and `--node-ip` add up. Flags that say
 * nothing of the network are passed over; a value that is not understood is an `unmodelled` issue and leaves null.
 *
 * @example readK3sFlags([{ text: "--flannel-backend=host-gw", source }]).k3s.flannelBackend // "host-gw"
 * @see https://docs.k3s.io/cli/server
 */
export function readK3sFlags(words: readonly K3sFlagWord[]): K3sFlags {
  const issues: Issue[] = [];
  const settings = readSettings(words);
  for (const setting of settings.filter((each) => each.unknownBecause !== null)) {
    issues.push(unknownValue(setting));
  }
  for (const setting of settings.filter(
    (each) => UNMODELLED_FLAGS.has(each.flag) && each.value !== "false",
  )) {
    issues.push(unmodelledFlag(setting));
  }
  const known = settings.filter((each) => each.unknownBecause === null);
  const k3s: K3sConfiguration = {
    role: readRole(words),
    nodeIp: firstIPv4(values(known, "node-ip"), parseIPv4, issues),
    flannelBackend: readBackend(last(known, "flannel-backend"), issues),
    flannelLink: mapped(last(known, "flannel-iface"), (setting) => linkName(setting.value)),
    podCidr: firstIPv4(values(known, "cluster-cidr"), readCidr, issues),
    serviceCidr: firstIPv4(values(known, "service-cidr"), readCidr, issues),
    server: mapped(last(known, "server"), (setting) => setting.value),
    tlsSans: values(known, "tls-san").flatMap((setting) => commaList(setting.value)),
    isClusterInit: (last(known, "cluster-init")?.value ?? "false") !== "false",
    source: words[0]?.source ?? { file: "", line: 1, column: 1 },
  };
  return { k3s, issues };
}

function readRole(words: readonly K3sFlagWord[]): "server" | "agent" | null {
  for (const { text } of words) {
    if (text === "server" || text === "agent") return text;
    if (text.startsWith("-")) return null;
  }
  return null;
}

function readSettings(words: readonly K3sFlagWord[]): Setting[] {
  const settings: Setting[] = [];
  for (let index = 0; index < words.length; index++) {
    const word = words[index];
    const flag = word === undefined ? null : splitFlag(word);
    if (word === undefined || flag === null) continue;
    if (flag.value !== null) {
      settings.push({ ...flag, value: flag.value });
      continue;
    }
    if (BOOLEAN_FLAGS.has(flag.flag)) settings.push({ ...flag, value: "true" });
    if (!VALUE_FLAGS.has(flag.flag)) continue;
    index++;
    settings.push(settingOf(flag, words[index]));
  }
  return settings;
}

type Flag = Omit<Setting, "value"> & { readonly value: string | null };

function splitFlag(word: K3sFlagWord): Flag | null {
  const match = /^(--?)([A-Za-z][A-Za-z0-9-]*)(?:=([\s\S]*))?$/.exec(word.text);
  if (match === null) return null;
  const [, dashes = "", name = "", value] = match;
  const flag = dashes === "-" ? (SHORT_FLAGS[name] ?? name) : name;
  return { flag, value: value ?? null, source: word.source, unknownBecause: word.unknownBecause ?? null };
}

function settingOf(flag: Flag, word: K3sFlagWord | undefined): Setting {
  const missing = word === undefined ? "the command line ends after the flag" : null;
  return {
    flag: flag.flag,
    value: word?.text ?? "",
    source: word?.source ?? flag.source,
    unknownBecause: flag.unknownBecause ?? word?.unknownBecause ?? missing,
  };
}

function values(settings: readonly Setting[], flag: string): readonly Setting[] {
  return settings.filter((setting) => setting.flag === flag);
}

function last(settings: readonly Setting[], flag: string): Setting | null {
  return values(settings, flag).at(-1) ?? null;
}

function mapped<T>(setting: Setting | null, read: (setting: Setting) => T): T | null {
  return setting === null || setting.value === "" ? null : read(setting);
}

function commaList(text: string): string[] {
  return text
    .split(",")
    .map((part) => part.trim())
    .filter((part) => part !== "");
}

function readCidr(text: string): Prefix | null {
  return text.includes("/") ? parsePrefix(text) : null;
}

/** The first IPv4 value of a dual-stack list; IPv6 parts are named in a warning, what is neither is unmodelled. */
function firstIPv4<T extends IPv4 | Prefix>(
  settings: readonly Setting[],
  parse: (text: string) => T | null,
  issues: Issue[],
): T | null {
  let found: T | null = null;
  for (const setting of settings) {
    for (const part of commaList(setting.value)) {
      const value = parse(part);
      if (value !== null) found ??= value;
      else issues.push(part.includes(":") ? ipv6Value(setting, part) : unreadableValue(setting, part));
    }
  }
  return found;
}

function readBackend(setting: Setting | null, issues: Issue[]): FlannelBackend | null {
  if (setting === null) return null;
  const backend = BACKENDS.find((each) => each === setting.value);
  if (backend === undefined) issues.push(unknownBackend(setting));
  return backend ?? null;
}

function issue(
  severity: Severity,
  code: string,
  setting: Setting,
  text: Pick<Issue, "message" | "hint">,
): Issue {
  return { code, severity, source: setting.source, ...text };
}

function unknownValue(setting: Setting): Issue {
  return issue("unmodelled", "k3s/unknown-value", setting, {
    message: `Expected a value for \`--${setting.flag}\`, found one that is not known from the files: ${setting.unknownBecause}.`,
    hint: "Write the value into the configuration, or state it in the fleet file.",
  });
}

function unmodelledFlag(setting: Setting): Issue {
  return issue("unmodelled", "k3s/unmodelled-flag", setting, {
    message: `Expected a pod network that flannel sets up by itself, found \`--${setting.flag}\`, which is not modelled.`,
    hint: "Verdicts on the pod network of this host stay unknown; check them on the live cluster.",
  });
}

function unknownBackend(setting: Setting): Issue {
  return issue("unmodelled", "k3s/unknown-backend", setting, {
    message: `Expected a flannel backend of \`vxlan\`, \`host-gw\`, \`wireguard-native\` or \`none\`, found \`${setting.value}\`.`,
    hint: "Use one of these backends; any other makes the pod network unknown.",
  });
}

function unreadableValue(setting: Setting, part: string): Issue {
  return issue("unmodelled", "k3s/unreadable-value", setting, {
    message: `Expected an IPv4 address or network for \`--${setting.flag}\`, found \`${part}\`.`,
    hint: "Write a dotted quad, with a prefix length where a network is meant.",
  });
}

function ipv6Value(setting: Setting, part: string): Issue {
  return issue("warning", "k3s/ipv6", setting, {
    message: `Expected an IPv4 value for \`--${setting.flag}\`, found \`${part}\`, which is IPv6 and not modelled.`,
    hint: "Nothing to do for IPv4; the IPv6 half of the cluster is not checked.",
  });
}
