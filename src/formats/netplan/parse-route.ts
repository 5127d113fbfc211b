import type { YamlTree } from "#formats/yaml/index.js";
import { parseIPv4, parsePrefix } from "#ip/index.js";
import type { Issue, RouteType, Scope } from "#model/index.js";
import type { NetplanDevice, NetplanRoute, NetplanRule } from "./document.js";
import { closeFields, type Fields, openFields, takeBoolean, takeNumber, takeParsed } from "./fields.js";
import { HARMLESS_ROUTE_KEYS, NO_KEYS } from "./known-keys.js";
import { netplanIssue } from "./messages.js";

type Ipv6Facts = NetplanDevice["ipv6"][number][];

const ROUTE_TYPES: readonly RouteType[] = [
  "unicast",
  "local",
  "broadcast",
  "multicast",
  "blackhole",
  "unreachable",
  "prohibit",
  "throw",
  "anycast",
];
const SCOPES: readonly Scope[] = ["global", "link", "host"];
const MAX_U32 = 2 ** 32 - 1;

/** Reads one item of `routes`; an IPv6 route goes to `ipv6` and gives null. */
export function parseRoute(
  item: YamlTree,
  given: { readonly issues: Issue[]; readonly ipv6: Ipv6Facts },
): NetplanRoute | null {
  const fields = openFields(item, "routes", given.issues);
  if (fields === null) return null;
  if (isIpv6Route(fields)) {
    given.ipv6.push({ kind: "route", text: describeRoute(fields), source: item.source });
    return null;
  }
  const to = takeParsed(fields, "to", "`default` or an IPv4 network such as `10.0.0.0/8`", parsePrefix);
  const via = takeParsed(fields, "via", "an IPv4 address", parseIPv4);
  const from = takeParsed(fields, "from", "an IPv4 address", parseIPv4);
  const type = takeParsed(fields, "type", `one of \`${ROUTE_TYPES.join("`, `")}\``, (text) =>
    oneOf(ROUTE_TYPES, text),
  );
  const scope = takeParsed(fields, "scope", `one of \`${SCOPES.join("`, `")}\``, (text) =>
    oneOf(SCOPES, text),
  );
  const isOnlink = takeBoolean(fields, "on-link")?.value ?? false;
  const metric = takeNumber(fields, "metric", 0, MAX_U32);
  const table = takeNumber(fields, "table", 1, MAX_U32);
  closeFields(fields, { harmless: HARMLESS_ROUTE_KEYS, unmodelled: new Set(["mtu"]) });
  if (to === null) {
    if (!hasKey(fields, "to")) given.issues.push(netplanIssue("missing-key", item.source, ["to", "routes"]));
    return null;
  }
  if (via === null && hasKey(fields, "via")) return null;
  return {
    destination: to.value,
    gateway: via?.value ?? null,
    isOnlink,
    metric: metric?.value ?? 0,
    table: table?.value ?? null,
    scope: scope?.value ?? null,
    type: type?.value ?? "unicast",
    preferredSource: from?.value ?? null,
    source: item.source,
  };
}

function oneOf<T extends string>(words: readonly T[], text: string): T | null {
  return words.find((word) => word === text) ?? null;
}

function hasKey(fields: Fields, key: string): boolean {
  return fields.map.entries.some((entry) => entry.key === key);
}

function scalarText(fields: Fields, key: string): string {
  const value = fields.map.entries.find((entry) => entry.key === key)?.value;
  return value?.kind === "scalar" ? value.text : "";
}

function isIpv6Route(fields: Fields): boolean {
  return ["to", "via", "from"].some((key) => scalarText(fields, key).includes(":"));
}

function describeRoute(fields: Fields): string {
  return [scalarText(fields, "to"), "via", scalarText(fields, "via")].join(" ");
}

/** Reads one item of `routing-policy`; an IPv6 rule goes to `ipv6` and gives null. */
export function parseRule(
  item: YamlTree,
  given: { readonly issues: Issue[]; readonly ipv6: Ipv6Facts },
): NetplanRule | null {
  const fields = openFields(item, "routing-policy", given.issues);
  if (fields === null) return null;
  if (isIpv6Route(fields)) {
    given.ipv6.push({
      kind: "route",
      text: `rule from ${scalarText(fields, "from")} to ${scalarText(fields, "to")}`,
      source: item.source,
    });
    return null;
  }
  const from = takeParsed(fields, "from", "an IPv4 network", parsePrefix);
  const to = takeParsed(fields, "to", "an IPv4 network", parsePrefix);
  const table = takeNumber(fields, "table", 1, MAX_U32);
  const priority = takeNumber(fields, "priority", 0, MAX_U32);
  const mark = takeNumber(fields, "mark", 1, MAX_U32);
  const typeOfService = takeNumber(fields, "type-of-service", 1, 255);
  closeFields(fields, { harmless: NO_KEYS, unmodelled: NO_KEYS });
  if (from === null && to === null) {
    given.issues.push(netplanIssue("missing-key", item.source, ["from` or `to", "routing-policy"]));
    return null;
  }
  return {
    from: from?.value ?? null,
    to: to?.value ?? null,
    table: table?.value ?? null,
    priority: priority?.value ?? null,
    mark: mark?.value ?? null,
    typeOfService: typeOfService?.value ?? null,
    source: item.source,
  };
}
