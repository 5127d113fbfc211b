import {
  type AddressChange,
  formatLength,
  insertLines,
  lineAt,
  type Obstacle,
  type Proposal,
  removeLines,
  replaceAt,
  rewriteBroadcast,
  type Splice,
} from "#formats/editing/index.js";
import { type Cidr, formatIPv4, formatPrefix, parseIPv4, prefix } from "#ip/index.js";
import type { Source } from "#model/index.js";
import type { IfaceStanza, InterfaceOption } from "./document.js";
import {
  addressLines,
  dropOptions,
  indentOfStanza,
  isIPv4Stanza,
  lastLineOf,
  lastLineOfStanza,
  lineAtPlace,
  optionsOf,
  type StanzaLine,
  type Stanzas,
  stanzasOf,
} from "./edit-stanza.js";
import { canonicalName } from "./interfaces.js";

/** Ways to give a link another address, one more, or one less. */
export function proposeAddress(
  files: Stanzas,
  change: AddressChange,
  place: Source | null,
): readonly Proposal[] | Obstacle {
  const { link, from, to } = change;
  if (from === null || place === null) return to === null ? [] : addAddress(files, link, to);
  const line = lineAtPlace(files, place);
  if (line === null) return [];
  if (canonicalName(line.option) !== "address")
    return { found: `a command that sets it, \`${line.option.name.text}\``, source: place };
  return to === null ? removeAddress(files, line) : replaceAddress(files, line, { from, to });
}

interface Replacement {
  readonly from: Cidr;
  readonly to: Cidr;
}

/** A bare address keeps its form and the netmask changes, unless another address takes that netmask too. */
function replaceAddress(
  files: Stanzas,
  { stanza, option }: StanzaLine,
  words: Replacement,
): readonly Proposal[] {
  const { from, to } = words;
  const [netmask] = optionsOf(stanza, "netmask");
  const isBare = parseIPv4(option.value.text) !== null;
  const isShared = bareLines(stanza).length > 1;
  const keepsBare = isBare && netmask !== undefined && (!isShared || from.length === to.length);
  const written = keepsBare ? formatIPv4(to.address) : formatPrefix(to);
  const mask = keepsBare && from.length !== to.length ? netmask : undefined;
  const splices = [
    rewrite(files, option, written),
    mask === undefined ? [] : rewrite(files, mask, formatLength(to.length, mask.value.text)),
    rewriteNetwork(files, stanza, words),
  ];
  return [splices.flat()];
}

function rewrite(files: Stanzas, option: InterfaceOption, after: string): readonly Splice[] {
  const { text, source } = option.value;
  const splice = replaceAt(files.textOf(source.file), source, { before: text, after });
  return splice === null ? [] : [splice];
}

/** `broadcast` and the old `network` line follow the address where they were right before. */
function rewriteNetwork(files: Stanzas, stanza: IfaceStanza, { from, to }: Replacement): readonly Splice[] {
  const networks = optionsOf(stanza, "network").filter(
    ({ value }) => value.text === networkOf(from) && addressLines(stanza).length === 1,
  );
  const broadcasts = optionsOf(stanza, "broadcast").flatMap((option) => {
    const after = rewriteBroadcast(option.value.text, from, to);
    return after === null ? [] : rewrite(files, option, after);
  });
  return [...networks.flatMap((option) => rewrite(files, option, networkOf(to))), ...broadcasts];
}

function networkOf({ address, length }: Cidr): string {
  return formatIPv4(prefix(address, length).address);
}

/** The address lines that take the netmask of the stanza. */
function bareLines(stanza: IfaceStanza): readonly InterfaceOption[] {
  return addressLines(stanza).filter(({ value }) => parseIPv4(value.text) !== null);
}

/** Lines that say more of an address and nothing without one. */
const DETAILS: ReadonlySet<string> = new Set(["netmask", "broadcast", "network", "pointopoint", "scope"]);

function removeAddress(files: Stanzas, { stanza, option }: StanzaLine): readonly Proposal[] {
  const others = optionsOf(stanza, "address").filter((one) => one !== option);
  const details = stanza.options.filter((one) => DETAILS.has(canonicalName(one)));
  if (others.length > 0) {
    const isLastBare = bareLines(stanza).every((one) => one === option);
    const masks = isLastBare ? details.filter((one) => canonicalName(one) === "netmask") : [];
    return [dropOptions(files, [option, ...masks])];
  }
  const isAllOfIt = stanza.options.length === details.length + 1;
  const hasOther = files.stanzas.some((one) => one !== stanza && one.name.text === stanza.name.text);
  const bare = [...dropOptions(files, [option, ...details]), ...setMethod(files, stanza, "manual")];
  return [...(isAllOfIt && hasOther ? [dropStanza(files, stanza)] : []), bare];
}

function dropStanza(files: Stanzas, stanza: IfaceStanza): Proposal {
  const { file, line } = stanza.source;
  const text = files.textOf(file);
  const isApart = line > 1 && lineAt(text, line - 1)?.text.trim() === "";
  const lines = { first: isApart ? line - 1 : line, last: lastLineOfStanza(files, stanza) };
  const splice = removeLines(file, text, lines);
  return splice === null ? [] : [splice];
}

/** Puts another method into the head of a stanza that has one: `static`, `manual`. */
function setMethod(files: Stanzas, stanza: IfaceStanza, method: string): readonly Splice[] {
  const { file, line } = stanza.source;
  if (stanza.method === null || stanza.method === "loopback") return [];
  const head = lineAt(files.textOf(file), line)?.text ?? "";
  const before = /^\s*iface\s+\S+\s+\S+\s+/.exec(head)?.[0];
  if (before === undefined) return [];
  const words = { before: stanza.method, after: method };
  const splice = replaceAt(files.textOf(file), { file, line, column: before.length + 1 }, words);
  return splice === null ? [] : [splice];
}

const DYNAMIC: ReadonlySet<string> = new Set(["dhcp", "bootp", "ipv4ll"]);

function addAddress(files: Stanzas, link: string, to: Cidr): readonly Proposal[] | Obstacle {
  const stanzas = stanzasOf(files, link).filter(isIPv4Stanza);
  const dynamic = stanzas.find((stanza) => DYNAMIC.has(stanza.method ?? ""));
  const last = stanzas.findLast((stanza) => stanza.name.text === link) ?? stanzas.at(-1);
  if (dynamic !== undefined)
    return { found: `the method \`${dynamic.method}\` of \`${link}\``, source: dynamic.source };
  if (last === undefined) return { found: `no IPv4 stanza of \`${link}\``, source: null };
  const hasAddress = stanzas.findLast((stanza) => addressLines(stanza).length > 0);
  const ways = [
    ...(hasAddress === undefined ? [insertFirst(files, last, to)] : []),
    ...(hasAddress !== undefined && files.flavour === "ifupdown2" ? [insertNext(files, hasAddress, to)] : []),
    appendStanza(files, last, to),
  ];
  return ways;
}

function insertFirst(files: Stanzas, stanza: IfaceStanza, to: Cidr): Proposal {
  const { file } = stanza.source;
  const line = `${indentOfStanza(files, stanza)}address ${formatPrefix(to)}`;
  const method = stanza.method === "manual" ? setMethod(files, stanza, "static") : [];
  return [...method, insertLines(file, files.textOf(file), lastLineOf(files, stanza.source), [line])];
}

function insertNext(files: Stanzas, stanza: IfaceStanza, to: Cidr): Proposal {
  const { file } = stanza.source;
  const last = addressLines(stanza).at(-1)?.name.source ?? stanza.source;
  const line = `${indentOfStanza(files, stanza)}address ${formatPrefix(to)}`;
  return [insertLines(file, files.textOf(file), lastLineOf(files, last), [line])];
}

/** Debian's ifupdown has one address for each stanza, and several stanzas for each interface; interfaces(5). */
function appendStanza(files: Stanzas, stanza: IfaceStanza, to: Cidr): Proposal {
  const { file } = stanza.source;
  const indent = indentOfStanza(files, stanza);
  const [netmask] = optionsOf(stanza, "netmask");
  const address =
    netmask === undefined
      ? [`${indent}address ${formatPrefix(to)}`]
      : [
          `${indent}address ${formatIPv4(to.address)}`,
          `${indent}netmask ${formatLength(to.length, netmask.value.text)}`,
        ];
  const lines = ["", `iface ${stanza.name.text} inet static`, ...address];
  return [insertLines(file, files.textOf(file), lastLineOfStanza(files, stanza), lines)];
}
