import type { Host } from "#model/index.js";

/**
 * Whether two states of a host are the same to every packet: all facts in the same order. Where they were written and by which
 * protocol they came makes no difference.
 */
export function holdsTheSame(a: Host | undefined, b: Host | undefined): boolean {
  if (a === b) return true;
  if (a === undefined || b === undefined) return false;
  return (
    isSame(a.links, b.links) &&
    isSame(a.addresses, b.addresses) &&
    isSame(a.routes, b.routes) &&
    isSame(a.rules, b.rules) &&
    isSame(a.neighbours, b.neighbours) &&
    isSame(a.fdb, b.fdb) &&
    hasSameSettings(a.sysctls, b.sysctls) &&
    isSame(a.unmodelled.map(openIssue), b.unmodelled.map(openIssue))
  );
}

function openIssue({ code, message }: Host["unmodelled"][number]): object {
  return { code, message };
}

function hasSameSettings(a: Host["sysctls"], b: Host["sysctls"]): boolean {
  if (a === b) return true;
  return a.size === b.size && [...a].every(([key, value]) => b.get(key) === value);
}

/** Where it was written, and by which protocol it came. */
const ORIGIN = new Set(["source", "protocol"]);

/** Equal in all fields that are given, but for the origin. */
function isSame(a: unknown, b: unknown): boolean {
  if (a === b) return true;
  if (Array.isArray(a) && Array.isArray(b)) {
    return a.length === b.length && a.every((item, index) => isSame(item, b[index]));
  }
  return isRecord(a) && isRecord(b) && hasSameFields(a, b);
}

type Fields = Readonly<Record<string, unknown>>;

function isRecord(value: unknown): value is Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function hasSameFields(a: Fields, b: Fields): boolean {
  for (const name in a) {
    const value = a[name];
    if (value !== b[name] && !ORIGIN.has(name) && !isSame(value, b[name])) return false;
  }
  for (const name in b) {
    if (a[name] === undefined && b[name] !== undefined && !ORIGIN.has(name)) return false;
  }
  return true;
}
