import { describe, expect, it } from "vitest";
import { ask } from "../../../test/contract/edits.js";
import { formatChange, tasksOf } from "./change.js";

function tasks(...edits: Parameters<typeof tasksOf>[0]): readonly string[] {
  return tasksOf(edits).map((task) => {
    if (task.kind !== "change") return task.kind;
    const { change } = task;
    if (change.kind === "mtu") return formatChange(change);
    const side = (one: "from" | "to"): string =>
      change[one] === null ? "none" : formatChange({ ...change, from: null, to: null, [one]: change[one] });
    return `${side("from")} -> ${side("to")}`;
  });
}

describe("Edits as tasks", () => {
  it("join an address that goes and one that comes on the same link, whichever is named first", () => {
    expect(
      tasks(
        ask.add("b", "10.0.0.9/24"),
        ask.remove("a", "10.0.0.1/24"),
        ask.mtu("a", 1400),
        ask.remove("b", "10.0.0.2/24"),
      ),
    ).toEqual(["10.0.0.2/24 on b -> 10.0.0.9/24 on b", "10.0.0.1/24 on a -> none", "MTU 1400 of a"]);
  });

  it("join routes to one destination before routes through one gateway", () => {
    expect(
      tasks(
        ask.routeRemove("10.1.0.0/16 via 10.0.0.1 dev a"),
        ask.routeAdd("10.2.0.0/16 via 10.0.0.1 dev a"),
        ask.routeAdd("10.1.0.0/16 via 10.0.0.7 dev a onlink"),
        ask.routeRemove("10.3.0.0/16 via 10.0.0.1 dev a metric 4"),
        ask.routeRemove("10.2.0.0/16 via 10.0.0.1 dev b"),
      ),
    ).toEqual([
      "10.1.0.0/16 via 10.0.0.1 dev a -> 10.1.0.0/16 via 10.0.0.7 dev a onlink",
      "10.3.0.0/16 via 10.0.0.1 dev a metric 4 -> 10.2.0.0/16 via 10.0.0.1 dev a",
      "10.2.0.0/16 via 10.0.0.1 dev b -> none",
    ]);
  });

  it("leave the gateway and the flags of k3s for later", () => {
    expect(tasks(ask.gateway("a", null), { kind: "flannel-backend", backend: "host-gw" })).toEqual([
      "gateway",
      "foreign",
    ]);
  });
});
