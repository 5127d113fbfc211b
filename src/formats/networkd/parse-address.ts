import { type Placed, readBoolean } from "#formats/systemd/index.js";
import { isZeroIPv4, parseCidr, parseIPv4 } from "#ip/index.js";
import type { Ipv6Fact, Scope } from "#model/index.js";
import type { NetworkAddress } from "./document.js";
import { ADDRESS_KEYS } from "./known-keys.js";
import { networkdIssue } from "./messages.js";
import { closeSettings, type Settings, takeAll, takeBoolean, takeParsed, takeText } from "./settings.js";

/** Where facts other than IPv4 addresses go. */
interface Beside {
  readonly ipv6: Omit<Ipv6Fact, "link">[];
  readonly dynamic: Placed<string>[];
}

const PLAIN = { peer: null, broadcast: "default", scope: null, hasNoPrefixRoute: false } as const;

/** Reads the `Address=` lines of `[Network]`. */
export function parseNetworkAddresses(network: Settings | null, beside: Beside): readonly NetworkAddress[] {
  return takeAll(network, "Address").flatMap(
    (entry) => readAddress({ value: entry.value, source: entry.source }, network, beside) ?? [],
  );
}

function readAddress(text: Placed<string>, settings: Settings | null, beside: Beside): NetworkAddress | null {
  const { value, source } = text;
  const cidr = parseCidr(value);
  if (cidr !== null && isZeroIPv4(cidr.address)) beside.dynamic.push({ value: "address-pool", source });
  else if (cidr !== null) return { ip: cidr.address, length: cidr.length, ...PLAIN, source };
  else if (value.includes(":")) beside.ipv6.push({ kind: "address", text: value, source });
  else
    settings?.issues.push(
      networkdIssue("wrong-value", source, "an address with its prefix length", "Address", value),
    );
  return null;
}

const SCOPES: readonly Scope[] = ["global", "site", "link", "host", "nowhere"];

/** Reads a scope by name, or by the numbers of rtnetlink(7). */
export function readScope(text: string): Scope | null {
  const byNumber: Readonly<Record<string, Scope>> = {
    "0": "global",
    "200": "site",
    "253": "link",
    "254": "host",
    "255": "nowhere",
  };
  return SCOPES.find((scope) => scope === text) ?? byNumber[text] ?? null;
}

/** Reads one `[Address]` section. */
export function parseAddressSection(settings: Settings, beside: Beside): NetworkAddress | null {
  const text = takeText(settings, "Address");
  const address = text === null ? null : readAddress(text, settings, beside);
  const isIpv6 = text?.value.includes(":") === true;
  const peer = isIpv6
    ? takeText(settings, "Peer") && null
    : takeParsed(settings, "Peer", "an IPv4 address", readPeer);
  const broadcast = takeParsed(settings, "Broadcast", "`yes`, `no` or an IPv4 address", readBroadcast);
  const scope = takeParsed(settings, "Scope", "a scope such as `global` or `link`", readScope);
  const addsPrefixRoute = takeBoolean(settings, "AddPrefixRoute");
  closeSettings(settings, ADDRESS_KEYS);
  if (text === null)
    settings.issues.push(networkdIssue("missing-key", settings.source, "Address", "Address"));
  if (address === null) return null;
  return {
    ...address,
    length: peer?.value.length ?? address.length,
    peer: peer?.value.ip ?? null,
    broadcast: broadcast?.value ?? "default",
    scope: scope?.value ?? null,
    hasNoPrefixRoute: addsPrefixRoute?.value === false,
  };
}

function readPeer(
  text: string,
): { readonly ip: NetworkAddress["ip"]; readonly length: number | null } | null {
  const bare = parseIPv4(text);
  if (bare !== null) return { ip: bare, length: null };
  const cidr = parseCidr(text);
  return cidr === null ? null : { ip: cidr.address, length: cidr.length };
}

function readBroadcast(text: string): NetworkAddress["broadcast"] | null {
  const isSet = readBoolean(text);
  if (isSet !== null && text !== "0" && text !== "1") return isSet ? "default" : "none";
  return parseIPv4(text);
}
