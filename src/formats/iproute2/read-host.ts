import type { z } from "zod";
import {
  type Address,
  compareRoutes,
  DEFAULT_RULES,
  DEFAULT_TABLE,
  type FdbEntry,
  type Host,
  hostId,
  type Link,
  LOCAL_TABLE,
  linkName,
  localRoutes,
  MAIN_TABLE,
  type Neighbour,
  type Route,
  type Rule,
  type Sysctls,
} from "#model/index.js";
import { say, startOf } from "./messages.js";
import { parsePlainAddresses } from "./plain-address.js";
import { parsePlainNeighbours } from "./plain-neighbour.js";
import { parsePlainRoutes, parsePlainRules } from "./plain-route.js";
import { readAddresses } from "./read-address.js";
import { readEtcdPeer } from "./read-etcd.js";
import { readFirewall } from "./read-firewall.js";
import { readLink, surroundingsOf } from "./read-link.js";
import { readFdb, readNeighbours } from "./read-neighbour.js";
import { readPortVlans } from "./read-port-vlans.js";
import { readRoutes } from "./read-route.js";
import { readRules } from "./read-rule.js";
import { readSysctls } from "./read-sysctl.js";
import { parseJson, type Reading, readText } from "./reading.js";
import { fdbSchema, linkSchema, neighbourSchema, routeSchema, ruleSchema, withoutEmpty } from "./schema.js";
import { newTableNames, type TableNames } from "./table-names.js";

/** One kind of output of a host: its JSON file, or its plain one where `ip -j` was not to be had. */
interface Output<T> {
  readonly kind: string;
  readonly schema: z.ZodType<T[], unknown>;
  readonly parsePlain: ((reading: Reading, file: string, text: string) => T[]) | null;
}

/** A file's elements and its path; null where it is missing (`isMissing`) or unreadable (an error was noted). */
interface Elements<T> {
  readonly file: string;
  readonly elements: readonly T[] | null;
  readonly isMissing: boolean;
}

const LINKS = { kind: "addr", schema: withoutEmpty(linkSchema), parsePlain: parsePlainAddresses };
const ROUTES = { kind: "route", schema: withoutEmpty(routeSchema), parsePlain: parsePlainRoutes };
const RULES = { kind: "rule", schema: withoutEmpty(ruleSchema), parsePlain: parsePlainRules };
const NEIGHBOURS = { kind: "neigh", schema: withoutEmpty(neighbourSchema), parsePlain: parsePlainNeighbours };
const PROXIES = {
  kind: "proxy-neigh",
  schema: withoutEmpty(neighbourSchema),
  parsePlain: parsePlainNeighbours,
};
const FDB = { kind: "fdb", schema: withoutEmpty(fdbSchema), parsePlain: null };

/** Reads one host's folder. `wired` names its links that wiring.json plugs in. What is missing is unknown, not empty. */
export function readHost(reading: Reading, name: string, wired: ReadonlySet<string>): Host {
  const folder = `hosts/${name}`;
  const { links, addresses } = readLinks(reading, folder, wired);
  const tables = newTableNames(reading.notes, startOf(`${folder}/route.json`));
  const routes = readRouteFile(reading, folder, tables);
  const rules = readRuleFile(reading, folder, tables);
  const hasLocal = routes === null || routes.some((route) => route.table === LOCAL_TABLE);
  if (!hasLocal) noteMissingTables(reading, folder, routes, rules);
  const all = hasLocal ? (routes ?? []) : [...routes, ...localRoutes(links, addresses)];
  const fdb = readFdbFile(reading, folder, links);
  readFirewall(reading, folder);
  return {
    id: hostId(name),
    links: readPortVlans(reading, folder, links),
    addresses,
    routes: [...all].sort(compareRoutes),
    rules,
    neighbours: readNeighbourFiles(reading, folder),
    fdb,
    sysctls: readSysctlFile(reading, folder),
    ...readEtcdPeer(reading, folder),
    unmodelled: reading.unmodelled,
  };
}

function readElements<T>(reading: Reading, folder: string, output: Output<T>): Elements<T> {
  const file = `${folder}/${output.kind}.json`;
  const text = readText(reading, file);
  if (text === null) return { file, elements: null, isMissing: false };
  if (text !== "missing")
    return { file, elements: parseJson(reading, file, text, output.schema), isMissing: false };
  const plainFile = `${folder}/${output.kind}.txt`;
  const plain = output.parsePlain === null ? "missing" : readText(reading, plainFile);
  if (plain === null || plain === "missing") return { file, elements: null, isMissing: plain === "missing" };
  return {
    file: plainFile,
    elements: output.parsePlain?.(reading, plainFile, plain) ?? null,
    isMissing: false,
  };
}

function readLinks(
  reading: Reading,
  folder: string,
  wired: ReadonlySet<string>,
): { readonly links: readonly Link[]; readonly addresses: readonly Address[] } {
  const { file, elements, isMissing } = readElements(reading, folder, LINKS);
  if (isMissing) reading.unmodelled.push(say.missingFile(folder, "addr"));
  if (elements === null) return { links: [...wired].map(unknownLink), addresses: [] };
  const source = startOf(file);
  const seen = new Set<string>();
  for (const { ifname, linkinfo } of elements) {
    if (seen.has(ifname)) reading.errors.push(say.duplicateLink(source, ifname));
    seen.add(ifname);
    const df = linkinfo?.info_kind === "vxlan" ? linkinfo.info_data?.df : undefined;
    if (df !== undefined && df !== "unset") reading.notes.push(say.tunnelDf(source, ifname, df));
  }
  const surroundings = surroundingsOf(elements, wired);
  return {
    links: elements.map((raw) => readLink(raw, surroundings, source)),
    addresses: readAddresses(reading, elements, source),
  };
}

/** A link that only the wiring tells of: everything that reaches it is unknown. */
function unknownLink(name: string): Link {
  return {
    name: linkName(name),
    type: { kind: "other", name: "unknown" },
    mac: null,
    mtu: 1500,
    isUp: true,
    hasCarrier: true,
    master: null,
    isNoArp: false,
    source: null,
  };
}

function readRouteFile(reading: Reading, folder: string, tables: TableNames): readonly Route[] | null {
  const { file, elements, isMissing } = readElements(reading, folder, ROUTES);
  if (isMissing) reading.unmodelled.push(say.missingFile(folder, "route"));
  return elements === null ? null : readRoutes(reading, elements, { tables, source: startOf(file) });
}

function readRuleFile(reading: Reading, folder: string, tables: TableNames): readonly Rule[] {
  const { file, elements, isMissing } = readElements(reading, folder, RULES);
  if (isMissing) reading.unmodelled.push(say.missingFile(folder, "rule"));
  return elements === null ? DEFAULT_RULES : readRules(reading, elements, { tables, source: startOf(file) });
}

const ALWAYS_THERE: ReadonlySet<number> = new Set([LOCAL_TABLE, MAIN_TABLE, DEFAULT_TABLE]);

/** Without table `local`, `ip route` was not asked for all tables, so those that rules name are unknown too. */
function noteMissingTables(
  reading: Reading,
  folder: string,
  routes: readonly Route[],
  rules: readonly Rule[],
): void {
  const shown = new Set(routes.map((route) => route.table));
  const missing = rules.flatMap(({ action }) =>
    action.kind === "lookup" && !ALWAYS_THERE.has(action.table) && !shown.has(action.table)
      ? [action.table]
      : [],
  );
  if (missing.length > 0) {
    reading.unmodelled.push(say.mainTableOnly(startOf(`${folder}/route.json`), [...new Set(missing)]));
  }
}

function readNeighbourFiles(reading: Reading, folder: string): readonly Neighbour[] {
  const cache = readElements(reading, folder, NEIGHBOURS);
  if (cache.isMissing) reading.unmodelled.push(say.missingFile(folder, "neigh"));
  const proxies = readElements(reading, folder, PROXIES);
  return [cache, proxies].flatMap(({ file, elements }) =>
    elements === null ? [] : readNeighbours(reading, elements, startOf(file)),
  );
}

function readFdbFile(reading: Reading, folder: string, links: readonly Link[]): readonly FdbEntry[] {
  const { file, elements, isMissing } = readElements(reading, folder, FDB);
  const isNeeded = links.some(({ type }) => type.kind === "bridge" || type.kind === "vxlan");
  if (isMissing && isNeeded) reading.unmodelled.push(say.missingFile(folder, "fdb"));
  return elements === null ? [] : readFdb(reading, elements, startOf(file));
}

function readSysctlFile(reading: Reading, folder: string): Sysctls {
  const file = `${folder}/sysctl.txt`;
  const text = readText(reading, file);
  if (text === "missing") reading.unmodelled.push(say.missingFile(folder, "sysctl"));
  if (text === "missing" || text === null) return new Map();
  if (text.trim() === "") reading.unmodelled.push(say.noSysctls(file));
  return readSysctls(reading, file, text);
}
