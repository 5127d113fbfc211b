/**
 * The registry of configuration dialects: one line for each folder that reads one, and for each that edits one.
 *
 * For: whoever reads the configuration of a host and knows its dialect from the fleet file.
 * Not for: the fleet file itself and snapshot directories, which are no host's configuration.
 * Law: each reader takes a tree and a path and never throws; a dialect that the model names has a reader here.
 */
export type { ConfigurationReader } from "./dialects.js";
export { DIALECTS, EDITORS } from "./dialects.js";
