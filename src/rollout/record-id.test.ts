import { describe, expect, it } from "vitest";
import { phaseRecord, placeOf, servicesRecord } from "./record-id.js";

describe("The id of a record", () => {
  it("is read back as it was written", () => {
    for (const attempt of [0, 1, 12]) {
      expect(placeOf("a-b", phaseRecord("a-b", 3, attempt))).toEqual({ phase: 3, attempt });
      expect(placeOf("a-b", servicesRecord("a-b", attempt))).toEqual({ phase: null, attempt });
    }
  });

  it.each(["a-p1", "a-b", "a-b-p", "a-b-p1-r", "a-b-p1x", "a-b-service", "x-a-b-p1"])(
    "`%s` is none of run a-b",
    (id) => {
      expect(placeOf("a-b", id)).toBeNull();
    },
  );
});
