import { parseIPv4, parseMac } from "#ip/index.js";
import type { Link, LinkType, Source } from "#model/index.js";
import { linkName } from "#model/index.js";
import type { RawLink } from "./schema.js";

/** What must be known of the other links to tell the type of one. */
export interface LinkSurroundings {
  /** The output has the details of `-d`; without them a link's type is a guess or unknown. */
  readonly hasDetails: boolean;
  readonly masters: ReadonlySet<string>;
  /** Links that wiring.json plugs into a segment. */
  readonly wired: ReadonlySet<string>;
}

/** The links that others name as their master, and whether `-d` was given. */
export function surroundingsOf(raw: readonly RawLink[], wired: ReadonlySet<string>): LinkSurroundings {
  return {
    hasDetails: raw.some((link) => link.promiscuity !== undefined || link.linkinfo !== undefined),
    masters: new Set(raw.flatMap((link) => (link.master === undefined ? [] : [link.master]))),
    wired,
  };
}

/** One element of `ip -j addr show` as a link of the model. */
export function readLink(raw: RawLink, surroundings: LinkSurroundings, source: Source): Link {
  const type = linkType(raw, surroundings);
  return {
    name: linkName(raw.ifname),
    type,
    mac: type.kind === "loopback" ? null : parseMac(raw.address ?? ""),
    mtu: raw.mtu,
    isUp: raw.flags.includes("UP"),
    hasCarrier: raw.flags.includes("LOWER_UP"),
    master: raw.master === undefined ? null : linkName(raw.master),
    isNoArp: raw.flags.includes("NOARP"),
    source,
  };
}

function linkType(raw: RawLink, surroundings: LinkSurroundings): LinkType {
  if (raw.link_type === "loopback" || raw.flags.includes("LOOPBACK")) return { kind: "loopback" };
  const kind = raw.linkinfo?.info_kind;
  if (kind !== undefined) return typeOfKind(raw, kind);
  if (raw.link_type !== undefined && raw.link_type !== "ether") return { kind: "other", name: raw.link_type };
  return surroundings.hasDetails ? { kind: "ethernet" } : guessType(raw, surroundings);
}

function typeOfKind(raw: RawLink, kind: string): LinkType {
  const given = raw.linkinfo?.info_data ?? {};
  switch (kind) {
    case "veth":
      return { kind: "ethernet" };
    case "tun":
      return given.type === "tap" ? { kind: "ethernet" } : { kind: "other", name: kind };
    case "macvlan":
      return given.mode === "bridge" ? { kind: "ethernet" } : { kind: "other", name: kind };
    case "dummy":
      return { kind: "dummy" };
    case "bridge":
      return { kind: "bridge", isVlanAware: given.vlan_filtering === 1 };
    case "bond":
      return { kind: "bond", mode: given.mode ?? "balance-rr" };
    case "vlan":
      return vlanType(raw, kind);
    case "vxlan":
      return vxlanType(raw, kind);
    default:
      return { kind: "other", name: kind };
  }
}

function vlanType(raw: RawLink, kind: string): LinkType {
  const given = raw.linkinfo?.info_data;
  const isPlain = given?.protocol === undefined || given.protocol === "802.1Q";
  if (given?.id === undefined || typeof raw.link !== "string" || !isPlain)
    return { kind: "other", name: kind };
  return { kind: "vlan", id: given.id, lower: linkName(raw.link) };
}

function vxlanType(raw: RawLink, kind: string): LinkType {
  const given = raw.linkinfo?.info_data;
  if (given?.id === undefined) return { kind: "other", name: kind };
  return {
    kind: "vxlan",
    id: given.id,
    local: parseIPv4(given.local ?? ""),
    lower: given.link === undefined ? null : linkName(given.link),
    port: given.port ?? 8472,
    isLearning: given.learning ?? true,
  };
}

/** Without `-d` a name and a role are all there is; what neither explains stays unknown. */
function guessType(raw: RawLink, { masters, wired }: LinkSurroundings): LinkType {
  if (masters.has(raw.ifname)) {
    return raw.flags.includes("MASTER")
      ? { kind: "bond", mode: "unknown" }
      : { kind: "bridge", isVlanAware: false };
  }
  const id = /\.(\d{1,4})$/.exec(raw.ifname)?.[1];
  if (id !== undefined && typeof raw.link === "string" && raw.ifname === `${raw.link}.${id}`) {
    return { kind: "vlan", id: Number(id), lower: linkName(raw.link) };
  }
  const isPlain = wired.has(raw.ifname) || raw.master !== undefined;
  return isPlain ? { kind: "ethernet" } : { kind: "other", name: "unknown" };
}
