import { parseMac } from "#ip/index.js";
import type { FdbEntry, Neighbour, Source } from "#model/index.js";
import { linkName } from "#model/index.js";
import { say } from "./messages.js";
import { readIPv4 } from "./read-address.js";
import type { Reading } from "./reading.js";
import type { RawFdbEntry, RawNeighbour } from "./schema.js";

/** The IPv4 entries of `ip -j neigh show` or `ip -j neigh show proxy`. */
export function readNeighbours(reading: Reading, raw: readonly RawNeighbour[], source: Source): Neighbour[] {
  return raw.flatMap((entry) => {
    if (entry.dst.includes(":")) return [];
    const ip = readIPv4(reading, entry.dst, source);
    if (ip === null) return [];
    const isProxy = entry.proxy !== undefined;
    return [
      {
        link: linkName(entry.dev),
        ip,
        mac: parseMac(entry.lladdr ?? ""),
        state: (entry.state[0] ?? (isProxy ? "permanent" : "none")).toLowerCase(),
        isProxy,
      },
    ];
  });
}

/** The entries of `bridge -j fdb show` that are about unicast or flooding; a device's own multicast filter is no forwarding entry. */
export function readFdb(reading: Reading, raw: readonly RawFdbEntry[], source: Source): FdbEntry[] {
  return raw.flatMap((entry) => {
    const mac = parseMac(entry.mac);
    if (mac === null) reading.errors.push(say.badValue(source, "an Ethernet address", entry.mac));
    if (mac === null || isMulticast(mac)) return [];
    const isRemoteIPv6 = entry.dst?.includes(":") ?? false;
    if (isRemoteIPv6) return [];
    return [
      {
        mac,
        link: linkName(entry.ifname),
        master: entry.master === undefined ? null : linkName(entry.master),
        vlan: entry.vlan ?? null,
        remote: entry.dst === undefined ? null : readIPv4(reading, entry.dst, source),
        ...permanence(entry),
      },
    ];
  });
}

function permanence({ state, flags }: RawFdbEntry): Pick<FdbEntry, "isPermanent" | "isStatic" | "isSticky"> {
  return {
    isPermanent: state === "permanent" || state === "static",
    ...(state === "static" ? { isStatic: true } : {}),
    ...(flags.includes("sticky") ? { isSticky: true } : {}),
  };
}

function isMulticast(mac: string): boolean {
  return (Number.parseInt(mac.slice(0, 2), 16) & 1) === 1;
}
