import type { Issue, Severity, Source } from "#model/index.js";

/** The first character of a file, where no better place is known. */
export function startOf(file: string): Source {
  return { file, line: 1, column: 1 };
}

function issue(
  severity: Severity,
  code: string,
  source: Source | null,
  [message, hint]: readonly [string, string],
): Issue {
  return { code: `iproute2/${code}`, severity, message, source, hint };
}

const COMMANDS: Readonly<Record<string, string>> = {
  addr: "ip -j -d addr show",
  route: "ip -j -d route show table all",
  rule: "ip -j rule show",
  neigh: "ip -j neigh show",
  fdb: "bridge -j fdb show",
  sysctl: "sysctl -a --pattern net.ipv4",
};

/** The texts of everything this dialect may have to say; each gives one issue. */
export const say = {
  emptyDirectory: (): Issue =>
    issue("error", "empty-directory", null, [
      "Expected a snapshot directory with `wiring.json` and `hosts/NAME/addr.json`, found neither.",
      "Name a directory that `pointsman collect` wrote, or write one as docs/formats/iproute2.md shows.",
    ]),
  missingWiring: (): Issue =>
    issue("error", "missing-wiring", startOf("wiring.json"), [
      "Expected `wiring.json` in the snapshot directory, found no such file.",
      'Write which links share a segment: `{"segments": {"main": [["h1", "eth0"], ["h2", "eth0"]]}}`.',
    ]),
  noHosts: (): Issue =>
    issue("error", "no-hosts", startOf("hosts"), [
      "Expected at least one host as `hosts/NAME/addr.json`, found none.",
      "Run `ip -j -d addr show` and its siblings on each host, or `pointsman collect`.",
    ]),
  missingFile: (folder: string, file: string): Issue =>
    issue("unmodelled", "missing-file", startOf(`${folder}/${fileName(file)}`), [
      `Expected \`${folder}/${fileName(file)}\`, found no such file; what it would say is unknown.`,
      `Run \`${COMMANDS[file] ?? file}\` on the host and keep its output there.`,
    ]),
  noSysctls: (path: string): Issue =>
    issue("unmodelled", "missing-file", startOf(path), [
      "Expected lines such as `net.ipv4.ip_forward = 0`, found none; what they would say is unknown.",
      `Run \`${COMMANDS["sysctl"] ?? "sysctl net.ipv4"}\` on the host and keep its output there.`,
    ]),
  emptyFile: (path: string): Issue =>
    issue("error", "empty-file", startOf(path), [
      "Expected output of `ip`, `bridge` or `nft`, found an empty file.",
      "Collect this host again; a command that has nothing to show prints `[]`.",
    ]),
  notText: (source: Source): Issue =>
    issue("error", "not-text", source, [
      "Expected text, found bytes that are no UTF-8 text.",
      "Collect this host again, or remove the file if it is not part of the snapshot.",
    ]),
  tooLong: (path: string, length: number, limit: number): Issue =>
    issue("error", "too-long", startOf(path), [
      `Expected at most \`${limit}\` characters, found \`${length}\`.`,
      "Collect this host again; no command of the snapshot prints that much.",
    ]),
  notJson: (source: Source, found: string): Issue =>
    issue("error", "not-json", source, [
      `Expected JSON, found ${found}.`,
      "Collect this host again; a file that ends early was cut off while it was written.",
    ]),
  duplicateKey: (source: Source, key: string): Issue =>
    issue("error", "duplicate-key", source, [
      `Expected each key once, found \`${key}\` a second time.`,
      "Join the two entries into one.",
    ]),
  unreadableKey: (source: Source): Issue =>
    issue("error", "unreadable-key", source, [
      "Expected a name as a key, found `__proto__`, which JavaScript keeps for itself.",
      "Rename it.",
    ]),
  wrongShape: (source: Source, where: string, problem: string): Issue =>
    issue("error", "wrong-shape", source, [
      `Expected the output that docs/formats/iproute2.md shows; at \`${where}\`: ${problem}.`,
      "Collect this host again with the command that the page names.",
    ]),
  badValue: (source: Source, expected: string, found: string): Issue =>
    issue("error", "bad-value", source, [
      `Expected ${expected}, found \`${found}\`.`,
      "Collect this host again with the command that docs/formats/iproute2.md names.",
    ]),
  unknownHost: (source: Source, segment: string, host: string): Issue =>
    issue("error", "unknown-host", source, [
      `Expected a host of the snapshot in segment \`${segment}\`, found \`${host}\`, which has no folder below \`hosts\`.`,
      `Collect \`hosts/${host}\`, correct the name, or take the port out of the segment.`,
    ]),
  unknownLink: (
    source: Source,
    port: { readonly host: string; readonly link: string },
    known: readonly string[],
  ): Issue =>
    issue("error", "unknown-link", source, [
      `Expected a link of host \`${port.host}\`, found \`${port.link}\`.`,
      `Its links are ${known.map((name) => `\`${name}\``).join(", ") || "none"}; correct wiring.json or collect the host again.`,
    ]),
  portTwice: (source: Source, port: { readonly host: string; readonly link: string }, first: string): Issue =>
    issue("error", "port-twice", source, [
      `Expected each port in one segment, found \`${port.host}\` \`${port.link}\` again; it is in segment \`${first}\`.`,
      "Leave it in the segment its cable leads to.",
    ]),
  duplicateLink: (source: Source, link: string): Issue =>
    issue("error", "duplicate-link", source, [
      `Expected each link once, found \`${link}\` a second time.`,
      "Collect this host again; two outputs may have been joined into one file.",
    ]),
  badLine: (source: Source, expected: string, found: string): Issue =>
    issue("error", "bad-line", source, [
      `Expected ${expected}, found \`${found}\`.`,
      "Collect this host again; nothing but the command's own output belongs into this file.",
    ]),
  ipv6: (source: Source, texts: readonly string[]): Issue =>
    issue("unmodelled", "ipv6", source, [
      `Found IPv6 addresses (${texts.map((text) => `\`${text}\``).join(", ")}), which are not modelled.`,
      "Verdicts are about IPv4 only; check IPv6 by other means.",
    ]),
  unknownScope: (source: Source, scope: string): Issue =>
    issue("unmodelled", "scope", source, [
      `Expected scope \`global\`, \`site\`, \`link\`, \`host\` or \`nowhere\`, found \`${scope}\`; it is read as \`global\`.`,
      "Give the address or route one of the kernel's own scopes.",
    ]),
  multipath: (source: Source, destination: string): Issue =>
    issue("unmodelled", "multipath", source, [
      `Found a route to \`${destination}\` with several next hops, which is not modelled; its first one is kept.`,
      "Verdicts that depend on this host are unknown.",
    ]),
  ipv6NextHop: (source: Source, destination: string): Issue =>
    issue("unmodelled", "ipv6-next-hop", source, [
      `Found a route to \`${destination}\` through an IPv6 next hop, which is not modelled; it is left out.`,
      "Verdicts that depend on this host are unknown.",
    ]),
  encapsulation: (source: Source, destination: string, kind: string): Issue =>
    issue("unmodelled", "encapsulation", source, [
      `Found a route to \`${destination}\` with encapsulation \`${kind}\`, which is not modelled.`,
      "Verdicts that depend on this host are unknown.",
    ]),
  routeType: (source: Source, destination: string, type: string): Issue =>
    issue("unmodelled", "route-type", source, [
      `Found a route to \`${destination}\` of type \`${type}\`, which is not modelled; it is left out.`,
      "Verdicts that depend on this host are unknown.",
    ]),
  routeTos: (source: Source, destination: string, tos: string): Issue =>
    issue("unmodelled", "route-tos", source, [
      `Found a route to \`${destination}\` for packets of type of service \`${tos}\` only; it is left out.`,
      "Verdicts are about packets with type of service 0.",
    ]),
  routeMetrics: (source: Source, destination: string): Issue =>
    issue("unmodelled", "route-metrics", source, [
      `Found a route to \`${destination}\` with metrics such as an MTU of its own, which are not modelled.`,
      "Verdicts are about packets that are small enough for every link.",
    ]),
  tunnelDf: (source: Source, link: string, df: string): Issue =>
    issue("unmodelled", "tunnel-df", source, [
      `Found \`df ${df}\` on the tunnel \`${link}\`, which is not modelled.`,
      "Verdicts are about outer packets that may be cut.",
    ]),
  namedTable: (source: Source, name: string, number: number): Issue =>
    issue("warning", "named-table", source, [
      `Expected the number of a routing table, found the name \`${name}\`; it is shown as \`${number}\`.`,
      "Collect with `ip -N`, or without a name for it in rt_tables, to see its number.",
    ]),
  mainTableOnly: (source: Source, tables: readonly number[]): Issue =>
    issue("unmodelled", "main-table-only", source, [
      `Rules look into table ${tables.map((table) => `\`${table}\``).join(", ")}, but the routes are of table \`main\` only.`,
      "Collect them with `ip -j -d route show table all`.",
    ]),
  missingPortVlans: (folder: string, bridges: readonly string[]): Issue =>
    issue("unmodelled", "missing-port-vlans", startOf(`${folder}/vlan.json`), [
      `Expected \`${folder}/vlan.json\` for the VLAN-aware bridge ${bridges.map((name) => `\`${name}\``).join(", ")}, found no such file; which VLANs its ports carry is unknown.`,
      "Run `bridge -j vlan show` on the host and keep its output there; until then flows through the bridge are unknown.",
    ]),
  firewall: (source: Source, count: number): Issue =>
    issue("unmodelled", "firewall", source, [
      `Found \`${count}\` firewall rules or dropping chains, which are not modelled.`,
      "Verdicts that depend on this host are unknown.",
    ]),
} as const;

function fileName(kind: string): string {
  return kind === "sysctl" ? "sysctl.txt" : `${kind}.json`;
}
