import { say } from "./messages.js";
import { parseNumber, type WordCursor, wordsOf } from "./plain-words.js";
import type { Reading } from "./reading.js";
import { type RawRoute, type RawRule, routeSchema, ruleSchema } from "./schema.js";

const TYPES: ReadonlySet<string> = new Set([
  "unicast",
  "local",
  "broadcast",
  "multicast",
  "blackhole",
  "unreachable",
  "prohibit",
  "throw",
  "anycast",
]);

/** Flags that stand without a value. */
const FLAGS: ReadonlySet<string> = new Set(["onlink", "dead", "linkdown", "pervasive", "offload"]);

/** Words of a route whose value is kept, by the name that `ip -j` gives them. */
const KEPT: ReadonlyMap<string, string> = new Map([
  ["via", "gateway"],
  ["dev", "dev"],
  ["table", "table"],
  ["proto", "protocol"],
  ["scope", "scope"],
  ["src", "prefsrc"],
  ["tos", "tos"],
  ["pref", "pref"],
  ["encap", "encap"],
]);

/** Words of a route whose value is the path's, not the route's: each is one of the route's own metrics. */
const PATH_METRICS: ReadonlySet<string> = new Set(["mtu", "advmss", "window", "rtt", "initcwnd", "hoplimit"]);

/** Reads the plain output of `ip route show [table all]` as what `ip -j` would have printed. */
export function parsePlainRoutes(reading: Reading, file: string, text: string): RawRoute[] {
  const routes: Record<string, unknown>[] = [];
  for (const [index, line] of text.split("\n").entries()) {
    if (line.trim() === "") continue;
    const words = wordsOf(line);
    const current = routes.at(-1);
    if (words.peek() === "nexthop" && current !== undefined) addHop(current, words);
    else routes.push(parseRoute(words));
    const problem = routeSchema.safeParse(routes.at(-1));
    if (problem.success) continue;
    const source = { file, line: index + 1, column: 1 };
    reading.errors.push(say.badLine(source, "a line of `ip route show`", line.trim().slice(0, 80)));
    return [];
  }
  return routes.map((route) => routeSchema.parse(route));
}

function addHop(route: Record<string, unknown>, words: WordCursor): void {
  words.take();
  const hops = Array.isArray(route["nexthops"]) ? route["nexthops"] : [];
  route["nexthops"] = [...hops, readPairs(words)];
}

function parseRoute(words: WordCursor): Record<string, unknown> {
  const type = TYPES.has(words.peek()) ? words.take() : "unicast";
  const dst = words.take();
  return { type, dst, ...readPairs(words) };
}

function readPairs(words: WordCursor): Record<string, unknown> {
  const flags: string[] = [];
  const metrics: unknown[] = [];
  const route: Record<string, unknown> = { flags, metrics };
  while (words.peek() !== "") {
    const key = words.take();
    const kept = KEPT.get(key);
    if (FLAGS.has(key)) flags.push(key);
    else if (PATH_METRICS.has(key)) metrics.push({ [key]: words.take() });
    else if (key === "metric") route["metric"] = parseNumber(words.take());
    else if (key === "via" && words.peek() === "inet6")
      route["via"] = { family: words.take(), host: words.take() };
    else if (kept !== undefined) route[kept] = words.take();
  }
  return route;
}

/** Reads the plain output of `ip rule show` as what `ip -j rule show` would have printed. */
export function parsePlainRules(reading: Reading, file: string, text: string): RawRule[] {
  const rules: RawRule[] = [];
  for (const [index, line] of text.split("\n").entries()) {
    if (line.trim() === "") continue;
    const match = /^(\d+):\s+(.*)$/.exec(line.trim());
    if (match === null) {
      const source = { file, line: index + 1, column: 1 };
      reading.errors.push(say.badLine(source, "a line of `ip rule show`", line.trim().slice(0, 80)));
      return [];
    }
    rules.push(ruleSchema.parse({ priority: Number(match[1]), ...parseRule(wordsOf(match[2] ?? "")) }));
  }
  return rules;
}

const RULE_KEYS: ReadonlyMap<string, string> = new Map([
  ["from", "src"],
  ["to", "dst"],
  ["iif", "iif"],
  ["oif", "oif"],
  ["fwmark", "fwmark"],
  ["lookup", "table"],
  ["table", "table"],
]);

function parseRule(words: WordCursor): Record<string, unknown> {
  const rule: Record<string, unknown> = {};
  while (words.peek() !== "") {
    const key = words.take();
    const kept = RULE_KEYS.get(key);
    if (key === "not") rule["not"] = null;
    else if (key === "suppress_prefixlength") rule["suppress_prefixlen"] = Number(words.take());
    else if (key === "blackhole" || key === "unreachable" || key === "prohibit") rule["action"] = key;
    else if (key === "[detached]") continue;
    else rule[kept ?? key] = words.take();
  }
  return rule;
}
