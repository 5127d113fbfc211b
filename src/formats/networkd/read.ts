import {
  type ConfigurationTree,
  emptyConfiguration,
  type HostConfiguration,
  type Issue,
} from "#model/index.js";
import { convertNetworkd } from "./convert.js";
import type { NetdevDocument, NetworkDocument } from "./document.js";
import { findFiles, readFile } from "./files.js";
import { networkdIssue } from "./messages.js";
import { parseNetdev } from "./parse-netdev.js";
import { parseNetwork } from "./parse-network.js";
import { joinedSettings, type NetworkdFile, takeText } from "./settings.js";

/**
 * Reads one `.network` or `.netdev` file, or the folder with all of them, each with its drop-ins, as what a cold boot with them does.
 *
 * @example readNetworkd(tree, "etc/systemd/network").steps // link-add br0, link-up br0, address-add 192.168.200.1/24, ...
 */
export function readNetworkd(tree: ConfigurationTree, path: string): HostConfiguration {
  const paths = findFiles(tree, path);
  if (paths.length === 0) {
    const issue = networkdIssue("missing-file", { file: path, line: 1, column: 1 }, path);
    return { ...emptyConfiguration(), issues: [issue] };
  }
  const { networks, netdevs, issues } = readDocuments(tree, paths);
  const converted = convertNetworkd({ networks, netdevs, isFolder: tree.read(path) === null });
  return { ...converted, issues: cutIssues([...issues, ...converted.issues]) };
}

/** Reads files, each with its drop-ins, to what each says for itself. */
export function readDocuments(
  tree: ConfigurationTree,
  paths: readonly string[],
): {
  readonly networks: readonly NetworkDocument[];
  readonly netdevs: readonly NetdevDocument[];
  readonly issues: readonly Issue[];
} {
  const networks: NetworkDocument[] = [];
  const netdevs: NetdevDocument[] = [];
  const issues: Issue[] = [];
  for (const file of paths.map((each) => readFile(tree, each))) {
    const kind = kindOf(file);
    if (kind === "link") reportLinkFile(file);
    if (kind === "netdev") netdevs.push(...[parseNetdev(file)].filter((netdev) => netdev !== null));
    if (kind === "network") networks.push(parseNetwork(file));
    for (const issue of file.issues) issues.push(issue);
  }
  return { networks, netdevs, issues };
}

/** By the name; a file with another name is what its sections say. */
function kindOf(file: NetworkdFile): "network" | "netdev" | "link" {
  if (file.name.endsWith(".link")) return "link";
  if (file.name.endsWith(".netdev")) return "netdev";
  if (file.name.endsWith(".network")) return "network";
  return joinedSettings(file, "NetDev") === null ? "network" : "netdev";
}

function reportLinkFile(file: NetworkdFile): void {
  const link = joinedSettings(file, "Link");
  for (const key of ["Name", "MTUBytes", "MACAddress"]) {
    const text = takeText(link, key);
    if (text !== null) file.issues.push(networkdIssue("link-file", text.source, key, text.value));
  }
}

/** Enough to correct the files; what has more is no configuration. */
const MAX_ISSUES = 1000;

function cutIssues(issues: readonly Issue[]): readonly Issue[] {
  const source = issues[MAX_ISSUES]?.source ?? null;
  if (source === null) return issues;
  return [...issues.slice(0, MAX_ISSUES), networkdIssue("too-many", source, String(MAX_ISSUES))];
}
