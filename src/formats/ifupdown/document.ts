import type { Issue, Source } from "#model/index.js";

/** One word with its place. */
export interface Word {
  readonly text: string;
  readonly source: Source;
}

/** One line of a stanza: a name and the rest of the line. */
export interface InterfaceOption {
  readonly name: Word;
  readonly value: Word;
}

/** One stanza of an interfaces file; interfaces(5). */
export type Stanza =
  /** `auto`, `allow-auto`, `allow-hotplug` and other `allow-*` classes, `no-auto-down`, `no-scripts`. */
  | {
      readonly kind: "names";
      readonly keyword: string;
      readonly names: readonly Word[];
      readonly source: Source;
    }
  | IfaceStanza
  | {
      readonly kind: "mapping";
      readonly names: readonly Word[];
      readonly options: readonly InterfaceOption[];
      readonly source: Source;
    }
  | {
      readonly kind: "source";
      readonly isDirectory: boolean;
      readonly pattern: Word;
      readonly source: Source;
    };

/** `iface NAME [FAMILY METHOD] [inherits OTHER]`; ifupdown2 leaves out family and method. */
export interface IfaceStanza {
  readonly kind: "iface";
  readonly name: Word;
  readonly family: string | null;
  readonly method: string | null;
  readonly inherits: string | null;
  readonly options: readonly InterfaceOption[];
  readonly source: Source;
}

/** One file in the language of interfaces(5), sourced files not joined in. */
export interface InterfacesDocument {
  readonly file: string;
  readonly stanzas: readonly Stanza[];
  /** Whether the text says that Proxmox VE wrote it. */
  readonly isProxmox: boolean;
  /** Lines that could not be read, and templates. */
  readonly issues: readonly Issue[];
}
