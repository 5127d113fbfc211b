import { randomBytes } from "node:crypto";

/** Sixteen random bytes: a command that wants to look as if it had ended would have to guess them. */
const BYTES = 16;

/** What stands before and after what a command prints: one for each command, and never part of its words, input or environment. */
export function newMark(): string {
  return `pm-${randomBytes(BYTES).toString("hex")}`;
}
