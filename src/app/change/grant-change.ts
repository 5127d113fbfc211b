import type { Change, ChangeEntry, ChangeScope } from "#formats/change/index.js";
import { formatIPv4 } from "#ip/index.js";
import type { Cluster, Fleet, FleetHost, HostId, Issue, Source } from "#model/index.js";
import type { Network } from "../network.js";
import { applyWish } from "./apply-wishes.js";
import { type Granting, settle } from "./granting.js";
import { type HostAim, startAim } from "./host-aim.js";
import { mistake, note } from "./messages.js";
import { givenUp, renumberHosts } from "./renumber.js";
import { checkScope } from "./scope.js";
import { selectHosts } from "./select-hosts.js";

/** What a change means for each host of a fleet. */
export interface GrantedChange {
  readonly aims: readonly HostAim[];
  readonly issues: readonly Issue[];
  readonly notes: readonly string[];
}

interface Context {
  readonly fleet: Fleet;
  readonly aims: ReadonlyMap<HostId, HostAim>;
  readonly issues: Issue[];
  readonly notes: string[];
  readonly settled: Granting["settled"];
}

const EVERYTHING: ChangeScope = { links: null, segment: null, within: null };

/** Carries the entries of a change out one after the other; each sees what the ones before it leave. */
export function grantChange(
  change: Change,
  { fleet, before }: { readonly fleet: Fleet; readonly before: Network },
): GrantedChange {
  const aims = new Map(
    fleet.hosts.flatMap((host) => {
      const booted = before.snapshot.hosts.get(host.id);
      const configuration = before.configurations.get(host.id);
      const isKnown = booted !== undefined && configuration !== undefined;
      return isKnown ? [[host.id, startAim(host, booted, configuration)] as const] : [];
    }),
  );
  const context: Context = { fleet, aims, issues: [], notes: [], settled: new Map() };
  for (const entry of change.entries) applyEntry(context, entry);
  context.notes.push(...leftBehind([...aims.values()]));
  return { aims: [...aims.values()], issues: context.issues, notes: context.notes };
}

function applyEntry(context: Context, entry: ChangeEntry): void {
  switch (entry.kind) {
    case "hosts": {
      const { hosts, issues } = selectHosts(context.fleet, entry.hosts);
      context.issues.push(...issues);
      if (issues.length > 0) return;
      const granting = grantingOf(context, { hosts, scope: entry.scope, source: entry.source });
      if (granting !== null) for (const wish of entry.wishes) applyWish(granting, wish);
      return;
    }
    case "renumber-hosts": {
      const selectors = entry.hosts.map(
        ({ host, source }) => ({ kind: "host", name: host, source }) as const,
      );
      const { hosts, issues } = selectHosts(context.fleet, selectors);
      context.issues.push(...issues);
      const [first] = entry.hosts;
      if (issues.length > 0 || first === undefined) return;
      const granting = grantingOf(context, { hosts, scope: entry.scope, source: first.source });
      if (granting !== null) renumberHosts(granting, entry.hosts);
      return;
    }
    case "backend":
      applyBackend(context, entry);
      return;
  }
}

/** null where the hosts or the scope of the entry are mistaken, which is told. */
function grantingOf(
  context: Context,
  given: { readonly hosts: readonly FleetHost[]; readonly scope: ChangeScope; readonly source: Source },
): Granting | null {
  const { hosts, scope, source } = given;
  const { fleet, issues, notes, settled } = context;
  const before = issues.length;
  // `hosts: all` may hold hosts that nothing is known of; what is wished of a host by its name needs its files.
  const read = hosts.filter(({ configuration }) => configuration.length > 0);
  if (read.length === 0) issues.push(...hosts.slice(0, 1).map(({ id }) => mistake.unread(id, source)));
  const aims = read.flatMap(({ id }) => context.aims.get(id) ?? []);
  const granting = { fleet, scope, issues, aims, notes, settled };
  if (issues.length === before) checkScope(granting, aims);
  return issues.length === before ? granting : null;
}

function applyBackend(context: Context, entry: Extract<ChangeEntry, { kind: "backend" }>): void {
  const { fleet, issues, notes } = context;
  const { backend, source } = entry;
  const cluster = fleet.clusters.find(({ name }) => name === entry.cluster);
  if (cluster === undefined) {
    const known = fleet.clusters.map(({ name }) => name);
    issues.push(mistake.unknown("cluster", { name: entry.cluster, known, source: entry.clusterSource }));
    return;
  }
  const aims = backendAims(context, cluster);
  const silent = aims.filter(({ configuration }) => configuration.k3s === null).map(({ host }) => host.id);
  if (silent.length > 0) issues.push(mistake.noServers(cluster.name, silent, source));
  const granting: Granting = { ...context, aims, scope: EVERYTHING };
  for (const aim of aims) {
    settle(granting, aim, { what: "the back end of flannel", value: backend, source });
    aim.backend = backend;
  }
  if (cluster.backend !== backend) notes.push(note.fleetBackend(cluster.name, cluster.backend));
}

/** The servers of a cluster, and agents whose files name a back end as well: agents take that of the servers. */
function backendAims({ aims }: Context, cluster: Cluster): readonly HostAim[] {
  const of = (members: Cluster["servers"]): readonly HostAim[] =>
    members.flatMap(({ host }) => aims.get(host) ?? []);
  return [...of(cluster.servers), ...of(cluster.agents).filter((aim) => aim.facts.backend !== null)];
}

/** What still names an address that nobody has any more; it is for the operator to say what it should be. */
function leftBehind(aims: readonly HostAim[]): readonly string[] {
  const gone = givenUp(aims);
  if (gone.size === 0) return [];
  return aims.flatMap((aim) => {
    const { id } = aim.host;
    const { server, nodeIp } = aim;
    const joined = server === null ? null : (/\d+\.\d+\.\d+\.\d+/.exec(server)?.[0] ?? null);
    const node = nodeIp === null ? "" : formatIPv4(nodeIp);
    const names = (aim.configuration.k3s?.tlsSans ?? []).filter((name) => gone.has(name));
    const gateways = [...aim.defaults, ...aim.routes.map(({ route }) => route)].flatMap(({ gateway }) =>
      gateway !== null && gone.has(formatIPv4(gateway)) ? [formatIPv4(gateway)] : [],
    );
    return [
      ...(server !== null && joined !== null && gone.has(joined) ? [note.oldServer(id, server, joined)] : []),
      ...(gone.has(node) ? [note.oldNodeIp(id, node)] : []),
      ...(names.length > 0 ? [note.oldNames(id, names)] : []),
      ...[...new Set(gateways)].map((gateway) => note.oldGateway(id, gateway)),
    ];
  });
}
