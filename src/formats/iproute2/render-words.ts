import { broadcastOf, formatIPv4, formatPrefix } from "#ip/index.js";
import {
  type Address,
  DEFAULT_TABLE,
  LOCAL_TABLE,
  MAIN_TABLE,
  type Route,
  type RouteKey,
  type Rule,
  type RuleAction,
  type Scope,
} from "#model/index.js";

type Words = readonly (string | number)[];

/** What follows `ip addr add`. */
export function addressWords(address: Address): Words {
  const { peer, length } = address;
  const local =
    peer === null
      ? [formatPrefix({ address: address.ip, length })]
      : [formatIPv4(address.ip), "peer", formatPrefix({ address: peer, length })];
  const scope = address.scope === defaultAddressScope(address) ? [] : ["scope", address.scope];
  const flag = address.hasNoPrefixRoute ? ["noprefixroute"] : [];
  return [...local, ...broadcastWords(address), "dev", address.link, ...scope, ...flag];
}

function broadcastWords(address: Address): Words {
  if (address.broadcast === null) return [];
  const isUsual =
    address.length < 31 && address.broadcast === broadcastOf(address.peer ?? address.ip, address.length);
  return ["brd", isUsual ? "+" : formatIPv4(address.broadcast)];
}

/** What `ip addr add` takes where no scope is given (ip/ipaddress.c, default_scope). */
function defaultAddressScope(address: Address): Scope {
  return address.ip >>> 24 === 127 ? "host" : "global";
}

/** What follows `ip route add`, `append` and `replace`. */
export function routeWords(route: Route): Words {
  const type = route.type === "unicast" ? [] : [route.type];
  const gateway = route.gateway === null ? [] : ["via", formatIPv4(route.gateway)];
  const link = route.link === null ? [] : ["dev", route.link];
  const metric = route.metric === 0 ? [] : ["metric", route.metric];
  const source = route.preferredSource === null ? [] : ["src", formatIPv4(route.preferredSource)];
  const scope = route.scope === defaultRouteScope(route) ? [] : ["scope", route.scope];
  const protocol = route.protocol === "boot" ? [] : ["proto", route.protocol];
  const onlink = route.isOnlink ? ["onlink"] : [];
  const destination = [...type, destinationWord(route.destination)];
  return [
    ...destination,
    ...gateway,
    ...link,
    ...tableWords(route),
    ...protocol,
    ...scope,
    ...metric,
    ...source,
    ...onlink,
  ];
}

/** What follows `ip route del`. */
export function routeKeyWords(key: RouteKey): Words {
  return [
    ...(key.type === null ? [] : [key.type]),
    destinationWord(key.destination),
    ...(key.gateway === null ? [] : ["via", formatIPv4(key.gateway)]),
    ...(key.link === null ? [] : ["dev", key.link]),
    ...tableWords(key),
    ...(key.scope === null ? [] : ["scope", key.scope]),
    ...(key.metric === null || key.metric === 0 ? [] : ["metric", key.metric]),
  ];
}

function destinationWord(destination: Route["destination"]): string {
  return destination.length === 0 ? "default" : formatPrefix(destination);
}

/** Left out where `ip` would take the same table by itself. */
function tableWords({ table, type }: { readonly table: number; readonly type: Route["type"] | null }): Words {
  const isLocalType = type === "local" || type === "broadcast" || type === "anycast";
  return table === (isLocalType ? LOCAL_TABLE : MAIN_TABLE) ? [] : ["table", tableName(table)];
}

/** What `ip route add` takes where no scope is given (ip/iproute.c, iproute_modify). */
function defaultRouteScope(route: Route): Scope {
  if (route.type === "local") return "host";
  if (route.type === "broadcast" || route.type === "multicast" || route.type === "anycast") return "link";
  return route.type === "unicast" && route.gateway === null ? "link" : "global";
}

/** The name that every host has for the three tables of its own, else the number. */
export function tableName(table: number): string {
  if (table === LOCAL_TABLE) return "local";
  if (table === MAIN_TABLE) return "main";
  return table === DEFAULT_TABLE ? "default" : String(table);
}

/** What follows `ip rule add` and `ip rule del`. */
export function ruleWords(rule: Rule): Words {
  return [
    ...(rule.isInverted ? ["not"] : []),
    "from",
    rule.from === null ? "all" : formatPrefix(rule.from),
    ...(rule.to === null ? [] : ["to", formatPrefix(rule.to)]),
    ...(rule.incoming === null ? [] : ["iif", rule.incoming]),
    ...(rule.outgoing === null ? [] : ["oif", rule.outgoing]),
    ...(rule.mark === null ? [] : ["fwmark", `${rule.mark.value}/${rule.mark.mask}`]),
    "priority",
    rule.priority,
    ...actionWords(rule.action),
  ];
}

function actionWords(action: RuleAction): Words {
  if (action.kind === "unmodelled") return [action.text];
  if (action.kind !== "lookup") return [action.kind];
  const suppressed = action.suppressPrefixLength;
  return [
    "lookup",
    tableName(action.table),
    ...(suppressed === null ? [] : ["suppress_prefixlength", suppressed]),
  ];
}
