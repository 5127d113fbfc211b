/**
 * JSON with sorted keys and without space: equal values have equal text, so that a digest of it is one of the value. Keys whose value is
 * `undefined` are left out, as `JSON.stringify` does (ECMA-262, SerializeJSONObject).
 *
 * @throws TypeError for what JSON has no word for (functions, symbols, numbers that are not finite).
 * @example canonicalJson({ b: 1, a: [true, null] }) // {"a":[true,null],"b":1}
 */
export function canonicalJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map((item: unknown) => canonicalJson(item)).join(",")}]`;
  if (value !== null && typeof value === "object") return `{${members(value).join(",")}}`;
  if (typeof value === "number" && !Number.isFinite(value)) throw new TypeError(`JSON has no ${value}`);
  const text = JSON.stringify(value);
  if (text === undefined) throw new TypeError(`JSON has no ${typeof value}`);
  return text;
}

function members(value: object): readonly string[] {
  return Object.entries(value)
    .filter(([, item]) => item !== undefined)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, item]) => `${JSON.stringify(key)}:${canonicalJson(item)}`);
}
