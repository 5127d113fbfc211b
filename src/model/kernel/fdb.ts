import type { FdbEntry } from "../host.js";
import type { LinkName } from "../identifiers.js";
import { type Draft, findLink, keep } from "./draft.js";
import { refuse } from "./messages.js";
import type { Refusal } from "./refusal.js";

/** `bridge fdb append` (drivers/net/vxlan/vxlan_core.c, vxlan_fdb_update; net/bridge/br_fdb.c, fdb_add_entry). */
export function appendFdbEntry(draft: Draft, entry: FdbEntry): Refusal | null {
  const link = findLink(draft, entry.link);
  if (link === null) return refuse.noSuchLink(entry.link);
  if (entry.master !== null && link.master !== entry.master) return refuse.notABridgePort();
  const isTunnel = link.type.kind === "vxlan" && entry.master === null;
  if (isTunnel && entry.remote === null) return refuse.fdbWithoutRemote();
  const twins = draft.fdb.filter((other) => isSameStation(other, entry));
  const floods = isTunnel && isFlooding(entry);
  if (floods ? twins.some((other) => other.remote === entry.remote) : isTunnel && twins.length > 0)
    return null;
  const others =
    floods || twins.length === 0 ? draft.fdb : draft.fdb.filter((other) => !twins.includes(other));
  draft.fdb = [...others, entry];
  return null;
}

/** A VXLAN entry for the zero or a group address floods to each of its remotes; any other has one remote. */
function isFlooding({ mac }: FdbEntry): boolean {
  return mac === "00:00:00:00:00:00" || (Number.parseInt(mac.slice(0, 2), 16) & 1) === 1;
}

function isSameStation(a: FdbEntry, b: FdbEntry): boolean {
  const isSameTable = b.master === null ? a.master === null && a.link === b.link : a.master === b.master;
  return isSameTable && a.mac === b.mac && a.vlan === b.vlan;
}

/** `bridge fdb del`. */
export function deleteFdbEntry(draft: Draft, entry: FdbEntry): Refusal | null {
  const link = findLink(draft, entry.link);
  if (link === null) return refuse.noSuchLink(entry.link);
  if (entry.master !== null && link.master !== entry.master) return refuse.notABridgePort();
  const kept = keep(
    draft.fdb,
    (other) =>
      !isSameStation(other, entry) ||
      other.link !== entry.link ||
      (entry.remote !== null && other.remote !== entry.remote),
  );
  if (kept === draft.fdb) return refuse.noSuchFdbEntry();
  draft.fdb = kept;
  return null;
}

/** `ip link set dev BRIDGE type bridge fdb_flush` (net/bridge/br_netlink.c, IFLA_BR_FDB_FLUSH): what the bridge has learnt. */
export function flushFdb(draft: Draft, bridge: LinkName): Refusal | null {
  if (findLink(draft, bridge) === null) return refuse.noSuchLink(bridge);
  draft.fdb = keep(draft.fdb, (entry) => entry.master !== bridge || entry.isPermanent);
  return null;
}
