import type { Placed } from "#formats/systemd/index.js";
import type { YamlEntry } from "#formats/yaml/index.js";
import { DEFAULT_PREFIX, parseIPv4, parseMac } from "#ip/index.js";
import type { Issue } from "#model/index.js";
import type { DeviceKind, NetplanDevice, NetplanDynamic, NetplanMatch, NetplanRoute } from "./document.js";
import {
  closeFields,
  type Fields,
  openFields,
  takeBoolean,
  takeFields,
  takeList,
  takeNumber,
  takeParsed,
  takeText,
  takeTexts,
} from "./fields.js";
import { HARMLESS_DEVICE_KEYS, NO_KEYS, UNMODELLED_DEVICE_KEYS } from "./known-keys.js";
import { netplanIssue } from "./messages.js";
import { parseAddresses } from "./parse-address.js";
import { parseOwn, parsePorts } from "./parse-own.js";
import { parseRoute, parseRule } from "./parse-route.js";

/** Reads one link definition, `eth0: {...}`; null where it is no mapping. */
export function parseDevice(given: {
  readonly kind: DeviceKind;
  readonly entry: YamlEntry;
  readonly renderer: Placed<string> | null;
  readonly issues: Issue[];
}): NetplanDevice | null {
  const { kind, entry, issues } = given;
  const fields = openFields(entry.value, `${kind}.${entry.key}`, issues);
  if (fields === null) return null;
  const ipv6: NetplanDevice["ipv6"][number][] = [];
  const device: NetplanDevice = {
    kind,
    id: entry.key,
    source: entry.source,
    renderer: takeText(fields, "renderer") ?? given.renderer,
    match: parseMatch(fields),
    setName: takeText(fields, "set-name"),
    activation: parseActivation(fields),
    mtu: takeNumber(fields, "mtu", 68, 65535),
    mac: takeParsed(fields, "macaddress", "an Ethernet address", (text) => parseMac(text)),
    dynamic: parseDynamic(fields),
    addresses: parseAddresses(takeList(fields, "addresses"), { issues, ipv6 }),
    routes: [
      ...parseGateway(fields),
      ...takeList(fields, "routes").flatMap((item) => parseRoute(item, { issues, ipv6 }) ?? []),
    ],
    rules: takeList(fields, "routing-policy").flatMap((item) => parseRule(item, { issues, ipv6 }) ?? []),
    ports: parsePorts(fields, kind),
    own: parseOwn(fields, kind),
    ipv6,
  };
  parseGateway6(fields, ipv6);
  closeFields(fields, { harmless: HARMLESS_DEVICE_KEYS, unmodelled: UNMODELLED_DEVICE_KEYS });
  return device;
}

function parseMatch(fields: Fields): NetplanMatch | null {
  const match = takeFields(fields, "match");
  if (match === null) return null;
  const parsed = {
    name: takeText(match, "name"),
    mac: takeText(match, "macaddress"),
    driver: parseDriver(match),
    source: match.map.source,
  };
  closeFields(match, { harmless: NO_KEYS, unmodelled: NO_KEYS });
  return parsed;
}

/** `driver` may be one name or a list of names. */
function parseDriver(match: Fields): Placed<string> | null {
  const isList = match.map.entries.some((entry) => entry.key === "driver" && entry.value.kind === "list");
  return isList ? (takeTexts(match, "driver")[0] ?? null) : takeText(match, "driver");
}

function parseActivation(fields: Fields): NetplanDevice["activation"] {
  const mode = takeParsed(fields, "activation-mode", "`manual` or `off`", (text) =>
    text === "manual" || text === "off" ? text : null,
  );
  if (mode === null) return "up";
  return mode.value === "off" ? "down" : "untouched";
}

function parseDynamic(fields: Fields): readonly NetplanDynamic[] {
  const overrides = takeFields(fields, "dhcp4-overrides");
  const metric = overrides === null ? null : takeNumber(overrides, "route-metric", 0, 2 ** 32 - 1);
  const found: NetplanDynamic[] = [];
  for (const [key, protocol] of [
    ["dhcp4", "dhcp"],
    ["dhcp6", "dhcpv6"],
    ["accept-ra", "ra"],
  ] as const) {
    const isOn = takeBoolean(fields, key);
    const learned = key === "dhcp4" ? (metric?.value ?? null) : null;
    if (isOn?.value === true) found.push({ protocol, metric: learned, source: isOn.source });
  }
  for (const family of takeTexts(fields, "link-local")) {
    if (family.value === "ipv4") found.push({ protocol: "ipv4ll", metric: null, source: family.source });
  }
  return found;
}

function parseGateway(fields: Fields): readonly NetplanRoute[] {
  const gateway = takeParsed(fields, "gateway4", "an IPv4 address", (text) => parseIPv4(text));
  if (gateway === null) return [];
  const text = fields.map.entries.find((entry) => entry.key === "gateway4")?.value;
  const written = text?.kind === "scalar" ? text.text : "";
  fields.issues.push(netplanIssue("gateway4-deprecated", gateway.source, [written, written]));
  return [{ ...PLAIN_ROUTE, gateway: gateway.value, source: gateway.source }];
}

const PLAIN_ROUTE = {
  destination: DEFAULT_PREFIX,
  isOnlink: false,
  metric: 0,
  table: null,
  scope: null,
  type: "unicast",
  preferredSource: null,
} as const;

function parseGateway6(fields: Fields, ipv6: NetplanDevice["ipv6"][number][]): void {
  const gateway = takeText(fields, "gateway6");
  if (gateway !== null) ipv6.push({ kind: "gateway", text: gateway.value, source: gateway.source });
}
