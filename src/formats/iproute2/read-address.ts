import { type IPv4, parseIPv4 } from "#ip/index.js";
import type { Address, Scope, Source } from "#model/index.js";
import { linkName } from "#model/index.js";
import { say } from "./messages.js";
import type { Reading } from "./reading.js";
import type { RawAddress, RawLink } from "./schema.js";

const SCOPES: ReadonlyMap<string, Scope> = new Map([
  ["global", "global"],
  ["universe", "global"],
  ["0", "global"],
  ["site", "site"],
  ["200", "site"],
  ["link", "link"],
  ["253", "link"],
  ["host", "host"],
  ["254", "host"],
  ["nowhere", "nowhere"],
  ["255", "nowhere"],
]);

/** A scope as `ip` names it; /etc/iproute2/rt_scopes. One that no name fits is read as global and noted. */
export function readScope(reading: Reading, text: string, source: Source): Scope {
  const scope = SCOPES.get(text);
  if (scope !== undefined) return scope;
  reading.unmodelled.push(say.unknownScope(source, text));
  return "global";
}

/** The IPv4 addresses of all links; one note names the IPv6 ones that are more than link-local. */
export function readAddresses(reading: Reading, links: readonly RawLink[], source: Source): Address[] {
  const addresses: Address[] = [];
  const ipv6: string[] = [];
  for (const link of links) {
    for (const raw of link.addr_info) {
      if (raw.family === "inet6" && isGlobal(raw)) ipv6.push(`${raw.local}/${raw.prefixlen}`);
      const address = raw.family === "inet" ? readAddress(reading, link.ifname, raw, source) : null;
      if (address !== null) addresses.push(address);
    }
  }
  if (ipv6.length > 0) reading.notes.push(say.ipv6(source, ipv6));
  return addresses;
}

function readAddress(reading: Reading, link: string, raw: RawAddress, source: Source): Address | null {
  const ip = readIPv4(reading, raw.local, source);
  const peer = raw.address === undefined ? null : readIPv4(reading, raw.address, source);
  const broadcast = raw.broadcast === undefined ? null : readIPv4(reading, raw.broadcast, source);
  if (!Number.isInteger(raw.prefixlen) || raw.prefixlen < 0 || raw.prefixlen > 32) {
    reading.errors.push(say.badValue(source, "a prefix length of 0 to 32", String(raw.prefixlen)));
    return null;
  }
  if (ip === null) return null;
  return {
    link: linkName(link),
    ip,
    length: raw.prefixlen,
    peer: peer === ip ? null : peer,
    broadcast,
    scope: readScope(reading, raw.scope, source),
    isSecondary: raw.secondary,
    hasNoPrefixRoute: raw.noprefixroute,
    source,
  };
}

/** An IPv4 address, or null after an error was noted. */
export function readIPv4(reading: Reading, text: string, source: Source): IPv4 | null {
  const ip = parseIPv4(text);
  if (ip === null) reading.errors.push(say.badValue(source, "an IPv4 address", text));
  return ip;
}

function isGlobal(raw: RawAddress): boolean {
  return raw.scope === "global" || raw.scope === "0" || raw.scope === "site";
}
