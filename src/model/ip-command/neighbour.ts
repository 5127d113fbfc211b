import { type IPv4, parseMac } from "#ip/index.js";
import { type LinkName, linkName } from "../identifiers.js";
import type { Operation } from "../kernel/operation.js";
import { err, ok, type Result } from "../result.js";
import { abbreviated, type KeywordValues, keywordTable, readKeywords } from "./keywords.js";
import { parseGatewayWord } from "./network.js";

const ACTIONS = ["add", "change", "chg", "replace", "delete", "get", "show", "list", "lst", "flush"];

const KEYWORDS = keywordTable(
  ["value to", "value lladdr", "value dev", "value nud", "value proxy", "flag router", "flag extern_learn"],
  ["to"],
);

const STATES = ["permanent", "noarp", "reachable", "stale", "delay", "probe", "failed", "incomplete"];

/** Reads the words behind `ip neighbour`; ip-neighbour(8). */
export function parseNeighbourCommand(words: readonly string[]): Result<readonly Operation[], string> {
  const action = abbreviated(words[0] ?? "show", ACTIONS);
  if (action === "show" || action === "list" || action === "lst" || action === "get") return ok([]);
  if (action === "flush") return readFlush(words.slice(1));
  if (action !== "add" && action !== "replace" && action !== "delete")
    return err(`\`ip neighbour ${words[0] ?? ""}\` is not modelled`);
  const read = readKeywords(words.slice(1), KEYWORDS);
  if (!read.ok) return read;
  return action === "delete" ? readDelete(read.value) : readReplace(read.value);
}

function readFlush(words: readonly string[]): Result<readonly Operation[], string> {
  const rest = words.filter((word) => word !== "all");
  const [dev, link, more] = rest;
  if (rest.length === 0) return ok([{ kind: "neighbour-flush", link: null }]);
  if (dev !== "dev" || link === undefined || more !== undefined)
    return err("`ip neighbour flush` is modelled with `dev` alone");
  return ok([{ kind: "neighbour-flush", link: linkName(link) }]);
}

function readDelete(values: KeywordValues): Result<readonly Operation[], string> {
  const place = readPlace(values);
  return place.ok ? ok([{ kind: "neighbour-delete", link: place.value.link, ip: place.value.ip }]) : place;
}

function readReplace(values: KeywordValues): Result<readonly Operation[], string> {
  const place = readPlace(values);
  if (!place.ok) return place;
  const address = values.get("lladdr");
  const mac = address === undefined ? null : parseMac(address);
  if (address !== undefined && mac === null) return err(`\`${address}\` is no Ethernet address`);
  const state = values.get("nud") ?? "permanent";
  if (!STATES.includes(state)) return err(`neighbour state \`${state}\` is not known`);
  const isProxy = values.has("proxy");
  if (!isProxy && mac === null && state === "permanent") return err("a permanent neighbour needs `lladdr`");
  return ok([{ kind: "neighbour-replace", neighbour: { ...place.value, mac, state, isProxy } }]);
}

function readPlace(values: KeywordValues): Result<{ readonly link: LinkName; readonly ip: IPv4 }, string> {
  const dev = values.get("dev");
  const address = values.get("to") ?? values.get("proxy");
  if (dev === undefined || address === undefined) return err("a neighbour needs an address and `dev`");
  const ip = parseGatewayWord(address);
  return ip.ok ? ok({ link: linkName(dev), ip: ip.value }) : ip;
}
