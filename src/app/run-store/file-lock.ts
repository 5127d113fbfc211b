import { readdirSync, readFileSync, unlinkSync } from "node:fs";
import { join } from "node:path";
import { createFile, isCode, makeFolder, replaceFile } from "./durable-files.js";
import { isRunning, ownIdentity, type ProcessIdentity } from "./process-identity.js";

/** Who holds a lock, and for which run. */
export interface LockHolder extends ProcessIdentity {
  readonly run: string;
}

/** A lock that is held until `release`, or until the process ends. */
export interface HeldLock {
  /** Idempotent. */
  readonly release: () => void;
}

/** What became of the wish to have a lock. `unreadable`: a file of the lock says nothing that can be understood. */
export type LockAnswer =
  | { readonly kind: "held"; readonly lock: HeldLock }
  | {
      readonly kind: "taken";
      readonly holder: LockHolder;
      readonly isSeenRunning: boolean;
      readonly file: string;
    }
  | { readonly kind: "unreadable"; readonly file: string };

const NAME = /^lock\.(\d+)$/;
const FREE = "free\n";

/** Files of earlier holders that stay: a folder that is listed while files come and go may show none of those that do. */
const KEPT = 16;

/** Each round of `takeLock` is lost against somebody who took or released meanwhile: so many do not come in a row. */
const MAX_ROUNDS = 100;

/**
 * Takes the lock of a folder for a run. The lock is a row of files `lock.1`, `lock.2`, ...: the one with the highest number says who holds it,
 * and it is never removed. To take a lock that is free, or whose holder ended, the next number is made by link(2), which only one can;
 * whoever was so slow that higher numbers were made and lower ones removed meanwhile sees the higher one and gives up. So no lock is
 * ever taken away from a living process, and a dead one never stands in the way.
 */
export function takeLock(folder: string, run: string): LockAnswer {
  makeFolder(folder);
  for (let round = 0; round < MAX_ROUNDS; round += 1) {
    const highest = highestOf(folder);
    const holder = highest === 0 ? null : readHolder(folder, highest);
    if (holder === "gone") continue;
    if (holder === "unreadable") return { kind: "unreadable", file: fileOf(folder, highest) };
    const running = holder === null ? "no" : isRunning(holder);
    if (holder !== null && running !== "no")
      return { kind: "taken", holder, isSeenRunning: running === "yes", file: fileOf(folder, highest) };
    const lock = takeNumber(folder, highest + 1, run);
    if (lock !== null) return { kind: "held", lock };
  }
  throw new Error(`the lock in ${folder} changed hands ${MAX_ROUNDS} times in a row`);
}

/** Who holds the lock of a folder now; null: nobody, or a process that ended. */
export function lockHolder(folder: string): LockHolder | null {
  const highest = highestOf(folder);
  const holder = highest === 0 ? null : readHolder(folder, highest);
  if (holder === null || typeof holder === "string") return null;
  return isRunning(holder) === "no" ? null : holder;
}

function takeNumber(folder: string, number: number, run: string): HeldLock | null {
  const holder: LockHolder = { ...ownIdentity(), run };
  if (!createFile(fileOf(folder, number), `${JSON.stringify(holder)}\n`)) return null;
  if (highestOf(folder) !== number) {
    removeQuietly(fileOf(folder, number));
    return null;
  }
  for (const lower of numbersOf(folder)) if (lower < number - KEPT) removeQuietly(fileOf(folder, lower));
  let isHeld = true;
  const release = (): void => {
    if (isHeld) replaceFile(fileOf(folder, number), FREE);
    isHeld = false;
  };
  return { release };
}

function fileOf(folder: string, number: number): string {
  return join(folder, `lock.${number}`);
}

function numbersOf(folder: string): readonly number[] {
  return readdirSync(folder).flatMap((name) => {
    const [, digits] = NAME.exec(name) ?? [];
    return digits === undefined ? [] : [Number(digits)];
  });
}

function highestOf(folder: string): number {
  try {
    return Math.max(0, ...numbersOf(folder));
  } catch (error) {
    if (isCode(error, "ENOENT")) return 0;
    throw error;
  }
}

/** null: the lock is free. */
function readHolder(folder: string, number: number): LockHolder | "gone" | "unreadable" | null {
  try {
    const text = readFileSync(fileOf(folder, number), "utf8");
    return text === FREE ? null : parseHolder(text);
  } catch (error) {
    if (isCode(error, "ENOENT")) return "gone";
    throw error;
  }
}

function parseHolder(text: string): LockHolder | "unreadable" {
  try {
    const value: unknown = JSON.parse(text);
    return isHolder(value) ? value : "unreadable";
  } catch {
    return "unreadable";
  }
}

const TEXTS = ["machine", "bootId", "pidNamespace", "startTime", "run"];

function isHolder(value: unknown): value is LockHolder {
  if (typeof value !== "object" || value === null) return false;
  const fields = new Map(Object.entries(value));
  return TEXTS.every((key) => typeof fields.get(key) === "string") && Number.isInteger(fields.get("pid"));
}

function removeQuietly(path: string): void {
  try {
    unlinkSync(path);
  } catch (error) {
    if (!isCode(error, "ENOENT")) throw error;
  }
}
