import type { UciDocument, UciOption, UciSection } from "./document.js";

/**
 * Writes a document as `uci export` lays it out, without comments. `parseUci` of the text gives the sections back as long
 * as no value holds a line break and no `option` is empty (libuci takes an empty option for unset).
 */
export function renderUci(document: Pick<UciDocument, "sections">): string {
  return document.sections.map(renderSection).join("\n");
}

function renderSection(section: UciSection): string {
  const name = section.name === null ? "" : ` ${quote(section.name)}`;
  return `config ${section.type.replace(/['"\\#;]/g, "\\$&")}${name}\n${section.options.map(renderOption).join("")}`;
}

function renderOption(option: UciOption): string {
  const keyword = option.isList ? "list" : "option";
  return option.values.map((value) => `\t${keyword} ${option.name} ${quote(value.text)}\n`).join("");
}

/** A single quote cannot stand inside single quotes: close, escape, open again. */
function quote(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}
