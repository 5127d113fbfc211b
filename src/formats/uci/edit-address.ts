import {
  type AddressChange,
  formatLength,
  type Obstacle,
  offsetOf,
  type Proposal,
  rewriteBroadcast,
  type Splice,
} from "#formats/editing/index.js";
import { type Cidr, formatIPv4, formatPrefix, parseIPv4 } from "#ip/index.js";
import type { LinkName, Source } from "#model/index.js";
import { optionValue, optionValues, type UciOption, type UciSection, type UciValue } from "./document.js";
import {
  addLine,
  dropLine,
  dropOption,
  interfacesOf,
  type PlacedValue,
  quoteLike,
  replaceWord,
  type Sections,
  setOption,
  valueAt,
} from "./edit-section.js";
import { rawWord } from "./edit-word.js";

/** Ways to give a link another address, one more, or one less. */
export function proposeAddress(
  sections: Sections,
  change: AddressChange,
  place: Source | null,
): readonly Proposal[] | Obstacle {
  const { link, from, to } = change;
  if (from === null || place === null) return to === null ? [] : addAddress(sections, link, to);
  const placed = valueAt(sections, place);
  if (placed === null) return [];
  return to === null ? removeAddress(sections, placed, from) : replaceAddress(sections, placed, { from, to });
}

interface Replacement {
  readonly from: Cidr;
  readonly to: Cidr;
}

/** A bare address keeps its form and the netmask changes, unless another bare address takes that netmask too. */
function replaceAddress(
  sections: Sections,
  { section, option, value }: PlacedValue,
  words: Replacement,
): readonly Proposal[] {
  const { from, to } = words;
  const word = wordOf(section, option, from);
  if (word === null) return [];
  const netmask = optionValue(section, "netmask");
  const isBare = parseIPv4(word) !== null;
  const keepsBare =
    isBare && netmask !== null && (from.length === to.length || bareWords(section).length === 1);
  const written = keepsBare ? formatIPv4(to.address) : formatAddress(to, word);
  const masks =
    keepsBare && from.length !== to.length
      ? replaceWord(sections, netmask, netmask.text, formatLength(to.length, netmask.text))
      : [];
  const address = written === word ? [] : replaceWord(sections, value, word, written);
  return [[...address, ...masks, ...rewriteNetwork(sections, section, words)]];
}

/** `10.0.0.1/255.255.255.0` keeps its form. */
function formatAddress(address: Cidr, like: string): string {
  const mask = like.slice(like.indexOf("/") + 1);
  return like.includes("/")
    ? `${formatIPv4(address.address)}/${formatLength(address.length, mask)}`
    : formatPrefix(address);
}

function rewriteNetwork(
  sections: Sections,
  section: UciSection,
  { from, to }: Replacement,
): readonly Splice[] {
  const broadcast = optionValue(section, "broadcast");
  const after = broadcast === null ? null : rewriteBroadcast(broadcast.text, from, to);
  return broadcast === null || after === null ? [] : replaceWord(sections, broadcast, broadcast.text, after);
}

/** The word of an option that gives the address: one value may hold several. */
function wordOf(section: UciSection, option: UciOption, address: Cidr): string | null {
  const netmask = optionValue(section, "netmask")?.text ?? "32";
  const dotted = `${formatIPv4(address.address)}/${formatLength(address.length, ".")}`;
  const fits = new Set([formatPrefix(address), dotted]);
  const isOwnMask = formatLength(address.length, netmask) === netmask;
  if (isOwnMask) fits.add(formatIPv4(address.address));
  return optionValues(section, option.name).find(({ text }) => fits.has(text))?.text ?? null;
}

/** The addresses that take the netmask of the section. */
function bareWords(section: UciSection): readonly UciValue[] {
  return optionValues(section, "ipaddr").filter(({ text }) => parseIPv4(text) !== null);
}

function removeAddress(
  sections: Sections,
  { section, option, value }: PlacedValue,
  from: Cidr,
): readonly Proposal[] {
  const word = wordOf(section, option, from);
  if (word === null) return [];
  const all = optionValues(section, option.name);
  const isSplit = value.text !== word;
  const taken = isSplit ? takeWord(sections, value, word) : dropLine(sections, value);
  if (taken.length === 0) return [];
  if (all.length > 1) {
    const isLastBare = parseIPv4(word) !== null && bareWords(section).length === 1;
    return [[...taken, ...(isLastBare ? dropOption(sections, section, "netmask") : [])], taken];
  }
  const rest = ["netmask", "broadcast"].flatMap((name) => dropOption(sections, section, name));
  return [
    [...taken, ...rest],
    [...taken, ...rest, ...setOption(sections, section, "proto", "none")],
  ];
}

/** Takes one of several words out of a value, with the blank before or behind it. */
function takeWord({ path, text }: Sections, value: UciValue, word: string): readonly Splice[] {
  const start = offsetOf(text, value.source);
  if (start === null) return [];
  const raw = rawWord(text, start);
  const escaped = word.replaceAll(".", "\\.");
  const match = new RegExp(`[ \\t]+${escaped}(?=[\\s'"]|$)|(?<=^['"]?)${escaped}[ \\t]+`).exec(raw);
  if (match === null) return [];
  const at = start + match.index;
  return [{ path, start: at, end: at + match[0].length, text: "" }];
}

function addAddress(sections: Sections, link: LinkName, to: Cidr): readonly Proposal[] | Obstacle {
  const interfaces = interfacesOf(sections, link);
  const proto = (section: UciSection): string => optionValue(section, "proto")?.text ?? "";
  const section =
    interfaces.find((one) => proto(one) === "static") ?? interfaces.find((one) => proto(one) === "none");
  if (section === undefined) {
    const [other] = interfaces;
    const found =
      other === undefined ? `no interface on \`${link}\`` : `\`proto\` \`${proto(other)}\` on \`${link}\``;
    return { found, source: other?.source ?? null };
  }
  const statics = proto(section) === "none" ? setOption(sections, section, "proto", "static") : [];
  const option = section.options.find(({ name }) => name === "ipaddr");
  const last = option?.values.at(-1);
  const line = `list ipaddr ${quoteLike(sections, section, formatPrefix(to))}`;
  if (option === undefined || last === undefined) return [[...statics, ...addLine(sections, section, line)]];
  const behind = addLine(sections, section, line, last.source.line);
  const asList = option.isList ? [] : keywordToList(sections, last);
  return [
    [...statics, ...asList, ...behind],
    [...statics, ...appendWord(sections, last, formatPrefix(to))],
  ];
}

/** libuci joins a `list` line to an `option` before it; two `list` lines say so plainly. */
function keywordToList({ path, text }: Sections, { source }: UciValue): readonly Splice[] {
  const start = offsetOf(text, { line: source.line, column: 1 }) ?? 0;
  const match = /^\s*(option|o)(?=\s)/.exec(text.slice(start, start + source.column));
  const keyword = match?.[1];
  if (match === null || keyword === undefined) return [];
  const at = start + match[0].length - keyword.length;
  return [{ path, start: at, end: at + keyword.length, text: keyword === "o" ? "l" : "list" }];
}

function appendWord({ path, text }: Sections, value: UciValue, word: string): readonly Splice[] {
  const start = offsetOf(text, value.source);
  const raw = start === null ? "" : rawWord(text, start);
  if (start === null || !/^(['"]).*\1$/.test(raw)) return [];
  const at = start + raw.length - 1;
  return [{ path, start: at, end: at, text: ` ${word}` }];
}
