/**
 * What the configuration editors of all dialects share: which change of the facts an edit asks for, splices of a text, and the
 * proof by reading again that an edited file means exactly what was asked.
 *
 * For: the editor of each dialect, which proposes splices for one change at a time.
 * Not for: the syntax or the meaning of any dialect; an editor gives its own reader.
 * Law: a splice is kept only where the dialect's reader finds the asked fact and all others as before; else nothing is changed.
 */
export type { AddressChange, Change, MtuChange, RouteChange } from "./change.js";
export { formatChange, formatRoute } from "./change.js";
export { formatLength, rewriteBroadcast } from "./dotted.js";
export type { EditableDialect, EditRequest, Obstacle, Proposal } from "./edit.js";
export { editConfiguration } from "./edit.js";
export type { FlagChange, FlagDialect, FlagEdit } from "./edit-flags.js";
export { editFlags, isFlagEdit } from "./edit-flags.js";
export type { EditHints, NetworkDialect } from "./network-editor.js";
export { networkEditor } from "./network-editor.js";
export { overlayOf } from "./overlay.js";
export type { Splice, TextLine } from "./text.js";
export {
  indentOf,
  insertLines,
  lineAt,
  lineCount,
  offsetOf,
  removeLines,
  replaceAt,
} from "./text.js";
