import type { InterfaceOption, InterfacesDocument, Stanza } from "./document.js";

/**
 * Writes a document as interfaces(5) lays it out, without comments. `parseInterfaces` of the text gives the stanzas back as
 * long as no value starts or ends with white space, ends with a backslash or holds a line break.
 */
export function renderInterfaces(document: Pick<InterfacesDocument, "stanzas">): string {
  return document.stanzas.map(renderStanza).join("\n");
}

function renderStanza(stanza: Stanza): string {
  switch (stanza.kind) {
    case "names":
      return renderLine([stanza.keyword, ...stanza.names.map((name) => name.text)]);
    case "source":
      return renderLine([stanza.isDirectory ? "source-directory" : "source", stanza.pattern.text]);
    case "mapping":
      return (
        renderLine(["mapping", ...stanza.names.map((name) => name.text)]) + renderOptions(stanza.options)
      );
    case "iface": {
      const inherits = stanza.inherits === null ? [] : ["inherits", stanza.inherits];
      const head = ["iface", stanza.name.text, stanza.family ?? "", stanza.method ?? "", ...inherits];
      return renderLine(head) + renderOptions(stanza.options);
    }
  }
}

function renderOptions(options: readonly InterfaceOption[]): string {
  return options.map((option) => `\t${renderLine([option.name.text, option.value.text])}`).join("");
}

function renderLine(words: readonly string[]): string {
  return `${words.filter((word) => word !== "").join(" ")}\n`;
}
