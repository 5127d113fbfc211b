/**
 * Debian's /etc/network/interfaces, as ifupdown and ifupdown2 (Proxmox VE) read it.
 *
 * For: what a boot makes of the stanzas and their `up` lines, as kernel operations and facts with their places.
 * Not for: templates, mapping scripts, packet filters, IPv6 (kept as text).
 * Law: no text makes a reader throw; what is not understood becomes an issue; `parseInterfaces(renderInterfaces(d))` holds the stanzas of `d`.
 */
export type { IfaceStanza, InterfaceOption, InterfacesDocument, Stanza, Word } from "./document.js";
export type { Flavour } from "./draft.js";
export { editIfupdown } from "./edit.js";
export { parseInterfaces } from "./parse.js";
export { readIfupdown } from "./read.js";
export { renderInterfaces } from "./render.js";
