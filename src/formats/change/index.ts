/**
 * The change file: what is to be different in a fleet's network, in the operator's terms.
 *
 * For: reading it into a `Change` with a place for each wish and each mistake, and its JSON Schema for editors.
 * Not for: looking names up in a fleet, or finding the files that have to be edited (`app` does both).
 * Law: never throws on any text; a change is given only where the whole file is understood.
 */
export type { Change, ChangeEntry, ChangeScope, HostSelector, NewAddress, NewRoute, Wish } from "./change.js";
export { changeJsonSchema } from "./json-schema.js";
export { parseChange } from "./parse.js";
