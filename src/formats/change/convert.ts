import {
  keySourceAt,
  type ParsedDocument,
  type PathStep,
  parseNetwork,
  sourceAt,
} from "#formats/document/index.js";
import { type Cidr, type IPv4, type Prefix, parseCidr, parseIPv4 } from "#ip/index.js";
import { type Issue, linkName, type Source } from "#model/index.js";
import type { Change, ChangeEntry, ChangeScope, NewAddress, Wish } from "./change.js";
import { convertNewRoute, convertOldRoute } from "./convert-route.js";
import { convertSelector } from "./convert-selector.js";
import { ACTIONS, message } from "./messages.js";
import type { ChangeDocument, EntryDocument } from "./schema.js";

interface Entry {
  readonly document: EntryDocument;
  readonly valueAt: (...path: readonly PathStep[]) => Source;
  readonly keyAt: (...path: readonly PathStep[]) => Source;
  readonly issues: Issue[];
}

/** Turns a document of the right shape into a change; what contradicts itself is an issue. */
export function convertChange({ document, tree }: ParsedDocument<ChangeDocument>): {
  readonly change: Change;
  readonly issues: readonly Issue[];
} {
  const issues: Issue[] = [];
  const entries = document.changes.flatMap((each, index) =>
    convertEntry({
      document: each,
      valueAt: (...path) => sourceAt(tree, ["changes", index, ...path]),
      keyAt: (...path) => keySourceAt(tree, ["changes", index, ...path]),
      issues,
    }),
  );
  return { change: { entries }, issues };
}

function convertEntry(entry: Entry): readonly ChangeEntry[] {
  const { document, issues, keyAt } = entry;
  if (document.cluster !== undefined || document.flannelBackend !== undefined) return convertBackend(entry);
  if (document.onlink !== undefined && document.gateway === undefined) {
    issues.push(message.misplaced(keyAt("onlink"), "onlink", "`gateway` beside `onlink`"));
  }
  if (document.renumber !== undefined && !isNetworks(document.renumber))
    return convertNewAddresses(entry, document.renumber);
  const wishes = convertWishes(entry);
  if (document.hosts === undefined) issues.push(message.noHosts(keyAt()));
  if (!ACTIONS.some((action) => document[action] !== undefined)) issues.push(message.noAction(keyAt()));
  const hosts = typeof document.hosts === "string" ? [document.hosts] : (document.hosts ?? []);
  const selectors = hosts.flatMap((text, index) => {
    const source =
      typeof document.hosts === "string" ? entry.valueAt("hosts") : entry.valueAt("hosts", index);
    const selector = convertSelector(text, source);
    if (!("code" in selector)) return [selector];
    issues.push(selector);
    return [];
  });
  return [{ kind: "hosts", hosts: selectors, scope: convertScope(entry), wishes, source: keyAt() }];
}

function convertBackend({ document, issues, keyAt, valueAt }: Entry): readonly ChangeEntry[] {
  const { cluster, flannelBackend, ...others } = document;
  for (const key of Object.keys(others)) {
    issues.push(message.misplaced(keyAt(key), key, "`cluster` and `flannelBackend` alone in their entry"));
  }
  if (cluster === undefined) issues.push(message.missingKey(keyAt(), "cluster", "the entry"));
  if (flannelBackend === undefined) issues.push(message.missingKey(keyAt(), "flannelBackend", "the entry"));
  if (cluster === undefined || flannelBackend === undefined) return [];
  const clusterSource = valueAt("cluster");
  return [
    { kind: "backend", cluster, clusterSource, backend: flannelBackend, source: keyAt("flannelBackend") },
  ];
}

type Renumber = NonNullable<EntryDocument["renumber"]>;

function isNetworks(renumber: Renumber): renumber is { from: string; to: string } {
  return "from" in renumber && "to" in renumber;
}

function convertNewAddresses(entry: Entry, renumber: Renumber): readonly ChangeEntry[] {
  const { document, issues, keyAt, valueAt } = entry;
  const { renumber: _renumber, link: _link, segment: _segment, within: _within, ...others } = document;
  for (const key of Object.keys(others)) {
    const rule = "`renumber` with hosts alone in its entry, or beside `link`, `segment` or `within`";
    issues.push(message.misplaced(keyAt(key), key, rule));
  }
  const hosts: readonly NewAddress[] = Object.entries(renumber).flatMap(([host, text]) => {
    const { ip, length } = maybeLength(text);
    return [{ host, ip, length, source: valueAt("renumber", host) }];
  });
  return [{ kind: "renumber-hosts", hosts, scope: convertScope(entry) }];
}

function convertScope({ document, valueAt }: Entry): ChangeScope {
  const { link, segment, within } = document;
  const names = typeof link === "string" ? [link] : (link ?? []);
  return {
    links: link === undefined ? null : { names: names.map(linkName), source: valueAt("link") },
    segment: segment === undefined ? null : { name: segment, source: valueAt("segment") },
    within: within === undefined ? null : network(within),
  };
}

/** Renumbering comes first and removing before adding, so that each wish sees what the others leave. */
function convertWishes(entry: Entry): readonly Wish[] {
  const { document, keyAt, valueAt } = entry;
  const { prefix, mtu } = document;
  return [
    ...convertRenumber(entry),
    ...(prefix === undefined ? [] : [{ kind: "prefix", length: prefix, source: keyAt("prefix") } as const]),
    ...(document.addresses?.remove ?? []).map((text, index) => {
      const source = valueAt("addresses", "remove", index);
      return { kind: "address-remove", ...maybeLength(text), source } as const;
    }),
    ...(document.addresses?.add ?? []).map((text, index) => {
      const source = valueAt("addresses", "add", index);
      return { kind: "address-add", address: cidr(text), source } as const;
    }),
    ...convertRoutes(entry, "remove", convertOldRoute),
    ...convertGateway(entry),
    ...convertRoutes(entry, "add", convertNewRoute),
    ...(mtu === undefined ? [] : [{ kind: "mtu", mtu, source: keyAt("mtu") } as const]),
  ];
}

function convertRenumber({ document, issues, keyAt }: Entry): readonly Wish[] {
  const { renumber } = document;
  if (renumber === undefined || !isNetworks(renumber)) return [];
  const from = network(renumber.from);
  const to = network(renumber.to);
  const source = keyAt("renumber");
  if (from.length !== to.length) issues.push(message.unequalNetworks(source, renumber.from, renumber.to));
  return [{ kind: "renumber", from, to, source }];
}

function convertGateway({ document, keyAt }: Entry): readonly Wish[] {
  const { gateway, onlink } = document;
  if (gateway === undefined) return [];
  const isOnlink = onlink ?? null;
  return [{ kind: "gateway", gateway: parseIPv4(gateway), isOnlink, source: keyAt("gateway") }];
}

function convertRoutes(
  { document, issues, valueAt }: Entry,
  action: "add" | "remove",
  convert: (text: string, source: Source) => Wish | Issue,
): readonly Wish[] {
  return (document.routes?.[action] ?? []).flatMap((text, index) => {
    const converted = convert(text, valueAt("routes", action, index));
    if (!("code" in converted)) return [converted];
    issues.push(converted);
    return [];
  });
}

function maybeLength(text: string): { readonly ip: IPv4; readonly length: number | null } {
  const ip = parseIPv4(text);
  if (ip !== null) return { ip, length: null };
  const { address, length } = cidr(text);
  return { ip: address, length };
}

/** Texts that the schema has let pass. */
function cidr(text: string): Cidr {
  const parsed = parseCidr(text);
  if (parsed === null) throw new TypeError(`the schema let \`${text}\` pass as an address`);
  return parsed;
}

function network(text: string): Prefix {
  const parsed = parseNetwork(text);
  if (parsed === null) throw new TypeError(`the schema let \`${text}\` pass as a network`);
  return parsed;
}
