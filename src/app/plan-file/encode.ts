import { formatIPv4, formatPrefix, ipv4 } from "#ip/index.js";

const ADDRESS_KEYS = new Set(["ip", "gateway", "preferredSource", "peer", "broadcast", "local", "remote"]);

/** A JSON value. */
export type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json };

/** Writes model values as JSON that a person can read: addresses and prefixes as text, places in files left out. */
export function encodeModel(value: unknown, key = ""): Json {
  if (typeof value === "number") return ADDRESS_KEYS.has(key) ? formatIPv4(ipv4(value)) : value;
  if (value === null || typeof value === "string" || typeof value === "boolean") return value;
  if (Array.isArray(value)) return value.map((item) => encodeModel(item));
  if (typeof value !== "object") throw new TypeError(`a ${typeof value} has no place in a plan file`);
  if (isPrefix(value)) return formatPrefix(value);
  return Object.fromEntries(
    Object.entries(value)
      .filter(([name]) => name !== "source")
      .map(([name, item]) => [name, encodeModel(item, name)]),
  );
}

function isPrefix(value: object): value is Parameters<typeof formatPrefix>[0] {
  return Object.keys(value).length === 2 && "address" in value && "length" in value;
}

/** JSON with sorted keys and no space: equal values have equal text. */
export function canonicalJson(value: Json): string {
  if (Array.isArray(value)) return `[${value.map((item: Json) => canonicalJson(item)).join(",")}]`;
  if (value === null || typeof value !== "object") return JSON.stringify(value);
  const entries = Object.entries(value as { readonly [key: string]: Json }).sort(([a], [b]) =>
    a < b ? -1 : 1,
  );
  return `{${entries.map(([key, item]) => `${JSON.stringify(key)}:${canonicalJson(item)}`).join(",")}}`;
}
