import { type ConfigurationEdit, formatSource, type HostId, type Issue, type Source } from "#model/index.js";
import { nearestNames } from "../nearest-names.js";

function issue(code: string, source: Source, message: string, hint: string): Issue {
  return { code: `change/${code}`, severity: "error", message, source, hint };
}

function listed(names: readonly string[]): string {
  const shown = names.slice(0, 12).map((name) => `\`${name}\``);
  return `${shown.join(", ")}${names.length > shown.length ? ` and ${names.length - shown.length} more` : ""}`;
}

function meant(name: string, known: readonly string[], otherwise: string): string {
  const near = nearestNames(name, known).map((one) => `\`${one}\``);
  return near.length > 0 ? `Did you mean ${near.join(" or ")}?` : otherwise;
}

/** Narrowing keys, as the hint of an ambiguous wish. */
const NARROW = "Say which one is meant with `within:` (a network), `link:` or `segment:`.";

/** What is wrong with a change file that was understood, once it is compared with the fleet. */
export const mistake = {
  unknown: (
    what: "host" | "cluster" | "segment",
    given: { readonly name: string; readonly known: readonly string[]; readonly source: Source },
  ): Issue =>
    issue(
      `unknown-${what}`,
      given.source,
      given.known.length === 0
        ? `Expected a ${what} of the fleet, found \`${given.name}\`; the fleet has no ${what}s.`
        : `Expected one of the ${what}s ${listed(given.known)}, found \`${given.name}\`.`,
      meant(given.name, given.known, `Name a ${what} as the fleet file has it.`),
    ),
  nobody: (selector: string, source: Source, known: readonly string[]): Issue =>
    issue(
      "nobody",
      source,
      `Expected \`${selector}\` to select a host, found none.`,
      `Use what the fleet has: ${listed(known)}.`,
    ),
  unread: (host: HostId, source: Source): Issue =>
    issue(
      "no-configuration",
      source,
      `Expected configuration files of \`${host}\` to edit, found none in the fleet file.`,
      "Name them under `configuration` of the host, or leave the host out.",
    ),
  unknownLink: (
    host: HostId,
    given: { names: readonly string[]; known: readonly string[]; source: Source },
  ): Issue =>
    issue(
      "unknown-link",
      given.source,
      `Expected a link of \`${host}\`, found ${listed(given.names)}; it has ${listed(given.known)}.`,
      meant(given.names[0] ?? "", given.known, "Name a link as `ip link` shows it, or use `segment:`."),
    ),
  noPort: (segment: string, source: Source): Issue =>
    issue(
      "no-port",
      source,
      `Expected a link of the selected hosts on segment \`${segment}\`, found none.`,
      "Select hosts that are plugged in there, or name another segment.",
    ),
  noAddress: (host: HostId | null, given: { what: string; has: readonly string[]; source: Source }): Issue =>
    issue(
      "no-address",
      given.source,
      `Expected an address of ${host === null ? "the selected hosts" : `\`${host}\``} ${given.what}, found ${given.has.length === 0 ? "none" : `only ${listed(given.has)}`}.`,
      "Correct the network, link or segment; addresses that a host gets at run time cannot be changed in its files.",
    ),
  severalAddresses: (host: HostId, candidates: readonly string[], source: Source): Issue =>
    issue(
      "ambiguous-address",
      source,
      `Expected one address of \`${host}\` to change, found ${candidates.length}: ${listed(candidates)}.`,
      NARROW,
    ),
  severalLinks: (
    host: HostId,
    given: { readonly what: string; readonly candidates: readonly string[]; readonly source: Source },
  ): Issue =>
    issue(
      "ambiguous-link",
      given.source,
      given.candidates.length === 0
        ? `Expected one link of \`${host}\` ${given.what}, found none with an address.`
        : `Expected one link of \`${host}\` ${given.what}, found ${given.candidates.length}: ${listed(given.candidates)}.`,
      "Say which one is meant with `link:` or `segment:`, or behind `dev` of a route.",
    ),
  severalDefaults: (host: HostId, candidates: readonly string[], source: Source): Issue =>
    issue(
      "ambiguous-gateway",
      source,
      `Expected one default route of \`${host}\` to change, found ${candidates.length}: ${listed(candidates)}.`,
      "Say which one is meant with `link:`, or use `routes:` with `remove` and `add`.",
    ),
  severalRoutes: (host: HostId, candidates: readonly string[], source: Source): Issue =>
    issue(
      "ambiguous-route",
      source,
      `Expected one route of \`${host}\` to remove, found ${candidates.length}: ${listed(candidates)}.`,
      "Write more of the route: `via` gateway, `dev` link, `metric` number.",
    ),
  oneHost: (address: string, hosts: readonly string[], source: Source): Issue =>
    issue(
      "address-for-several",
      source,
      `Expected one host to give \`${address}\` to, found ${hosts.length}: ${listed(hosts)}.`,
      "Write an entry of its own for each host.",
    ),
  contradiction: (what: string, given: { readonly first: Source; readonly source: Source }): Issue =>
    issue(
      "contradiction",
      given.source,
      `Expected one wish for ${what}, found another one at ${formatSource(given.first)}.`,
      "Remove one of the two, or select other hosts.",
    ),
  noServers: (cluster: string, hosts: readonly string[], source: Source): Issue =>
    issue(
      "no-k3s",
      source,
      `Expected the settings of k3s on each server of \`${cluster}\`, found none on ${listed(hosts)}.`,
      "Name the file that starts k3s under `configuration` of each host in the fleet file.",
    ),
} as const;

/** What the operator should know beside the edits. */
export const note = {
  nothingToRemove: (host: HostId, what: string): string => `${host}: nothing to remove, it has no ${what}.`,
  oldServer: (host: HostId, server: string, ip: string): string =>
    `${host}: k3s joins by \`${server}\`, and \`${ip}\` is given up by this change. Change the URL by hand.`,
  oldNodeIp: (host: HostId, ip: string): string =>
    `${host}: k3s gives its node the address \`${ip}\`, which this change gives up. Change \`--node-ip\` by hand, or use \`renumber:\`.`,
  oldNames: (host: HostId, names: readonly string[]): string =>
    `${host}: the certificates of k3s name ${listed(names)} (\`--tls-san\`), which this change gives up. Add the new address by hand.`,
  oldGateway: (host: HostId, gateway: string): string =>
    `${host}: sends by \`${gateway}\`, which this change gives up. Add a \`gateway:\` or \`routes:\` for it.`,
  fleetBackend: (cluster: string, backend: string): string =>
    `The fleet file says \`backend: ${backend}\` for \`${cluster}\`; correct it together with the edits.`,
} as const;

/** Why the edit of a host is refused; `what` says what to write by hand. */
export interface Told {
  readonly message: string;
  readonly hint: string;
  readonly source: Source | null;
}

/** What is wrong with edits once they are to be made. */
export const refusal = {
  noFile: (host: HostId, what: string): Told => ({
    message: `Expected a configuration file of \`${host}\` that holds ${what}, found none.`,
    hint: "Name the file under `configuration` of the host in the fleet file, or make the change by hand.",
    source: null,
  }),
  shared: (host: HostId, others: readonly HostId[], path: string): Told => ({
    message: `Expected one text of \`${path}\` for all that include it, found that \`${host}\` needs another one than ${listed(others)}.`,
    hint: "Give each host a value of its own, or ask for the same for all of them.",
    source: { file: path, line: 1, column: 1 },
  }),
  alsoChanges: (given: {
    readonly editors: readonly HostId[];
    readonly host: HostId;
    readonly differences: readonly string[];
    readonly paths: readonly string[];
  }): Told => ({
    message: `The edit of ${listed(given.editors)} also changes \`${given.host}\`: ${given.differences.join("; ")}.`,
    hint: `Ask for the same for \`${given.host}\`, or give it a value of its own in ${listed(given.paths)}.`,
    source: null,
  }),
  otherMeaning: (host: HostId, differences: readonly string[]): Told => ({
    message: `Expected the edited files of \`${host}\` to say what was asked and all else as before, found: ${differences.join("; ")}.`,
    hint: "Make this change by hand, and plan with `--to` instead of `--change`.",
    source: null,
  }),
} as const;

/** What an edit is about, for a message. */
export function describeEdit(edit: ConfigurationEdit): string {
  switch (edit.kind) {
    case "address-length":
    case "address-add":
    case "address-remove":
      return `the addresses of \`${edit.link}\``;
    case "gateway":
      return "the default gateway";
    case "route-add":
    case "route-remove":
      return `the routes of \`${edit.route.link}\``;
    case "mtu":
      return `the MTU of \`${edit.link}\``;
    case "node-ip":
    case "flannel-backend":
    case "k3s-server":
      return "the settings of k3s";
  }
}
