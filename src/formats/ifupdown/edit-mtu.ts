import {
  insertLines,
  type MtuChange,
  type Obstacle,
  type Proposal,
  replaceAt,
} from "#formats/editing/index.js";
import type { Source } from "#model/index.js";
import { indentOfStanza, lastLineOfStanza, lineAtPlace, type Stanzas, stanzasOf } from "./edit-stanza.js";
import { canonicalName } from "./interfaces.js";

/** Puts another MTU into the line that sets it, or writes one into the first stanza of the link. */
export function proposeMtu(
  files: Stanzas,
  { link, mtu }: MtuChange,
  place: Source | null,
): readonly Proposal[] | Obstacle {
  const line = place === null ? null : lineAtPlace(files, place);
  if (line === null) return insertMtu(files, link, mtu);
  const { name, value } = line.option;
  if (canonicalName(line.option) !== "mtu")
    return { found: `a command that sets it, \`${name.text}\``, source: value.source };
  const words = { before: value.text, after: String(mtu) };
  const splice = replaceAt(files.textOf(value.source.file), value.source, words);
  return splice === null ? [] : [[splice]];
}

function insertMtu(files: Stanzas, link: string, mtu: number): readonly Proposal[] | Obstacle {
  const stanza = stanzasOf(files, link).find((one) => one.name.text === link);
  if (stanza === undefined) return { found: `no stanza of \`${link}\``, source: null };
  const { file } = stanza.source;
  const line = `${indentOfStanza(files, stanza)}mtu ${mtu}`;
  return [[insertLines(file, files.textOf(file), lastLineOfStanza(files, stanza), [line])]];
}
