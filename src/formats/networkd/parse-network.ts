import { type Placed, readBoolean, readSize } from "#formats/systemd/index.js";
import { parseCidr, parseMac } from "#ip/index.js";
import type { Ipv6Fact } from "#model/index.js";
import type { DhcpPool, NetworkDocument, NetworkMatch } from "./document.js";
import {
  BRIDGE_PORT_KEYS,
  DHCP_SERVER_KEYS,
  HARMLESS_NETWORK_SECTIONS,
  LINK_KEYS,
  MATCH_KEYS,
  NETWORK_KEYS,
} from "./known-keys.js";
import { networkdIssue } from "./messages.js";
import { parseAddressSection, parseNetworkAddresses } from "./parse-address.js";
import { parseDeviceRoutes, parseNetworkGateways, parseRouteSection } from "./parse-route.js";
import { parseRuleSection } from "./parse-rule.js";
import {
  closeSettings,
  eachSettings,
  joinedSettings,
  type NetworkdFile,
  type Settings,
  takeBoolean,
  takeNumber,
  takeParsed,
  takeText,
  takeWords,
} from "./settings.js";

/** Reads a `.network` file. */
export function parseNetwork(file: NetworkdFile): NetworkDocument {
  const network = joinedSettings(file, "Network");
  const link = joinedSettings(file, "Link");
  const ipv6: Omit<Ipv6Fact, "link">[] = [];
  const dynamic: Placed<string>[] = [...parseDynamic(network)];
  const document: NetworkDocument = {
    name: file.name,
    source: { file: file.path, line: 1, column: 1 },
    match: parseMatch(file),
    isUnmanaged: takeBoolean(link, "Unmanaged")?.value ?? false,
    activation: parseActivation(link),
    mtu: takeParsed(link, "MTUBytes", "a number of bytes", readSize),
    mac: takeParsed(link, "MACAddress", "an Ethernet address", (text) => parseMac(text)),
    master: takeText(network, "Bridge") ?? takeText(network, "Bond") ?? takeText(network, "VRF"),
    stacked: ["VLAN", "VXLAN", "MACVLAN"].flatMap((key) => takeWords(network, key)),
    addresses: [
      ...parseNetworkAddresses(network, { ipv6, dynamic }),
      ...eachSettings(file, "Address").flatMap(
        (section) => parseAddressSection(section, { ipv6, dynamic }) ?? [],
      ),
    ],
    routes: [
      ...parseNetworkGateways(network, ipv6),
      ...parseDeviceRoutes(network),
      ...eachSettings(file, "Route").flatMap((section) => parseRouteSection(section, ipv6) ?? []),
    ],
    rules: eachSettings(file, "RoutingPolicyRule").flatMap(
      (section) => parseRuleSection(section, ipv6) ?? [],
    ),
    dynamic,
    dhcpMetric: parseDhcpMetric(file),
    linkSysctls: parseLinkSysctls(network),
    isForwarding: parseForwarding(network),
    pool: parsePool(file, network),
    ipv6,
  };
  closeSettings(network, NETWORK_KEYS);
  closeSettings(link, LINK_KEYS);
  closeSettings(joinedSettings(file, "Bridge"), BRIDGE_PORT_KEYS);
  reportSections(file);
  return document;
}

function parseMatch(file: NetworkdFile): NetworkMatch {
  const match = joinedSettings(file, "Match");
  const words = takeWords(match, "Name");
  const isInverted = words[0]?.value.startsWith("!") === true;
  const names = words.map(({ value, source }) => ({ value: value.replace(/^!/, ""), source }));
  const macs = takeWords(match, "MACAddress");
  const others = [...MATCH_KEYS.unmodelled].flatMap((key) => {
    const text = takeText(match, key);
    return text === null ? [] : [{ value: `${key}=${text.value}`, source: text.source }];
  });
  closeSettings(match, MATCH_KEYS);
  const source = match?.source ?? { file: file.path, line: 1, column: 1 };
  if (names.length + macs.length + others.length === 0) file.issues.push(networkdIssue("no-match", source));
  return { names, isInverted, others: [...macs, ...others], source };
}

function parseActivation(link: Settings | null): NetworkDocument["activation"] {
  const policy = takeText(link, "ActivationPolicy")?.value ?? "up";
  if (policy === "down" || policy === "always-down") return "down";
  return policy === "manual" ? "untouched" : "up";
}

/** The words of `DHCP=`, as far back as networkd understands them. */
const DHCP_WORDS: Readonly<Record<string, readonly string[]>> = {
  ipv4: ["dhcp"],
  v4: ["dhcp"],
  ipv6: ["dhcpv6"],
  v6: ["dhcpv6"],
  both: ["dhcp", "dhcpv6"],
  none: [],
};

function readDhcp(text: string): readonly string[] | null {
  const isOn = readBoolean(text);
  if (isOn !== null) return isOn ? ["dhcp", "dhcpv6"] : [];
  return DHCP_WORDS[text] ?? null;
}

function parseDynamic(network: Settings | null): readonly Placed<string>[] {
  const dhcp = takeParsed(network, "DHCP", "`yes`, `no`, `ipv4` or `ipv6`", readDhcp);
  const found = dhcp === null ? [] : dhcp.value.map((value) => ({ value, source: dhcp.source }));
  const linkLocal = takeText(network, "LinkLocalAddressing");
  const isLinkLocal =
    linkLocal !== null && (linkLocal.value === "ipv4" || readBoolean(linkLocal.value) === true);
  return isLinkLocal ? [...found, { value: "ipv4ll", source: linkLocal.source }] : found;
}

/** `[DHCP]` is the older name of `[DHCPv4]`. */
function parseDhcpMetric(file: NetworkdFile): number | null {
  const metrics = ["DHCPv4", "DHCP"].map((section) =>
    takeNumber(joinedSettings(file, section), "RouteMetric", 0, 2 ** 32 - 1),
  );
  return metrics.find((metric) => metric !== null)?.value ?? null;
}

const RP_FILTER: Readonly<Record<string, number>> = { no: 0, strict: 1, loose: 2 };

function parseLinkSysctls(network: Settings | null): NetworkDocument["linkSysctls"] {
  const booleans = [
    ["IPv4AcceptLocal", "accept_local"],
    ["IPv4RouteLocalnet", "route_localnet"],
    ["IPv4ProxyARP", "proxy_arp"],
    ["ProxyARP", "proxy_arp"],
    ["IPv4ProxyARPPrivateVLAN", "proxy_arp_pvlan"],
    ["IPv4Forwarding", "forwarding"],
  ] as const;
  const found = booleans.flatMap(([setting, key]) => {
    const isOn = takeBoolean(network, setting);
    return isOn === null ? [] : [{ value: { key, value: isOn.value ? 1 : 0 }, source: isOn.source }];
  });
  const filter = takeParsed(
    network,
    "IPv4ReversePathFilter",
    "`no`, `strict` or `loose`",
    (text) => RP_FILTER[text] ?? null,
  );
  return filter === null
    ? found
    : [...found, { value: { key: "rp_filter", value: filter.value }, source: filter.source }];
}

/** `IPForward=` and `IPMasquerade=` for IPv4 switch the forwarding of the whole host on; systemd.network(5) before version 256. */
function parseForwarding(network: Settings | null): Placed<boolean> | null {
  const masquerade = takeText(network, "IPMasquerade");
  const isOn = (text: string): boolean => readBoolean(text) === true || text === "ipv4" || text === "both";
  const masquerades = masquerade !== null && isOn(masquerade.value);
  if (masquerades) network?.issues.push(networkdIssue("masquerade", masquerade.source, masquerade.value));
  const forward = takeText(network, "IPForward");
  if (forward !== null && isOn(forward.value)) return { value: true, source: forward.source };
  return masquerades ? { value: true, source: masquerade.source } : null;
}

function parsePool(file: NetworkdFile, network: Settings | null): DhcpPool | null {
  const isOn = takeBoolean(network, "DHCPServer");
  const settings = joinedSettings(file, "DHCPServer");
  const pool = {
    offset: takeNumber(settings, "PoolOffset", 0, 2 ** 32 - 1)?.value ?? 0,
    size: takeNumber(settings, "PoolSize", 0, 2 ** 32 - 1)?.value ?? 0,
    server: parseServer(settings),
  };
  closeSettings(settings, DHCP_SERVER_KEYS);
  return isOn?.value === true ? { ...pool, source: settings?.source ?? isOn.source } : null;
}

function parseServer(settings: Settings | null): DhcpPool["server"] {
  const cidr = takeParsed(settings, "ServerAddress", "an address with its prefix length", parseCidr);
  return cidr === null ? null : { ip: cidr.value.address, length: cidr.value.length };
}

const READ_SECTIONS: ReadonlySet<string> = new Set([
  "Match",
  "Link",
  "Network",
  "Address",
  "Route",
  "RoutingPolicyRule",
  "DHCPServer",
  "Bridge",
]);

function reportSections(file: NetworkdFile): void {
  for (const { name, source, entries } of file.unit.sections) {
    if (READ_SECTIONS.has(name) || HARMLESS_NETWORK_SECTIONS.has(name)) continue;
    const vlans = entries.map(({ key, value }) => `${key}=${value}`).join(" ");
    if (name === "BridgeVLAN") file.issues.push(networkdIssue("bridge-vlan", source, vlans));
    else if (name === "") file.issues.push(networkdIssue("no-section", source, entries[0]?.key ?? ""));
    else file.issues.push(networkdIssue("unknown-section", source, name));
  }
}
