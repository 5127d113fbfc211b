import type { HostSelector } from "#formats/change/index.js";
import type { Cluster, Fleet, FleetHost, HostId, Issue } from "#model/index.js";
import { mistake } from "./messages.js";

/** The hosts that selectors name, each once, in the order of the fleet; or why one of them names nobody. */
export function selectHosts(
  fleet: Fleet,
  selectors: readonly HostSelector[],
): { readonly hosts: readonly FleetHost[]; readonly issues: readonly Issue[] } {
  const found = selectors.map((selector) => selectOne(fleet, selector));
  const chosen = new Set(found.flatMap(({ ids }) => ids));
  return {
    hosts: fleet.hosts.filter(({ id }) => chosen.has(id)),
    issues: found.flatMap(({ issue }) => (issue === null ? [] : [issue])),
  };
}

interface Selected {
  readonly ids: readonly HostId[];
  readonly issue: Issue | null;
}

function selectOne(fleet: Fleet, selector: HostSelector): Selected {
  const { source } = selector;
  switch (selector.kind) {
    case "all":
      return { ids: fleet.hosts.map(({ id }) => id), issue: null };
    case "role": {
      const ids = fleet.hosts.filter(({ role }) => role === selector.role).map(({ id }) => id);
      const known = [...new Set(fleet.hosts.map(({ role }) => `role=${role}`))];
      return someOf(ids, () => mistake.nobody(`role=${selector.role}`, source, known));
    }
    case "host": {
      const known = fleet.hosts.map(({ id }) => id);
      const ids = known.filter((id) => id === selector.name);
      return someOf(ids, () => mistake.unknown("host", { name: selector.name, known, source }));
    }
    case "cluster": {
      const known = fleet.clusters.map(({ name }) => name);
      const ids = fleet.clusters.filter(({ name }) => name === selector.name).flatMap(membersOf);
      return someOf(ids, () => mistake.unknown("cluster", { name: selector.name, known, source }));
    }
    case "segment": {
      const known = fleet.segments.map(({ id }) => id);
      const segment = fleet.segments.find(({ id }) => id === selector.name);
      if (segment === undefined)
        return { ids: [], issue: mistake.unknown("segment", { name: selector.name, known, source }) };
      const others = fleet.segments.filter(({ ports }) => ports.length > 0).map(({ id }) => `segment=${id}`);
      return someOf(
        segment.ports.map(({ host }) => host),
        () => mistake.nobody(`segment=${selector.name}`, source, others),
      );
    }
  }
}

function someOf(ids: readonly HostId[], issue: () => Issue): Selected {
  return ids.length > 0 ? { ids, issue: null } : { ids, issue: issue() };
}

/** The hosts of a cluster, servers first. */
function membersOf(cluster: Cluster): readonly HostId[] {
  return [...cluster.servers, ...cluster.agents].map(({ host }) => host);
}
