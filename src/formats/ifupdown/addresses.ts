import { broadcastOf, DEFAULT_PREFIX, type IPv4, parseCidr, parseIPv4, parseNetmask } from "#ip/index.js";
import type { Scope, Source } from "#model/index.js";
import { linkName, operation } from "#model/index.js";
import type { IfaceStanza, InterfaceOption } from "./document.js";
import { addStep, type Draft } from "./draft.js";
import { canonicalName, optionOf } from "./interfaces.js";
import { badValueIssue, broadcastIssue, noNetmaskIssue } from "./messages.js";

/** Where the addresses of a stanza go. */
export interface Place {
  readonly stanza: IfaceStanza;
  readonly link: string;
  readonly unit: string;
}

/** The lines that hold for all addresses of a stanza, looked up once: a stanza may have very many lines. */
interface Details extends Place {
  readonly netmask: InterfaceOption | null;
  readonly broadcast: InterfaceOption | null;
  readonly pointopoint: InterfaceOption | null;
  readonly scope: InterfaceOption | null;
  readonly metric: InterfaceOption | null;
}

/** Adds the IPv4 addresses of a stanza, then its default routes; IPv6 ones are kept as text. */
export function addAddresses(place: Place, draft: Draft): void {
  const line = (name: string): InterfaceOption | null => optionOf(place.stanza.options, name);
  const details: Details = {
    ...place,
    netmask: line("netmask"),
    broadcast: line("broadcast"),
    pointopoint: line("pointopoint"),
    scope: line("scope"),
    metric: line("metric"),
  };
  for (const option of linesOf(place.stanza, "address")) {
    if (option.value.text.includes(":")) addIpv6(details, "address", option, draft);
    else addAddress(details, option, draft);
  }
  for (const option of linesOf(place.stanza, "gateway")) {
    if (option.value.text.includes(":")) addIpv6(details, "gateway", option, draft);
    else addGateway(details, option, draft);
  }
}

/** The lines of one name in a stanza. */
export function linesOf(stanza: IfaceStanza, name: string): readonly InterfaceOption[] {
  return stanza.options.filter((option) => canonicalName(option) === name);
}

/** Reads a line that is a whole number, or reports it; null where it is missing or none. */
export function readNumber(option: InterfaceOption | null, expected: string, draft: Draft): number | null {
  if (option === null) return null;
  const { text } = option.value;
  if (/^\d{1,9}$/.test(text)) return Number(text);
  draft.issues.push(badValueIssue(option, expected));
  return null;
}

/** Reads a line that is an IPv4 address, or reports it. */
export function readIPv4(option: InterfaceOption | null, draft: Draft): IPv4 | null {
  const address = option === null ? null : parseIPv4(option.value.text);
  if (option !== null && address === null) draft.issues.push(badValueIssue(option, "an IPv4 address"));
  return address;
}

function addIpv6(place: Details, kind: "address" | "gateway", option: InterfaceOption, draft: Draft): void {
  const netmask = place.netmask?.value.text;
  const needsLength = kind === "address" && !option.value.text.includes("/") && netmask !== undefined;
  const text = needsLength ? `${option.value.text}/${netmask}` : option.value.text;
  draft.ipv6.push({ link: linkName(place.link), kind, text, source: option.value.source });
}

function addAddress(place: Details, option: InterfaceOption, draft: Draft): void {
  const cidr = readAddress(place.netmask, option, draft);
  if (cidr === null) return;
  const { ip, length } = cidr;
  const { source } = option.value;
  const added = operation.address({
    link: linkName(place.link),
    ip,
    length,
    peer: readIPv4(place.pointopoint, draft),
    broadcast: readBroadcast(place.broadcast, cidr, draft),
    scope: readScope(place.scope, draft),
    source,
  });
  addStep(draft, { kind: "address-add", address: added }, { unit: place.unit, source });
}

interface AddressAndLength {
  readonly ip: IPv4;
  readonly length: number;
}

function readAddress(
  netmask: InterfaceOption | null,
  option: InterfaceOption,
  draft: Draft,
): AddressAndLength | null {
  const cidr = parseCidr(option.value.text);
  if (cidr !== null) return { ip: cidr.address, length: cidr.length };
  const ip = readIPv4(option, draft);
  if (ip === null) return null;
  if (netmask !== null) {
    const length = parseLength(netmask.value.text);
    if (length === null) draft.issues.push(badValueIssue(netmask, "a netmask or a length of 0 to 32"));
    return length === null ? null : { ip, length };
  }
  // ifupdown2 reads an address without length as one host.
  if (draft.flavour === "ifupdown2") return { ip, length: 32 };
  draft.issues.push(noNetmaskIssue(option));
  return null;
}

function parseLength(text: string): number | null {
  if (/^\d{1,2}$/.test(text)) return Number(text) <= 32 ? Number(text) : null;
  return parseNetmask(text);
}

/** ifupdown asks for `broadcast +` by default (inet.defn), and iproute2 computes it up to a /30; ifupdown2 sets none. */
function readBroadcast(option: InterfaceOption | null, address: AddressAndLength, draft: Draft): IPv4 | null {
  const text = option?.value.text ?? (draft.flavour === "ifupdown" ? "+" : "-");
  const computed = address.length <= 30 ? broadcastOf(address.ip, address.length) : null;
  if (text === "-") return null;
  if (text === "+") return computed;
  const written = readIPv4(option, draft);
  if (option !== null && written !== null && written !== computed) draft.issues.push(broadcastIssue(option));
  return written;
}

function readScope(option: InterfaceOption | null, draft: Draft): Scope {
  const text = option?.value.text ?? "global";
  const scope = (["global", "site", "link", "host", "nowhere"] as const).find((name) => name === text);
  if (scope === undefined && option !== null)
    draft.issues.push(badValueIssue(option, "`global`, `site`, `link` or `host`"));
  return scope ?? "global";
}

/** Both tools add the default route `onlink`: ifupdown's inet.defn, ifupdown2's lib/iproute2.py, which also says `proto kernel`. */
function addGateway(place: Details, option: InterfaceOption, draft: Draft): void {
  const gateway = readIPv4(option, draft);
  const metric = readNumber(place.metric, "a number", draft) ?? 0;
  if (gateway === null) return;
  const source: Source = option.value.source;
  const route = operation.route({
    destination: DEFAULT_PREFIX,
    gateway,
    link: linkName(place.link),
    metric,
    isOnlink: true,
    protocol: draft.flavour === "ifupdown2" ? "kernel" : "boot",
    source,
  });
  addStep(draft, { kind: "route-add", route }, { unit: place.unit, source });
}
