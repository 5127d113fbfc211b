import { isPattern, matchesPattern, type Placed } from "#formats/systemd/index.js";
import type { Issue } from "#model/index.js";
import type { NetdevDocument, NetworkDocument, NetworkMatch } from "./document.js";
import { networkdIssue } from "./messages.js";

/** One link and the file that configures it. */
export interface Assignment {
  readonly link: string;
  /** null for a netdev that no `.network` file is for. */
  readonly network: NetworkDocument | null;
}

/** Patterns times names that are compared; more is no configuration. */
const MAX_COMPARISONS = 1_000_000;

/**
 * Finds the file of each link: the first that matches, in the order of file names (systemd.network(5)). Links are known by a netdev, an exact `Name=`, or a
 * file that stacks them; a file that only matches hardware nobody names gets one link under its pattern, and an issue.
 */
export function assignFiles(given: {
  readonly networks: readonly NetworkDocument[];
  readonly netdevs: readonly NetdevDocument[];
  readonly issues: Issue[];
}): readonly Assignment[] {
  const { networks, netdevs } = given;
  const names = knownNames(networks, netdevs);
  const assigned = new Map<string, NetworkDocument>();
  for (const network of networks) {
    const matches = nameMatcher(network.match, names.size);
    for (const name of names) {
      if (!assigned.has(name) && matches(name)) assigned.set(name, network);
    }
  }
  const netdevNames = new Set(netdevs.map(({ name }) => name));
  const used = new Set(assigned.values());
  return [
    ...[...assigned].map(([link, network]) => ({ link, network })),
    ...[...netdevNames].filter((name) => !assigned.has(name)).map((link) => ({ link, network: null })),
    ...networks
      .filter((network) => !used.has(network))
      .flatMap((network) => assignPattern(network, assigned, given.issues)),
  ];
}

function knownNames(
  networks: readonly NetworkDocument[],
  netdevs: readonly NetdevDocument[],
): ReadonlySet<string> {
  const matched = networks.flatMap(({ match }) =>
    match.names.filter(({ value }) => !match.isInverted && !isPattern(value)),
  );
  return new Set([...netdevs.map(({ name }) => name), ...matched.map(({ value }) => value)]);
}

function nameMatcher(match: NetworkMatch, nameCount: number): (name: string) => boolean {
  if (match.names.length === 0) return () => match.others.length === 0;
  const exact = new Set(match.names.map(({ value }) => value));
  const patterns = match.names.map(({ value }) => value).filter(isPattern);
  const isSmall = patterns.length * nameCount <= MAX_COMPARISONS;
  const fits = (name: string): boolean =>
    exact.has(name) || (isSmall && patterns.some((pattern) => matchesPattern(pattern, name)));
  return (name) => fits(name) !== match.isInverted;
}

/** A file none of whose names came first elsewhere stands for hardware of an unknown name. */
function assignPattern(
  network: NetworkDocument,
  assigned: ReadonlyMap<string, NetworkDocument>,
  issues: Issue[],
): readonly Assignment[] {
  const { names, others, isInverted, source } = network.match;
  const isShadowed = names.length > 0 && !isInverted && names.every(({ value }) => assigned.has(value));
  if (isShadowed) return [];
  const by: Placed<string> = names.find(({ value }) => isPattern(value)) ??
    others[0] ?? { value: "*", source };
  const label = `${isInverted ? "!" : ""}${by.value}`;
  issues.push(networkdIssue("unknown-link-name", by.source, label, label));
  return [{ link: label, network }];
}
