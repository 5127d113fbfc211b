import type { LinkName } from "./identifiers.js";

/** Values below `net.ipv4.`, keyed without that prefix: `ip_forward`, `conf.all.rp_filter`, `conf.eth0/100.rp_filter` (a dot in a link name is a slash). */
export type Sysctls = ReadonlyMap<string, number>;

/** Kernel defaults of `net.ipv4.conf.*`; Documentation/networking/ip-sysctl.rst and net/ipv4/devinet.c (ipv4_devconf). */
const CONF_DEFAULTS: Readonly<Record<string, number>> = {
  accept_redirects: 1,
  send_redirects: 1,
  secure_redirects: 1,
  shared_media: 1,
};

/** One value of `net.ipv4.KEY`, or the kernel's default (0 for what is not listed). */
export function readSysctl(sysctls: Sysctls, key: string): number {
  const value = sysctls.get(key);
  if (value !== undefined) return value;
  return CONF_DEFAULTS[key.slice(key.lastIndexOf(".") + 1)] ?? 0;
}

/** One value of `net.ipv4.conf.LINK.KEY` for a link, falling back to `conf.default` as a new link would. */
export function linkSysctl(sysctls: Sysctls, link: LinkName, key: string): number {
  const value = sysctls.get(`conf.${link.replaceAll(".", "/")}.${key}`);
  return value ?? readSysctl(sysctls, `conf.default.${key}`);
}
