import { describe, expect, it } from "vitest";
import { hostId, type Operation } from "#model/index.js";
import { buildHost } from "../../test/fleet-builder.js";
import { proposeOrders } from "./reorder.js";
import { operationName } from "./scaffold.js";

function orders(count: number, stage: number): readonly string[] {
  const operations = Array.from(
    { length: count },
    (_, value): Operation => ({ kind: "sysctl", key: "k", value: value + 1 }),
  );
  const number = new Map(operations.map((operation, index) => [operationName(operation), index + 1]));
  const stages = Array.from({ length: count + 1 }, () => buildHost("h", {}));
  return proposeOrders({ host: hostId("h"), operations, stages }, stage).map((addition) =>
    addition.kind === "order" ? addition.order.map((name) => number.get(name)).join("") : "",
  );
}

describe("proposeOrders", () => {
  it("puts later operations before the one that led to the stage, and has earlier ones wait", () => {
    expect(orders(2, 1)).toEqual(["21"]);
    expect(orders(3, 1)).toEqual(["213", "312", "231"]);
    expect(orders(3, 2)).toEqual(["132", "231"]);
  });

  it("has nothing to propose for a host that has not begun or is done", () => {
    expect(orders(3, 0)).toEqual([]);
    expect(orders(3, 3)).toEqual([]);
  });
});
