import type { Link, PortVlans } from "../host.js";
import type { LinkName } from "../identifiers.js";
import { changeLink, type Draft, findLink } from "./draft.js";
import { refuse } from "./messages.js";
import type { Operation } from "./operation.js";
import type { Refusal } from "./refusal.js";

type VlanAdd = Extract<Operation, { readonly kind: "bridge-vlan-add" }>;
type VlanDelete = Extract<Operation, { readonly kind: "bridge-vlan-delete" }>;

/** What a VLAN-aware bridge and each of its ports start with (net/bridge/br_vlan.c, br_vlan_init and nbp_vlan_init: `default_pvid` is 1). */
export const DEFAULT_PORT_VLANS: PortVlans = { pvid: 1, untagged: [1], tagged: [] };

/** The highest VLAN identifier; 4095 is reserved (IEEE 802.1Q, table 9-2). */
const LAST_VLAN = 4094;

/** `bridge vlan add`: a VLAN that is there gets the new flags, and a new PVID takes the place of the old one, which stays a VLAN of the port. */
export function addVlans(draft: Draft, operation: VlanAdd): Refusal | null {
  const { vlan, lastVlan, isPvid, isUntagged } = operation;
  const found = findVlans(draft, operation);
  if ("kernelMessage" in found) return found;
  if (isPvid && lastVlan > vlan) return refuse.vlanRange();
  if (found.vlans === undefined) return null;
  const isAdded = (id: number): boolean => id >= vlan && id <= lastVlan;
  const added = Array.from({ length: lastVlan - vlan + 1 }, (_, index) => vlan + index);
  const list = (old: readonly number[], more: boolean): readonly number[] =>
    [...old.filter((id) => !isAdded(id)), ...(more ? added : [])].sort((a, b) => a - b);
  const { pvid, untagged, tagged } = found.vlans;
  const keptPvid = pvid !== null && isAdded(pvid) ? null : pvid;
  setVlans(draft, operation.link, {
    pvid: isPvid ? vlan : keptPvid,
    untagged: list(untagged, isUntagged),
    tagged: list(tagged, !isUntagged),
  });
  return null;
}

/** `bridge vlan del`; the PVID goes with its VLAN, and frames without a tag are dropped from then on. */
export function deleteVlans(draft: Draft, operation: VlanDelete): Refusal | null {
  const { vlan, lastVlan } = operation;
  const found = findVlans(draft, operation);
  if ("kernelMessage" in found) return found;
  if (found.vlans === undefined) return null;
  const { pvid, untagged, tagged } = found.vlans;
  const isKept = (id: number): boolean => id < vlan || id > lastVlan;
  const isThere = [...untagged, ...tagged].some((id) => !isKept(id));
  if (!isThere) return refuse.noSuchVlan();
  setVlans(draft, operation.link, {
    pvid: pvid !== null && isKept(pvid) ? pvid : null,
    untagged: untagged.filter(isKept),
    tagged: tagged.filter(isKept),
  });
  return null;
}

/** What is not known of a port's VLANs stays unknown whatever is added to it. */
function findVlans(
  draft: Draft,
  { link: name, vlan, lastVlan, isSelf }: VlanAdd | VlanDelete,
): Refusal | { readonly vlans: PortVlans | undefined } {
  const link = findLink(draft, name);
  if (link === null) return refuse.noSuchBridgePort(name);
  if (vlan < 1 || lastVlan > LAST_VLAN || lastVlan < vlan) return refuse.vlanRange();
  const bridge = isSelf ? link : findLink(draft, link.master);
  if (bridge?.type.kind !== "bridge") return refuse.notABridgePort();
  return { vlans: link.bridgeVlans };
}

function setVlans(draft: Draft, name: LinkName, bridgeVlans: PortVlans): void {
  changeLink(draft, name, { bridgeVlans });
}

/** The VLANs of a link that has just become a port: a bridge of which they are known knows them of its ports too. */
export function giveVlans(draft: Draft, name: LinkName, bridge: Link): void {
  forgetVlans(draft, name);
  const isAware = bridge.type.kind === "bridge" && bridge.type.isVlanAware;
  if (isAware && bridge.bridgeVlans !== undefined) setVlans(draft, name, DEFAULT_PORT_VLANS);
}

/** A link that is no port any more has no VLANs (net/bridge/br_vlan.c, nbp_vlan_flush). */
export function forgetVlans(draft: Draft, name: LinkName): void {
  draft.links = draft.links.map((link) => {
    if (link.name !== name || link.bridgeVlans === undefined) return link;
    const { bridgeVlans: _, ...rest } = link;
    return rest;
  });
}
