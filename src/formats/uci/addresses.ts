import {
  broadcastOf,
  type Cidr,
  formatPrefix,
  type IPv4,
  ipv4,
  type Prefix,
  parseCidr,
  parseIPv4,
  parseNetmask,
  prefix,
} from "#ip/index.js";
import type { Source } from "#model/index.js";
import { optionValue, optionValues, type UciSection, type UciValue } from "./document.js";
import type { Draft } from "./draft.js";
import { badValueIssue } from "./messages.js";

/** One IPv4 address of an interface. */
export interface InterfaceAddress {
  readonly ip: IPv4;
  readonly length: number;
  readonly broadcast: IPv4;
  readonly peer: IPv4 | null;
  readonly source: Source;
}

/** Reads the addresses of one option, each once; a bare one takes `netmask`, and without that it is a /32 (netifd's proto.c). */
export function readAddresses(
  section: UciSection,
  option: string,
  draft: Draft,
): readonly InterfaceAddress[] {
  const netmask = readNetmask(section, draft);
  const broadcast = readIPv4(section, "broadcast", draft);
  const peer = readIPv4(section, "ptpaddr", draft);
  const found = new Map<string, InterfaceAddress>();
  for (const value of optionValues(section, option)) {
    if (isIPv6(value.text)) continue;
    const parsed = parseAddress(value.text, netmask);
    if (parsed === null) {
      if (parseIPv4(value.text) === null)
        draft.issues.push(badValueIssue(section, option, value, "an IPv4 address"));
      continue;
    }
    const { address: ip, length } = parsed;
    const key = formatPrefix(parsed);
    const address = {
      ip,
      length,
      broadcast: broadcast ?? defaultBroadcast(ip, length),
      peer,
      source: value.source,
    };
    if (!found.has(key)) found.set(key, address);
  }
  return [...found.values()];
}

/** Reads an option that is one IPv4 address; null where it is not set, or is none and was reported. */
export function readIPv4(section: UciSection, option: string, draft: Draft): IPv4 | null {
  const value = optionValue(section, option);
  if (value === null) return null;
  const address = parseIPv4(value.text);
  if (address === null) draft.issues.push(badValueIssue(section, option, value, "an IPv4 address"));
  return address;
}

/** Reads an option that is a whole number of 32 bits; null as for addresses. */
export function readNumber(section: UciSection, option: string, draft: Draft): number | null {
  const value = optionValue(section, option);
  if (value === null) return null;
  const isNumber = /^(?:\d{1,10}|0x[0-9a-f]{1,8})$/i.test(value.text) && Number(value.text) <= 0xffffffff;
  if (!isNumber) draft.issues.push(badValueIssue(section, option, value, "a number"));
  return isNumber ? Number(value.text) : null;
}

/** Reads `target` with or without length, else with `netmask`; host bits are cleared, as netifd does. */
export function readNetwork(section: UciSection, option: string, draft: Draft): Prefix | null {
  const value = optionValue(section, option);
  if (value === null) return null;
  const isBare = parseIPv4(value.text) !== null;
  const parsed = parseAddress(value.text, isBare ? readNetmask(section, draft) : null);
  if (parsed === null && !isBare) draft.issues.push(badValueIssue(section, option, value, "an IPv4 network"));
  return parsed === null ? null : prefix(parsed.address, parsed.length);
}

/** Whether the text can only be meant as an IPv6 address. */
export function isIPv6(text: string): boolean {
  return text.includes(":");
}

/** What the address options of a section say, as text for a report. */
export function addressFacts(section: UciSection): string {
  const words = [
    "ipaddr",
    "addresses",
    "netmask",
    "gateway",
    "device",
    "ifname",
    "metric",
    "ip6addr",
  ].flatMap((option) => {
    const values = optionValues(section, option).map((value: UciValue) => value.text);
    return values.length === 0 ? [] : [`\`${option}\` \`${values.join(" ")}\``];
  });
  return words.length === 0 ? "nothing of addresses" : words.join(", ");
}

/** null where `netmask` is set and is none, which was reported. */
function readNetmask(section: UciSection, draft: Draft): number | null {
  const value = optionValue(section, "netmask");
  if (value === null) return 32;
  const length = parseMask(value.text);
  if (length === null) draft.issues.push(badValueIssue(section, "netmask", value, "a netmask"));
  return length;
}

/** A bare address takes `netmask`; null where that is null, or where the text is no address. */
function parseAddress(text: string, netmask: number | null): Cidr | null {
  const bare = parseIPv4(text);
  if (bare === null) return parseAddressWithMask(text);
  return netmask === null ? null : { address: bare, length: netmask };
}

function parseAddressWithMask(text: string): Cidr | null {
  const cidr = parseCidr(text);
  if (cidr !== null) return cidr;
  const slash = text.indexOf("/");
  const address = parseIPv4(text.slice(0, slash === -1 ? 0 : slash));
  const length = parseMask(text.slice(slash + 1));
  return slash === -1 || address === null || length === null ? null : { address, length };
}

function parseMask(text: string): number | null {
  if (/^\d{1,2}$/.test(text)) return Number(text) <= 32 ? Number(text) : null;
  return parseNetmask(text);
}

/** netifd's interface-ip.c, interface_update_proto_addr: /31 and /32 get 255.255.255.255. */
function defaultBroadcast(ip: IPv4, length: number): IPv4 {
  return length >= 31 ? ipv4(0xffffffff) : broadcastOf(ip, length);
}
