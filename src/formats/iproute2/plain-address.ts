import { say } from "./messages.js";
import { parseNumber, type WordCursor, wordsOf } from "./plain-words.js";
import type { Reading } from "./reading.js";
import { linkSchema, type RawAddress, type RawLink } from "./schema.js";

const HEAD = /^\d+:\s+(?<name>[^:\s]+):\s+<(?<flags>[^>]*)>\s+(?<rest>.*)$/;

interface LinkLines {
  link: RawLink;
  readonly addresses: RawAddress[];
}

/** Reads the plain output of `ip addr show`, iproute2's or busybox's, as what `ip -j addr show` would have printed. */
export function parsePlainAddresses(reading: Reading, file: string, text: string): RawLink[] {
  const links: LinkLines[] = [];
  for (const [index, line] of text.split("\n").entries()) {
    if (line.trim() === "") continue;
    const source = { file, line: index + 1, column: 1 };
    const head = HEAD.exec(line);
    const current = links.at(-1);
    if (head !== null) {
      links.push({ link: parseHead(head.groups ?? {}), addresses: [] });
    } else if (current === undefined || !/^\s/.test(line)) {
      reading.errors.push(say.badLine(source, "a line of `ip addr show`", line.slice(0, 80)));
      return [];
    } else {
      readDetail(current, wordsOf(line));
    }
  }
  return links.map(({ link, addresses }) => ({ ...link, addr_info: addresses }));
}

function parseHead(groups: Readonly<Record<string, string>>): RawLink {
  const [ifname = "", lower] = (groups["name"] ?? "").split("@");
  const words = wordsOf(groups["rest"] ?? "");
  const raw: Record<string, unknown> = { ifname, flags: (groups["flags"] ?? "").split(","), mtu: 0 };
  while (words.peek() !== "") {
    const key = words.take();
    if (key === "mtu") raw["mtu"] = parseNumber(words.take()) ?? 0;
    if (key === "master") raw["master"] = words.take();
  }
  if (lower !== undefined && !/^if\d+$/.test(lower)) raw["link"] = lower;
  return linkSchema.parse(raw);
}

/** A line below a link: its Ethernet address, an address, or what `-d` says of its kind. */
function readDetail(current: LinkLines, words: WordCursor): void {
  const key = words.take();
  if (key.startsWith("link/")) {
    current.link = { ...current.link, link_type: key.slice("link/".length), address: words.take() };
  } else if (key === "inet" || key === "inet6") {
    current.addresses.push(parseAddress(key, words));
  } else {
    current.link = { ...current.link, ...parseKind(key, words) };
  }
}

function parseAddress(family: string, words: WordCursor): RawAddress {
  const [local = "", length] = words.take().split("/");
  const address: { -readonly [K in keyof RawAddress]: RawAddress[K] } = {
    family,
    local,
    prefixlen: Number(length ?? (family === "inet" ? 32 : 128)),
    scope: "global",
    secondary: false,
    noprefixroute: false,
  };
  while (words.peek() !== "") {
    const key = words.take();
    if (key === "peer") readPeer(address, words.take());
    else if (key === "brd") address.broadcast = words.take();
    else if (key === "scope") address.scope = words.take();
    else if (key === "secondary") address.secondary = true;
    else if (key === "noprefixroute") address.noprefixroute = true;
  }
  return address;
}

function readPeer(address: { address?: string | undefined; prefixlen: number }, text: string): void {
  const [peer = "", length] = text.split("/");
  address.address = peer;
  address.prefixlen = Number(length ?? 32);
}

/** Words of a link's kind whose value is kept, by the name that `ip -j` gives them. */
const KIND_WORDS: ReadonlyMap<string, "protocol" | "local" | "link" | "mode" | "type"> = new Map([
  ["protocol", "protocol"],
  ["local", "local"],
  ["dev", "link"],
  ["mode", "mode"],
  ["type", "type"],
]);
const KIND_NUMBERS: ReadonlyMap<string, "id" | "port" | "vlan_filtering"> = new Map([
  ["id", "id"],
  ["dstport", "port"],
  ["vlan_filtering", "vlan_filtering"],
]);

/** `vlan protocol 802.1Q id 10`, `vxlan id 1 local 10.0.0.1 dev eth0 ... dstport 8472 nolearning`, `bridge ... vlan_filtering 1`. */
function parseKind(kind: string, words: WordCursor): Pick<RawLink, "linkinfo"> | Record<string, never> {
  if (!KINDS.has(kind)) return {};
  const given: NonNullable<NonNullable<RawLink["linkinfo"]>["info_data"]> = { learning: true };
  while (words.peek() !== "") {
    const key = words.take();
    const text = KIND_WORDS.get(key);
    const number = KIND_NUMBERS.get(key);
    if (text !== undefined) given[text] = words.take();
    else if (number !== undefined) given[number] = Number(words.take());
    else if (key === "nolearning") given.learning = false;
  }
  return { linkinfo: { info_kind: kind, info_data: given } };
}

const KINDS: ReadonlySet<string> = new Set([
  "bond",
  "bridge",
  "dummy",
  "ipvlan",
  "macvlan",
  "tun",
  "veth",
  "vlan",
  "vrf",
  "vxlan",
  "wireguard",
]);
