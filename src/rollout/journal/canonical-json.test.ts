import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { canonicalJson } from "./canonical-json.js";

describe("Canonical JSON", () => {
  it("sorts keys at every depth and leaves out what is undefined", () => {
    expect(canonicalJson({ b: [{ d: 1, c: null }], a: undefined, "": "é\n" })).toBe(
      '{"":"é\\n","b":[{"c":null,"d":1}]}',
    );
  });

  it("means the same value as it was given", () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        expect(JSON.parse(canonicalJson(value))).toEqual(JSON.parse(JSON.stringify(value)));
      }),
    );
  });

  it("has no word for what JSON has none for", () => {
    expect(() => canonicalJson(Number.NaN)).toThrow("JSON has no NaN");
    expect(() => canonicalJson([() => 1])).toThrow("JSON has no function");
  });
});
