import { type Host, type LinkName, linkName, linkSysctl, readSysctl } from "#model/index.js";

/** Keys of one link: `conf.LINK.KEY`, dots of the link's name as slashes. */
const LINK_KEY = /^conf\.(.+)\.([a-z0-9_]+)$/;

/** The value that holds for a key on a host: what was set, else what the kernel takes in its place. */
export function sysctlValue({ sysctls }: Host, key: string): number {
  const own = sysctls.get(key);
  if (own !== undefined) return own;
  const [, owner, name = ""] = LINK_KEY.exec(key) ?? [];
  if (key === "ip_forward" || name === "forwarding") {
    const fallbacks = owner === "all" || owner === undefined ? [] : ["conf.default.forwarding"];
    const found = [...fallbacks, "ip_forward", "conf.all.forwarding"].find((each) => sysctls.has(each));
    return found === undefined ? 0 : (sysctls.get(found) ?? 0);
  }
  const link = linkOfSysctl(key);
  return link === null ? readSysctl(sysctls, key) : linkSysctl(sysctls, link, name);
}

/** The link that a key is of, or null for keys of the whole host. */
function linkOfSysctl(key: string): LinkName | null {
  const [, owner] = LINK_KEY.exec(key) ?? [];
  if (owner === undefined || owner === "all" || owner === "default") return null;
  return linkName(owner.replaceAll("/", "."));
}

/** Keys that are set on either side, those of links that the target does not have left out. */
export function sysctlKeys(host: Host, after: Host): readonly string[] {
  const links = new Set(after.links.map((link) => link.name));
  return [...new Set([...after.sysctls.keys(), ...host.sysctls.keys()])].filter((key) => {
    const link = linkOfSysctl(key);
    return link === null || links.has(link);
  });
}
