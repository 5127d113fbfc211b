import { formatIPv4, formatPrefix } from "#ip/index.js";
import type { Route } from "#model/index.js";

/** A route in the words of `ip route`. */
export function describeRoute(route: Route): string {
  const type = route.type === "unicast" ? "" : `${route.type} `;
  const via = route.gateway === null ? "" : ` via ${formatIPv4(route.gateway)}`;
  const dev = route.link === null ? "" : ` dev ${route.link}`;
  const metric = route.metric === 0 ? "" : ` metric ${route.metric}`;
  const table = route.table === 254 ? "" : ` table ${route.table === 255 ? "local" : route.table}`;
  return `${type}${formatPrefix(route.destination)}${via}${dev}${metric}${table}${route.isOnlink ? " onlink" : ""}`;
}
