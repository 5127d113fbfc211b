import { Document } from "yaml";
import { formatIPv4, formatPrefix } from "#ip/index.js";
import type {
  Cluster,
  ClusterMember,
  Fleet,
  FleetHost,
  FleetSegment,
  FlowTarget,
  Invariant,
  Zone,
} from "#model/index.js";
import { ANY } from "./convert-invariant.js";

/** A mapping in the order of its writing; undefined values are left out. */
type Entries = readonly (readonly [string, unknown])[];

/**
 * Writes `pointsman.yaml`. Reading it gives the same fleet again, places apart, if the fleet came from a file: a name with
 * blanks, say, would be written but not read.
 */
export function renderFleet(fleet: Fleet): string {
  const document = new Document(
    mapping([
      ["version", 1],
      ["name", fleet.name],
      ["operator", fleet.operator ?? undefined],
      ["hosts", named(fleet.hosts, (host) => host.id, renderHost)],
      [
        "segments",
        unlessEmpty(fleet.segments, () => named(fleet.segments, (segment) => segment.id, renderSegment)),
      ],
      [
        "clusters",
        unlessEmpty(fleet.clusters, () => named(fleet.clusters, (cluster) => cluster.name, renderCluster)),
      ],
      ["zones", unlessEmpty(fleet.zones, () => named(fleet.zones, (zone) => zone.name, renderZone))],
      ["invariants", unlessEmpty(fleet.invariants, () => fleet.invariants.map(renderInvariant))],
      ["assumptions", unlessEmpty(fleet.assumptions, () => fleet.assumptions)],
    ]),
    { aliasDuplicateObjects: false },
  );
  return document.toString({ lineWidth: 0 });
}

function mapping(entries: Entries): ReadonlyMap<string, unknown> {
  return new Map(entries.filter(([, value]) => value !== undefined));
}

function named<T>(
  values: readonly T[],
  nameOf: (value: T) => string,
  render: (value: T) => ReadonlyMap<string, unknown>,
): ReadonlyMap<string, unknown> {
  return new Map(values.map((value) => [nameOf(value), render(value)]));
}

function unlessEmpty<T>(
  values: { readonly length: number } | { readonly size: number },
  render: () => T,
): T | undefined {
  return ("length" in values ? values.length : values.size) === 0 ? undefined : render();
}

function renderHost(host: FleetHost): ReadonlyMap<string, unknown> {
  return mapping([
    ["role", host.role],
    ["os", host.os],
    ["ssh", host.ssh ?? undefined],
    ["console", host.console],
    [
      "configuration",
      unlessEmpty(host.configuration, () =>
        host.configuration.map(({ dialect, path, at }) =>
          mapping([
            [dialect, path],
            ["at", at],
          ]),
        ),
      ),
    ],
    ["macs", unlessEmpty(host.macs, () => host.macs)],
    [
      "sysctls",
      unlessEmpty(host.sysctls, () =>
        mapping([...host.sysctls].map(([key, value]) => [`net.ipv4.${key}`, value])),
      ),
    ],
  ]);
}

function renderSegment(segment: FleetSegment): ReadonlyMap<string, unknown> {
  const ports = segment.ports.map((port) =>
    mapping([
      ["host", port.host],
      ["link", port.link],
    ]),
  );
  return mapping([
    ["mtu", segment.mtu ?? undefined],
    ["ports", ports],
  ]);
}

function renderCluster(cluster: Cluster): ReadonlyMap<string, unknown> {
  return mapping([
    ["distribution", cluster.distribution],
    ["servers", cluster.servers.map(renderMember)],
    ["agents", unlessEmpty(cluster.agents, () => cluster.agents.map(renderMember))],
    ["backend", cluster.backend],
    ["podCidr", formatPrefix(cluster.podCidr)],
    ["serviceCidr", formatPrefix(cluster.serviceCidr)],
    ["vip", cluster.vip === null ? undefined : formatIPv4(cluster.vip)],
  ]);
}

function renderMember(member: ClusterMember): unknown {
  if (member.podCidr === null) return member.host;
  return mapping([
    ["host", member.host],
    ["podCidr", formatPrefix(member.podCidr)],
  ]);
}

function renderZone(zone: Zone): ReadonlyMap<string, unknown> {
  return mapping([
    ["prefix", formatPrefix(zone.prefix)],
    ["roles", zone.roles],
  ]);
}

function renderInvariant(invariant: Invariant): ReadonlyMap<string, unknown> {
  const flow = mapping([
    ["from", renderFlowTarget(invariant.from)],
    ["to", renderFlowTarget(invariant.to)],
  ]);
  return mapping([
    ["flow", flow],
    ["expect", invariant.expect],
    ["why", invariant.why],
  ]);
}

function renderFlowTarget(target: FlowTarget): string {
  switch (target.kind) {
    case "any":
      return ANY;
    case "host":
      return target.host;
    case "prefix":
      return formatPrefix(target.prefix);
  }
}
