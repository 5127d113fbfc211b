import type { Link } from "../host.js";
import { linkName } from "../identifiers.js";
import { readSysctl } from "../sysctl.js";
import { addressesOn, type Draft, findLink } from "./draft.js";
import { refuse } from "./messages.js";
import type { Refusal } from "./refusal.js";

/** Keys of one link: `conf.LINK.KEY`, dots of the link's name as slashes. */
const LINK_KEY = /^conf\.(.+)\.([a-z0-9_]+)$/;

/** `sysctl -w net.ipv4.KEY=VALUE` (net/ipv4/devinet.c, devinet_conf_proc and devinet_sysctl_forward). */
export function writeSysctl(draft: Draft, key: string, value: number): Refusal | null {
  const [, owner, name = ""] = LINK_KEY.exec(key) ?? [];
  const isOfLink = owner !== undefined && owner !== "all" && owner !== "default";
  if (isOfLink && findLink(draft, linkName(owner.replaceAll("/", "."))) === null)
    return refuse.noSuchSysctl(key);
  const sysctls = new Map(draft.sysctls);
  if (key === "ip_forward" || key === "conf.all.forwarding") setForwarding(draft, sysctls, value);
  else if (owner === "default") setDefault(draft, sysctls, name, value);
  else sysctls.set(key, value);
  draft.sysctls = isSameMap(sysctls, draft.sysctls) ? draft.sysctls : sysctls;
  return null;
}

/** One switch under two names; a change of it is copied to every link and to the default, and who forwards takes no redirects (inet_forward_change). */
function setForwarding(draft: Draft, sysctls: Map<string, number>, value: number): void {
  const isChange = forwardingOf(sysctls) !== value;
  sysctls.set("ip_forward", value);
  sysctls.set("conf.all.forwarding", value);
  if (!isChange) return;
  sysctls.set("conf.all.accept_redirects", value === 0 ? 1 : 0);
  sysctls.set("conf.default.forwarding", value);
  for (const link of draft.links) sysctls.set(`conf.${link.name.replaceAll(".", "/")}.forwarding`, value);
}

function forwardingOf(sysctls: ReadonlyMap<string, number>): number {
  return sysctls.get("ip_forward") ?? sysctls.get("conf.all.forwarding") ?? 0;
}

/** Keys whose default only links that come later take over (DEVINET_SYSCTL_FLUSHING_ENTRY and COMPLEX_ENTRY in net/ipv4/devinet.c). */
const FOR_NEW_LINKS_ONLY: ReadonlySet<string> = new Set([
  "forwarding",
  "disable_xfrm",
  "disable_policy",
  "promote_secondaries",
  "route_localnet",
  "drop_unicast_in_l2_multicast",
]);

/**
 * A default is copied to the links that have neither an address nor a value of their own (devinet_copy_dflt_conf; an address pins all
 * values of its link). The others keep theirs, which is written down here because readers fall back to the default.
 */
function setDefault(draft: Draft, sysctls: Map<string, number>, name: string, value: number): void {
  const before = readSysctl(sysctls, `conf.default.${name}`);
  for (const link of draft.links) {
    const key = `conf.${link.name.replaceAll(".", "/")}.${name}`;
    const own = sysctls.get(key) ?? before;
    const isPinned = FOR_NEW_LINKS_ONLY.has(name) || own !== before || isAddressed(draft, link);
    sysctls.set(key, isPinned ? own : value);
  }
  sysctls.set(`conf.default.${name}`, value);
}

/** The loopback has had an address since it came up first; of other links' past a host's state says nothing. */
function isAddressed(draft: Draft, link: Link): boolean {
  return link.type.kind === "loopback" || addressesOn(draft, link.name).length > 0;
}

function isSameMap(a: ReadonlyMap<string, number>, b: ReadonlyMap<string, number>): boolean {
  return a.size === b.size && [...a].every(([key, value]) => b.get(key) === value);
}
