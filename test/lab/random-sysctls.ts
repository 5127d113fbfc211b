import type { Profile } from "./profiles.js";
import type { RandomSource } from "./random-source.js";

/** Sysctl lines of one host; switches of the whole host stand first because the kernel resets the links' values with them. */
export function randomSysctls(
  random: RandomSource,
  profile: Profile,
  links: readonly string[],
): readonly string[] {
  const scopes = ["all", ...links.map((link) => link.replaceAll(".", "/"))];
  return [
    `ip_forward=${random.chance(profile.forwarding) ? 1 : 0}`,
    ...scopes.flatMap((scope) => scopeLines(random, profile, scope)),
  ];
}

function scopeLines(random: RandomSource, profile: Profile, scope: string): readonly string[] {
  const lines: string[] = [];
  const set = (probability: number, key: string, values: readonly number[]): void => {
    if (random.chance(probability)) lines.push(`conf.${scope}.${key}=${random.pick(values)}`);
  };
  if (scope !== "all") set(0.1, "forwarding", [0, 1]);
  set(profile.rpFilter, "rp_filter", [0, 1, 1, 2]);
  set(profile.arpSysctl, "arp_ignore", [0, 1, 2, 3, 8]);
  set(profile.arpSysctl, "arp_announce", [0, 1, 2]);
  set(profile.arpSysctl, "arp_filter", [0, 1]);
  set(profile.redirectSysctl, "send_redirects", [0, 1]);
  set(profile.redirectSysctl, "accept_redirects", [0, 1]);
  set(profile.redirectSysctl, "shared_media", [0, 1]);
  set(profile.redirectSysctl, "secure_redirects", [0, 1]);
  set(profile.proxyArp, "proxy_arp", [0, 1, 1]);
  set(profile.proxyArp / 4, "proxy_arp_pvlan", [1]);
  set(profile.rareSysctl, "accept_local", [1]);
  set(profile.rareSysctl, "route_localnet", [1]);
  set(profile.rareSysctl, "src_valid_mark", [1]);
  set(profile.rareSysctl, "bc_forwarding", [1]);
  set(profile.rareSysctl, "arp_accept", [1]);
  return lines;
}
