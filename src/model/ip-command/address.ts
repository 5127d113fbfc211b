import { broadcastOf, type IPv4 } from "#ip/index.js";
import type { Scope } from "../host.js";
import { linkName } from "../identifiers.js";
import { type Operation, operation } from "../kernel/operation.js";
import { err, ok, type Result } from "../result.js";
import { abbreviated, type KeywordValues, keywordTable, readKeywords } from "./keywords.js";
import { parseAddressWord, parseGatewayWord, parseScopeWord } from "./network.js";

const ACTIONS = ["add", "change", "chg", "replace", "delete", "list", "show", "lst", "flush", "save"];

const KEYWORDS = keywordTable(
  [
    "value local",
    "value peer remote",
    "value dev",
    "value broadcast brd",
    "value scope",
    "value label",
    "flag noprefixroute",
    "flag nodad",
    "value valid_lft",
    "value preferred_lft",
  ],
  ["local"],
);

/** Reads the words behind `ip address`; ip-address(8). A `replace` is taken as an `add`: at boot there is nothing to replace. */
export function parseAddressCommand(words: readonly string[]): Result<readonly Operation[], string> {
  switch (abbreviated(words[0] ?? "show", ACTIONS)) {
    case "add":
    case "replace":
      return readAddress(words.slice(1));
    case "delete":
      return readDelete(words.slice(1));
    case "list":
    case "show":
    case "lst":
    case "save":
      return ok([]);
    default:
      return err(`\`ip address ${words[0] ?? ""}\` is not modelled`);
  }
}

function readAddress(words: readonly string[]): Result<readonly Operation[], string> {
  const read = readPlace(words);
  if (!read.ok) return read;
  const { values, dev, ip, length } = read.value;
  if (
    [values.get("valid_lft"), values.get("preferred_lft")].some(
      (life) => life !== undefined && life !== "forever",
    )
  )
    return err("an address that expires is not modelled");
  const peer = readPeer(values.get("peer"), length);
  if (!peer.ok) return peer;
  const broadcast = readBroadcast(values.get("broadcast"), peer.value.address ?? ip, peer.value.length);
  if (!broadcast.ok) return broadcast;
  const scopeWord = values.get("scope");
  const scope = scopeWord === undefined ? ok(defaultScope(ip)) : parseScopeWord(scopeWord);
  if (!scope.ok) return scope;
  const address = operation.address({
    link: linkName(dev),
    ip,
    length: peer.value.length,
    peer: peer.value.address,
    broadcast: broadcast.value,
    scope: scope.value,
    hasNoPrefixRoute: values.has("noprefixroute"),
  });
  return ok([{ kind: "address-add", address }]);
}

function readDelete(words: readonly string[]): Result<readonly Operation[], string> {
  const read = readPlace(words);
  if (!read.ok) return read;
  const { dev, ip, length } = read.value;
  return ok([{ kind: "address-delete", link: linkName(dev), ip, length }]);
}

interface Place {
  readonly values: KeywordValues;
  readonly dev: string;
  readonly ip: IPv4;
  readonly length: number;
}

function readPlace(words: readonly string[]): Result<Place, string> {
  const read = readKeywords(words, KEYWORDS);
  if (!read.ok) return read;
  const dev = read.value.get("dev");
  const local = read.value.get("local");
  if (dev === undefined) return err("the address has no `dev`");
  if (local === undefined) return err("no address is given");
  const parsed = parseAddressWord(local);
  if (!parsed.ok) return parsed;
  return ok({ values: read.value, dev, ip: parsed.value.address, length: parsed.value.length });
}

/** The length of a point-to-point address is that of its peer; iproute2's ip/ipaddress.c, ipaddr_modify. */
function readPeer(
  text: string | undefined,
  length: number,
): Result<{ readonly address: IPv4 | null; readonly length: number }, string> {
  if (text === undefined) return ok({ address: null, length });
  const parsed = parseAddressWord(text);
  if (!parsed.ok) return parsed;
  return ok({ address: parsed.value.address, length: text.includes("/") ? parsed.value.length : length });
}

function readBroadcast(text: string | undefined, base: IPv4, length: number): Result<IPv4 | null, string> {
  if (text === undefined || text === "-") return ok(null);
  if (text === "+") return ok(length <= 30 ? broadcastOf(base, length) : null);
  return parseGatewayWord(text);
}

/** iproute2's ip/ipaddress.c, default_scope: 127.0.0.0/8 is of scope host. */
function defaultScope(ip: IPv4): Scope {
  return ip >>> 24 === 127 ? "host" : "global";
}
