import { randomBytes } from "node:crypto";

/**
 * Names a new run, so that later ones sort behind earlier ones. Letters, digits and `-` alone: it is part of names on hosts.
 *
 * @example newRunId("2026-11-23T03:15:00.123Z") // "20261123T031500Z-3f2a"
 */
export function newRunId(now: string): string {
  const time = now.replace(/\.\d+/, "").replaceAll(/[^0-9TZ]/g, "");
  return `${time}-${randomBytes(2).toString("hex")}`;
}
