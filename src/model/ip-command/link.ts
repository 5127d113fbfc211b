import { parseIPv4, parseMac } from "#ip/index.js";
import type { Link, LinkType } from "../host.js";
import { linkName } from "../identifiers.js";
import type { Operation } from "../kernel/operation.js";
import { err, ok, type Result } from "../result.js";
import { abbreviated, type KeywordValues, keywordTable, parseUnsigned, readKeywords } from "./keywords.js";

const ACTIONS = [
  "add",
  "set",
  "change",
  "replace",
  "delete",
  "show",
  "list",
  "lst",
  "xstats",
  "afstats",
  "property",
];

const SET_KEYWORDS = keywordTable(
  [
    "value dev",
    "flag up",
    "flag down",
    "value mtu",
    "value address",
    "value master vrf",
    "flag nomaster",
    "value alias",
    "value group",
    "value promisc",
    "value multicast",
    "value allmulticast",
    "value txqueuelen txqlen qlen",
  ],
  ["dev"],
);

const ADD_KEYWORDS = keywordTable(
  [
    "value name",
    "value link",
    "value mtu",
    "value address",
    "value txqueuelen txqlen qlen",
    "value numtxqueues",
    "value numrxqueues",
  ],
  ["name"],
);

/** Reads the words behind `ip link`; ip-link(8). */
export function parseLinkCommand(words: readonly string[]): Result<readonly Operation[], string> {
  switch (abbreviated(words[0] ?? "show", ACTIONS)) {
    case "set":
      return readSet(words.slice(1));
    case "add":
      return readAdd(words.slice(1));
    case "delete":
      return readDelete(words.slice(1));
    case "show":
    case "list":
    case "lst":
      return ok([]);
    default:
      return err(`\`ip link ${words[0] ?? ""}\` is not modelled`);
  }
}

/** One `ip link set` changes in the kernel's order: Ethernet address, MTU, master, flags (net/core/rtnetlink.c, do_setlink). */
function readSet(words: readonly string[]): Result<readonly Operation[], string> {
  const read = readKeywords(words, SET_KEYWORDS);
  if (!read.ok) return read;
  const values = read.value;
  const name = values.get("dev");
  if (name === undefined) return err("`ip link set` names no link");
  const link = linkName(name);
  const numbers = readNumbers(values);
  if (!numbers.ok) return numbers;
  const { mac, mtu } = numbers.value;
  const master = values.get("master");
  const operations: Operation[] = [];
  if (mac !== null) operations.push({ kind: "link-mac", link, mac });
  if (mtu !== null) operations.push({ kind: "link-mtu", link, mtu });
  if (master !== undefined) operations.push({ kind: "link-master", link, master: linkName(master) });
  if (values.has("nomaster")) operations.push({ kind: "link-master", link, master: null });
  if (values.has("up")) operations.push({ kind: "link-up", link });
  if (values.has("down")) operations.push({ kind: "link-down", link });
  return ok(operations);
}

function readAdd(words: readonly string[]): Result<readonly Operation[], string> {
  const typeAt = words.indexOf("type");
  if (typeAt === -1) return err("`ip link add` has no `type`");
  const read = readKeywords(words.slice(0, typeAt), ADD_KEYWORDS);
  if (!read.ok) return read;
  const name = read.value.get("name");
  if (name === undefined) return err("`ip link add` names no link");
  const numbers = readNumbers(read.value);
  if (!numbers.ok) return numbers;
  const type = readType(words[typeAt + 1] ?? "", words.slice(typeAt + 2), read.value.get("link") ?? null);
  if (!type.ok) return type;
  const link: Link = {
    name: linkName(name),
    type: type.value,
    mac: numbers.value.mac,
    mtu: numbers.value.mtu ?? 1500,
    isUp: false,
    hasCarrier: false,
    master: null,
    isNoArp: false,
    source: null,
  };
  return ok([{ kind: "link-add", link }]);
}

function readDelete(words: readonly string[]): Result<readonly Operation[], string> {
  const read = readKeywords(words, keywordTable(["value dev", "value type"], ["dev"]));
  if (!read.ok) return read;
  const name = read.value.get("dev");
  return name === undefined
    ? err("`ip link delete` names no link")
    : ok([{ kind: "link-delete", link: linkName(name) }]);
}

type Numbers = { readonly mac: Link["mac"]; readonly mtu: number | null };

function readNumbers(values: KeywordValues): Result<Numbers, string> {
  const address = values.get("address");
  const mac = address === undefined ? null : parseMac(address);
  if (address !== undefined && mac === null) return err(`\`${address}\` is no Ethernet address`);
  const text = values.get("mtu");
  const mtu = text === undefined ? null : parseUnsigned(text);
  return text !== undefined && mtu === null ? err(`MTU \`${text}\` is no number`) : ok({ mac, mtu });
}

function readType(kind: string, words: readonly string[], lower: string | null): Result<LinkType, string> {
  switch (kind) {
    case "dummy":
      return ok({ kind: "dummy" });
    case "bridge":
      return ok({ kind: "bridge", isVlanAware: wordAfter(words, "vlan_filtering") === "1" });
    case "bond":
      return ok({ kind: "bond", mode: wordAfter(words, "mode") ?? "balance-rr" });
    case "vlan":
      return readVlan(words, lower);
    case "vxlan":
      return readVxlan(words);
    case "":
    case "veth":
      return err(`\`ip link add ... type ${kind}\` is not modelled`);
    default:
      return ok({ kind: "other", name: kind });
  }
}

function readVlan(words: readonly string[], lower: string | null): Result<LinkType, string> {
  const id = parseUnsigned(wordAfter(words, "id") ?? "");
  if (lower === null || id === null || id > 4095)
    return err("a VLAN link needs `link` and an `id` of 0 to 4095");
  return ok({ kind: "vlan", id, lower: linkName(lower) });
}

function readVxlan(words: readonly string[]): Result<LinkType, string> {
  const id = parseUnsigned(wordAfter(words, "id") ?? wordAfter(words, "vni") ?? "");
  const port = parseUnsigned(wordAfter(words, "dstport") ?? "8472");
  const dev = wordAfter(words, "dev");
  if (id === null || port === null) return err("a VXLAN link needs numbers as `id` and `dstport`");
  if (words.includes("remote") || words.includes("group"))
    return err("a VXLAN link with `remote` or `group` is not modelled");
  return ok({
    kind: "vxlan",
    id,
    local: parseIPv4(wordAfter(words, "local") ?? ""),
    lower: dev === null ? null : linkName(dev),
    port,
    isLearning: !words.includes("nolearning"),
  });
}

function wordAfter(words: readonly string[], keyword: string): string | null {
  const at = words.indexOf(keyword);
  return at === -1 ? null : (words[at + 1] ?? null);
}
