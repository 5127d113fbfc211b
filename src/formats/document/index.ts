/**
 * YAML documents of our own that have a schema: what the fleet file and the change file share.
 *
 * For: checking such a text, the place of each value, and mistakes as issues with their places and near names.
 * Not for: what a document means; that is the folder of each.
 * Law: never throws on any text; a document is given only where its whole shape is right.
 */
export { keySourceAt, type PathStep, sourceAt } from "./located-value.js";
export { didYouMean, documentMessages, quoted, showValue } from "./messages.js";
export { parseNetwork } from "./network-text.js";
export { limitIssues, type ParsedDocument, parseDocument } from "./parse-document.js";
export type { DocumentKind } from "./schema-issues.js";
