import { createHash } from "node:crypto";
import { operationWords } from "#formats/iproute2/index.js";
import { formatIPv4 } from "#ip/index.js";
import type { LabLink, LabSegment, LabSpecification, NamespaceHost } from "#lab/index.js";
import { err, type Host, type HostId, ok, type Result, type Segment, type Snapshot } from "#model/index.js";
import { isHardware, operationsToReach } from "../operations-to-reach.js";

/** A fleet's state as namespaces, one for each host; why there can be none, in words. */
export function specifyNamespaces(
  snapshot: Snapshot,
  { name, operator }: { readonly name: string; readonly operator: HostId | null },
): Result<LabSpecification, string> {
  const hosts: NamespaceHost[] = [];
  for (const host of snapshot.hosts.values()) {
    const made = specifyNamespace(host);
    if (!made.ok) return made;
    hosts.push(made.value);
  }
  return ok({ name, hosts, segments: specifySegments(snapshot, new Map()), operator });
}

/** One host as a namespace: its cables, and the commands of a boot that ends in this state. */
export function specifyNamespace(host: Host): Result<NamespaceHost, string> {
  const operations = operationsToReach([host]);
  if (!operations.ok) return err(operations.error);
  const commands = operations.value.flatMap((operation) => {
    const words = operationWords(operation);
    return words === null ? [] : [words];
  });
  return ok({ kind: "netns", id: host.id, links: specifyLinks(host), commands });
}

/** The cables of a host. */
export function specifyLinks(host: Host): readonly LabLink[] {
  return host.links.filter(isHardware).map(({ name, mac, mtu, hasCarrier, isUp }) => ({
    name,
    mac: mac ?? unknownMac(host.id, name),
    mtu,
    isPlugged: hasCarrier || !isUp,
  }));
}

/** Locally administered, and the same each time: a port of which nobody knows its address gets one that no vendor gave. */
function unknownMac(host: HostId, link: string): string {
  const digest = createHash("sha256").update(`${host}\n${link}`).digest("hex");
  return `02:70:6d:${digest.slice(0, 2)}:${digest.slice(2, 4)}:${digest.slice(4, 6)}`;
}

/** The switches, with the ports that have a cable; `mtus` for those of which the fleet states one. */
export function specifySegments(
  { hosts, segments }: Snapshot,
  mtus: ReadonlyMap<Segment["id"], number>,
): readonly LabSegment[] {
  return segments.map(({ id, ports }) => ({
    id,
    ports: ports.filter(
      ({ host, link }) =>
        hosts.get(host)?.links.some((candidate) => candidate.name === link && isHardware(candidate)) === true,
    ),
    mtu: mtus.get(id) ?? null,
  }));
}

/** Where a host is reached from others: its first address on a cable, or on a bridge or VLAN above one. */
export function reachAddress(host: Host): string | null {
  const hardware = new Set(host.links.filter(isHardware).map(({ name }) => name));
  const above = host.links.filter(
    ({ name, type }) =>
      hardware.has(name) ||
      (type.kind === "vlan" && hardware.has(type.lower)) ||
      host.links.some(({ name: port, master }) => master === name && hardware.has(port)),
  );
  const names = new Set(above.map(({ name }) => name));
  const found = host.addresses.find(
    ({ link, scope, isSecondary }) => names.has(link) && scope === "global" && !isSecondary,
  );
  return found === undefined ? null : formatIPv4(found.ip);
}
