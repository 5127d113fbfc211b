import { describe, expect, it } from "vitest";
import { checkPlaces, defaultPlaces, labOfNamespace, labPaths } from "./places.js";

const PLACES = defaultPlaces({});

describe("A network namespace", () => {
  it.each([
    ["pml-home-sw", "home"],
    ["pml-home-h12", "home"],
    ["pml-home-h1-h2", "home-h1"],
    ["pml-home", null],
    ["pmx-home-h1", null],
    ["xpml-home-h1", null],
    ["pml-home-h", null],
  ])("`%s` belongs to the lab %s", (namespace, lab) => {
    expect(labOfNamespace(PLACES, namespace)).toBe(lab);
  });

  it("is found by the name that its lab gives it", () => {
    const paths = labPaths(PLACES, "a-h1");
    expect([paths.switch, paths.namespaceOf(3)].map((name) => labOfNamespace(PLACES, name))).toEqual([
      "a-h1",
      "a-h1",
    ]);
  });
});

describe("A label", () => {
  it.each(["", "p", "pml-", "PML", "labelslong"])(
    "`%s` is refused, since it could name what is not a lab's",
    (label) => {
      expect(() => checkPlaces({ ...PLACES, label })).toThrow(
        "Expected a label of 2 to 8 lower-case letters",
      );
    },
  );
});
