/**
 * What the dialects with systemd underneath share: the syntax of unit files, and the order in which systemd-networkd
 * turns declared links into kernel operations.
 *
 * For: networkd's `.network` and `.netdev` files, netplan (which generates them), services that carry k3s flags.
 * Not for: the meaning of any section or key; each dialect gives its own.
 * Law: never throws; every entry and every step has the place it comes from, and nothing is dropped.
 */

export { bootSteps } from "./boot-steps.js";
export type { DeclaredHost, DeclaredLink, Placed } from "./declared-link.js";
export { MAX_UNIT_LENGTH } from "./logical-lines.js";
export { networkdAddress, networkdPool, networkdRoute } from "./networkd-defaults.js";
export { isPattern, matchesPattern } from "./pattern.js";
export type { UnrankedRule } from "./rule-priority.js";
export { rankRules } from "./rule-priority.js";
export type { MalformedLine, UnitEntry, UnitFile, UnitSection } from "./unit-file.js";
export { parseUnitFile } from "./unit-file.js";
export { readBoolean, readSize } from "./values.js";
export type { UnitWord } from "./words.js";
export { splitWords } from "./words.js";
