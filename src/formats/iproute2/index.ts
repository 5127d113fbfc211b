/**
 * The output of iproute2 and sysctl: a snapshot directory, read and written, and the shell command of one kernel operation.
 *
 * For: live state as `ip -j`, `bridge -j` and `sysctl` print it (or plain, where busybox does), and what an operator types.
 * Not for: running anything, or configuration files of a distribution.
 * Law: no input makes the reader throw; what it does not understand is an issue; reading what was written gives the same snapshot.
 */
export type { SnapshotReading } from "./read-snapshot.js";
export { readSnapshot } from "./read-snapshot.js";
export { operationWords, renderOperation } from "./render-operation.js";
export { renderSnapshot } from "./render-snapshot.js";
export { shellCommand } from "./shell-quote.js";
