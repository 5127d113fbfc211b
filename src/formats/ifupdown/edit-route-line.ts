import { formatIPv4, formatPrefix, samePrefix } from "#ip/index.js";
import type { EditedRoute, Operation, RouteKey } from "#model/index.js";
import { readCommand } from "./commands.js";
import type { InterfaceOption } from "./document.js";
import { parseShell } from "./shell.js";

/** Writes a route as operators write it behind `ip route add`. */
export function routeWords(route: EditedRoute): string {
  return [...deletionWords(route), ...(route.isOnlink ? ["onlink"] : [])].join(" ");
}

/** Writes the words behind `ip route del`. */
export function deletionWords({ destination, gateway, link, metric }: EditedRoute): readonly string[] {
  return [
    formatDestination({ destination }),
    ...(gateway === null ? [] : ["via", formatIPv4(gateway)]),
    "dev",
    link,
    ...(metric === null || metric === 0 ? [] : ["metric", String(metric)]),
  ];
}

function formatDestination({ destination }: Pick<EditedRoute, "destination">): string {
  return destination.length === 0 ? "default" : formatPrefix(destination);
}

/** The one thing that a line of a stanza does, or null where it does nothing or more than one. */
export function onlyOperation(option: InterfaceOption, iface: string): Operation | null {
  const commands = parseShell(option.value.text, iface);
  if (typeof commands === "string" || commands.length !== 1) return null;
  const [command] = commands;
  const read = command === undefined ? null : readCommand(command, 0);
  const [only, more] = read?.ok === true ? read.value : [];
  return more === undefined ? (only ?? null) : null;
}

/** Whether a line of the way down takes that route away: what it does not name may be anything. */
export function deletesRoute(operation: Operation | null, route: EditedRoute): boolean {
  if (operation?.kind !== "route-delete") return false;
  const key: RouteKey = operation.route;
  return (
    samePrefix(key.destination, route.destination) &&
    (key.gateway === null || key.gateway === route.gateway) &&
    (key.link === null || key.link === route.link) &&
    (key.metric === null || key.metric === (route.metric ?? 0))
  );
}

/**
 * The command of a line with another route in it, word by word.
 *
 * @returns null where a word that has to change is not there as a word of its own (`route add -net`, quotes, `$IFACE`).
 */
export function rewriteCommand(text: string, from: EditedRoute, to: EditedRoute): string | null {
  if (from.link !== to.link || (from.gateway === null) !== (to.gateway === null)) return null;
  if (!/^\s*(?:\S*\/)?ip\s+(?:-4\s+)?(?:route|ro|r)\s/.test(text) || /["'\\]/.test(text)) return null;
  const words = text.split(/(\s+)/);
  const isDone =
    setWord(words, isDestination(from), formatDestination(to), formatDestination(from)) &&
    setBehind(words, "via", to.gateway === from.gateway ? null : formatGateway(to)) &&
    setMetric(words, from, to);
  return isDone ? setOnlink(words.join(""), from, to) : null;
}

function isDestination(route: EditedRoute): (word: string) => boolean {
  const texts = new Set([formatDestination(route), formatPrefix(route.destination)]);
  if (route.destination.length === 32) texts.add(formatIPv4(route.destination.address));
  return (word) => texts.has(word);
}

function setWord(words: string[], fits: (word: string) => boolean, after: string, before: string): boolean {
  if (after === before) return true;
  const at = words.findIndex(fits);
  if (at === -1) return false;
  words[at] = after;
  return true;
}

function formatGateway({ gateway }: EditedRoute): string | null {
  return gateway === null ? null : formatIPv4(gateway);
}

/** Words and the blanks between them alternate. */
function setBehind(words: string[], keyword: string, after: string | null): boolean {
  if (after === null) return true;
  const at = words.indexOf(keyword);
  if (at === -1) return false;
  words[at + 2] = after;
  return true;
}

function setMetric(words: string[], from: EditedRoute, to: EditedRoute): boolean {
  if ((to.metric ?? from.metric ?? 0) === (from.metric ?? 0)) return true;
  return to.metric !== null && to.metric > 0 && setBehind(words, "metric", String(to.metric));
}

/** A line of the way down needs no `onlink`. */
function setOnlink(text: string, from: EditedRoute, to: EditedRoute): string {
  if (from.isOnlink === to.isOnlink) return text;
  if (!to.isOnlink) return text.replace(/\s+onlink\b/, "");
  return text.replace(/(\s+(?:add|append|replace)\s.*?via\s+\S+(?:\s+dev\s+\S+)?)/, "$1 onlink");
}
