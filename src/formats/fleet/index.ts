/**
 * The fleet file `pointsman.yaml`: what no configuration file says.
 *
 * For: reading it into a `Fleet` with a place for each fact and each mistake, writing it, and its JSON Schema for editors.
 * Not for: reading the configuration files that it names, or judging the network (`checks`).
 * Law: never throws on any text; a fleet is given only where the whole file is understood, and parse(render(fleet)) = fleet.
 */
export { fleetJsonSchema } from "./json-schema.js";
export { parseFleet } from "./parse.js";
export { renderFleet } from "./render.js";
