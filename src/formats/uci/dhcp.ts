import {
  broadcastOf,
  contains,
  type IPv4,
  ipv4,
  type Mac,
  maskOf,
  parseIPv4,
  parseMac,
  prefix,
} from "#ip/index.js";
import type { DhcpRange, HostConfiguration, LinkName, Source } from "#model/index.js";
import { readNumber } from "./addresses.js";
import { isFalse, isTrue, optionValue, optionValues, type UciDocument, type UciSection } from "./document.js";
import { type Draft, finishDraft, newDraft } from "./draft.js";
import { badValueIssue, dhcpRangeIssue, missingOptionIssue } from "./messages.js";

/** Defaults of OpenWrt's /etc/init.d/dnsmasq. */
const DEFAULT_START = 100;
const DEFAULT_LIMIT = 150;

/** The static address of an interface of the `network` file. */
export interface ServerAddress {
  readonly link: LinkName;
  readonly ip: IPv4;
  readonly length: number;
}

/** A `host` section: the address that one Ethernet address gets. It is no range: nobody else is given it. */
export interface StaticLease {
  readonly name: string | null;
  readonly macs: readonly Mac[];
  readonly ip: IPv4;
  readonly source: Source;
}

/** The ranges that the `dhcp` sections hand out; `addressOf` gives the first address of an interface, or null. */
export function convertDhcp(
  document: UciDocument,
  addressOf: (interfaceName: string) => ServerAddress | null,
): HostConfiguration {
  const draft = newDraft(document.issues);
  for (const section of document.sections) {
    if (section.type !== "dhcp" || isSilent(section)) continue;
    const name = optionValue(section, "interface");
    if (name === null) draft.issues.push(missingOptionIssue(section, "interface"));
    else addRange(section, { name: name.text, server: addressOf(name.text) }, draft);
  }
  return finishDraft(draft);
}

/** The `host` sections that name an address. */
export function readStaticLeases(document: UciDocument): readonly StaticLease[] {
  return document.sections.flatMap((section) => {
    const ip = parseIPv4(optionValue(section, "ip")?.text ?? "");
    if (section.type !== "host" || ip === null) return [];
    const macs = optionValues(section, "mac").flatMap((value) => parseMac(value.text) ?? []);
    return [{ name: optionValue(section, "name")?.text ?? null, macs, ip, source: section.source }];
  });
}

/** Whether no address is handed out: ignored, IPv4 off, or fixed leases only. */
function isSilent(section: UciSection): boolean {
  return (
    isTrue(section, "ignore") ||
    isFalse(section, "dynamicdhcp") ||
    optionValue(section, "dhcpv4")?.text === "disabled"
  );
}

function addRange(
  section: UciSection,
  place: { readonly name: string; readonly server: ServerAddress | null },
  draft: Draft,
): void {
  const before = draft.issues.length;
  const start = readNumber(section, "start", draft) ?? DEFAULT_START;
  const limit = readNumber(section, "limit", draft) ?? DEFAULT_LIMIT;
  if (draft.issues.length > before) return;
  if (place.server === null) {
    const lease = optionValue(section, "leasetime");
    const facts = `\`limit\` \`${limit}\` addresses from offset \`start\` \`${start}\`${lease === null ? "" : `, \`leasetime\` \`${lease.text}\``}`;
    draft.issues.push(dhcpRangeIssue(section, place.name, facts));
    return;
  }
  const range = rangeOf(place.server, start, limit);
  const value = optionValue(section, "start") ?? { text: String(start), source: section.source };
  if (range === null)
    draft.issues.push(badValueIssue(section, "start", value, "a range inside the network of the interface"));
  else draft.dhcpRanges.push({ ...range, link: place.server.link, source: value.source });
}

/** The arithmetic of OpenWrt's ipcalc.sh: the range keeps off the network, the broadcast address and, at its ends, the server. */
function rangeOf(
  server: ServerAddress,
  start: number,
  limit: number,
): Pick<DhcpRange, "network" | "first" | "last"> | null {
  const network = prefix(server.ip, server.length);
  const base = network.address >>> 0;
  const highest = (broadcastOf(server.ip, server.length) >>> 0) - 1;
  const offset = server.length === 0 ? start : start & ~maskOf(server.length);
  let first = Math.max(base + (offset >>> 0), base + 1);
  if (first === server.ip >>> 0) first += 1;
  let last = Math.min(first + limit - 1, highest);
  if (last === server.ip >>> 0) last -= 1;
  const isInside = start <= highest - base && first <= last && contains(network, ipv4(first));
  return isInside ? { network, first: ipv4(first), last: ipv4(last) } : null;
}
