import { type Issue, MAIN_TABLE, parseIpCommand, type Source } from "#model/index.js";
import type { Wish } from "./change.js";
import { message } from "./messages.js";

/** Reads the words behind `ip route add`; a list for a wish or for what is wrong. */
export function convertNewRoute(text: string, source: Source): Wish | Issue {
  const parsed = parseIpCommand(["ip", "route", "add", ...words(text)]);
  if (!parsed.ok) return message.wrongRoute(source, text, parsed.error);
  const [operation] = parsed.value;
  if (operation?.kind !== "route-add") return message.wrongRoute(source, text, "it is no route");
  const { route } = operation;
  const why = whyNotPlain(route);
  if (why !== null) return message.wrongRoute(source, text, why);
  const { destination, gateway, link, isOnlink } = route;
  const metric = route.metric === 0 ? null : route.metric;
  return { kind: "route-add", route: { destination, gateway, link, metric, isOnlink }, source };
}

/** Configuration files of all dialects can say no more of a route than this. */
function whyNotPlain(route: {
  readonly type: string;
  readonly table: number;
  readonly preferredSource: number | null;
  readonly gateway: number | null;
  readonly isOnlink: boolean;
}): string | null {
  if (route.type !== "unicast") return `a route of type \`${route.type}\` is written by hand`;
  if (route.table !== MAIN_TABLE) return "a route of another table is written by hand";
  if (route.preferredSource !== null) return "a route with `src` is written by hand";
  return route.isOnlink && route.gateway === null ? "`onlink` is said of a gateway" : null;
}

/** Reads what `ip route del` matches. */
export function convertOldRoute(text: string, source: Source): Wish | Issue {
  const parsed = parseIpCommand(["ip", "route", "del", ...words(text).filter((word) => word !== "onlink")]);
  if (!parsed.ok) return message.wrongRoute(source, text, parsed.error);
  const [operation] = parsed.value;
  if (operation?.kind !== "route-delete") return message.wrongRoute(source, text, "it is no route");
  return { kind: "route-remove", route: operation.route, source };
}

function words(text: string): readonly string[] {
  return text.split(/\s+/).filter((word) => word !== "");
}
