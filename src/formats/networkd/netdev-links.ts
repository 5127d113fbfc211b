import { type Issue, type LinkType, linkName } from "#model/index.js";
import type { NetdevDocument, NetworkDocument } from "./document.js";
import { networkdIssue } from "./messages.js";
import type { Assignment } from "./select.js";

/** A link that the boot creates. */
export interface CreatedLink {
  readonly type: LinkType;
  /** The file that gives its MTU and Ethernet address. */
  readonly netdev: NetdevDocument;
}

/** The links that networkd creates, by name; a VLAN or MACVLAN that no file puts on a lower link is reported and not created. */
export function createdLinks(
  netdevs: readonly NetdevDocument[],
  assignments: readonly Assignment[],
  issues: Issue[],
): ReadonlyMap<string, CreatedLink> {
  const lowers = lowerLinks(assignments);
  const created = new Map<string, CreatedLink>();
  for (const netdev of netdevs) {
    const type = typeOf(netdev, lowers.get(netdev.name) ?? null, issues);
    if (type !== null) created.set(netdev.name, { type, netdev });
    if (netdev.own.kind === "veth") created.set(netdev.own.peer, { type: { kind: "ethernet" }, netdev });
  }
  return created;
}

function lowerLinks(assignments: readonly Assignment[]): ReadonlyMap<string, string> {
  const stacked = (network: NetworkDocument | null): readonly string[] =>
    network?.stacked.map(({ value }) => value) ?? [];
  return new Map(
    assignments.flatMap(({ link, network }) => stacked(network).map((upper) => [upper, link] as const)),
  );
}

function typeOf(netdev: NetdevDocument, lower: string | null, issues: Issue[]): LinkType | null {
  const { own, name, source, kind } = netdev;
  const lowerName = lower === null ? null : linkName(lower);
  switch (own.kind) {
    case "ready":
      return own.type;
    case "vrf":
      return { kind: "other", name: "vrf" };
    case "veth":
      return { kind: "ethernet" };
    case "vlan":
      if (lowerName !== null) return { kind: "vlan", id: own.id, lower: lowerName };
      issues.push(networkdIssue("never-attached", source, name, `VLAN ${own.id}`, "VLAN"));
      return null;
    case "macvlan":
      if (lowerName !== null) return { kind: "ethernet" };
      issues.push(networkdIssue("never-attached", source, name, kind, "MACVLAN"));
      return null;
    case "vxlan":
      if (lowerName !== null || own.isIndependent) return { ...own.type, lower: lowerName };
      issues.push(networkdIssue("never-attached", source, name, `VXLAN ${own.type.id}`, "VXLAN"));
      return null;
    case "incomplete":
      return null;
  }
}
