import { broadcastOf, type IPv4, ipv4 } from "#ip/index.js";
import {
  type Address,
  LOCAL_TABLE,
  MAIN_TABLE,
  operation,
  type Route,
  type RouteType,
  type Scope,
} from "#model/index.js";

/** The longest prefix for which networkd sets a broadcast address. */
const LONGEST_BROADCAST_LENGTH = 30;

/**
 * Fills in what networkd sets by itself on an address: the directed broadcast address up to /30 without a peer, scope host in 127.0.0.0/8
 * (networkd-address.c). `broadcast: "none"` stands for `Broadcast=no`.
 */
export function networkdAddress(given: {
  readonly address: Pick<Address, "link" | "ip" | "length" | "source"> &
    Partial<Pick<Address, "peer" | "hasNoPrefixRoute">>;
  readonly broadcast: IPv4 | "default" | "none";
  readonly scope: Scope | null;
}): Address {
  const { ip, length, peer = null } = given.address;
  const hasBroadcast = length <= LONGEST_BROADCAST_LENGTH && peer === null;
  const ownBroadcast = hasBroadcast ? broadcastOf(ip, length) : null;
  return operation.address({
    ...given.address,
    broadcast:
      typeof given.broadcast === "number"
        ? given.broadcast
        : given.broadcast === "none"
          ? null
          : ownBroadcast,
    scope: given.scope ?? (ip >>> 24 === 127 ? "host" : "global"),
  });
}

const LOCAL_TYPES: ReadonlySet<RouteType> = new Set(["local", "broadcast", "anycast"]);

/** Fills in what networkd sets by itself on a route: table, scope and protocol by its type (networkd-route.c, route_section_verify). */
export function networkdRoute(given: {
  readonly route: Partial<Route> & Pick<Route, "destination" | "source">;
  readonly type: RouteType;
  /** null where it is not set. */
  readonly table: number | null;
  readonly scope: Scope | null;
}): Route {
  const { type } = given;
  const isLocal = LOCAL_TYPES.has(type);
  const isDirect = (given.route.gateway ?? null) === null && (type === "unicast" || type === "multicast");
  const scopeByType: Scope = type === "local" ? "host" : isDirect || isLocal ? "link" : "global";
  return operation.route({
    ...given.route,
    type,
    table: given.table ?? (isLocal ? LOCAL_TABLE : MAIN_TABLE),
    scope: given.scope ?? scopeByType,
    protocol: "static",
  });
}

/**
 * The addresses that networkd's DHCP server hands out (sd-dhcp-server.c, sd_dhcp_server_configure_pool): `offset` counts from the network address,
 * 0 stands for 1; `size` 0 stands for all up to the broadcast address.
 *
 * @returns null where the pool does not fit between the network and the broadcast address: the server does not start then.
 */
export function networkdPool(given: {
  readonly ip: IPv4;
  readonly length: number;
  readonly offset: number;
  readonly size: number;
}): { readonly first: IPv4; readonly last: IPv4 } | null {
  const hostCount = 2 ** (32 - given.length);
  const network = ipv4(given.ip - (given.ip % hostCount));
  const offset = Math.max(given.offset, 1);
  const roomLeft = hostCount - 1 - offset;
  const size = given.size === 0 ? roomLeft : given.size;
  if (roomLeft < 1 || size > roomLeft) return null;
  return { first: ipv4(network + offset), last: ipv4(network + offset + size - 1) };
}
