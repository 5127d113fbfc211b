import type { Flow, StagedHost } from "#dataplane/index.js";
import { contains, type IPv4 } from "#ip/index.js";
import type { HostId, Invariant } from "#model/index.js";

/** Whose an address is in some stage; the first owner where there are several. */
export function indexOwners(staged: readonly StagedHost[]): ReadonlyMap<IPv4, HostId> {
  const owners = new Map<IPv4, HostId>();
  for (const { id, stages } of staged) {
    for (const { ip } of stages.flatMap((stage) => stage.addresses)) {
      if (!owners.has(ip)) owners.set(ip, id);
    }
  }
  return owners;
}

/** The first invariant that speaks of the flow, or null. */
export function findInvariant(
  invariants: readonly Invariant[],
  flow: Flow,
  ownerOf: ReadonlyMap<IPv4, HostId>,
): Invariant | null {
  return (
    invariants.find(({ from, to }) => isFrom(from, flow.from) && isTo(to, flow.to, ownerOf.get(flow.to))) ??
    null
  );
}

/** By which invariants a host is named, as text: hosts that are named differently are not alike. */
export function namedBy(invariants: readonly Invariant[], host: StagedHost | undefined): string {
  if (host === undefined) return "";
  const addresses = host.stages.flatMap((stage) => stage.addresses.map((address) => address.ip));
  return invariants
    .map(({ from, to }) => {
      const isNamed =
        to.kind === "prefix" ? addresses.map((ip) => isTo(to, ip, host.id)).join() : isFrom(to, host.id);
      return `${isFrom(from, host.id)},${isNamed}`;
    })
    .join(";");
}

function isFrom(from: Invariant["from"], host: HostId): boolean {
  return from.kind === "any" || from.host === host;
}

function isTo(to: Invariant["to"], address: IPv4, owner: HostId | undefined): boolean {
  if (to.kind === "prefix") return contains(to.prefix, address);
  return to.kind === "any" || to.host === owner;
}
