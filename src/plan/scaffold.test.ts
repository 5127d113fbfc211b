import { describe, expect, it } from "vitest";
import { renderOperation } from "#formats/iproute2/index.js";
import { operation } from "#model/index.js";
import { buildHost, type HostSketch, ip, net } from "../../test/fleet-builder.js";
import type { HelperProposal } from "./helper-stage.js";
import { describeDifference } from "./sameness.js";
import { heldUntil, operationName, scaffold } from "./scaffold.js";

const BEFORE: HostSketch = {
  links: { e0: { addresses: ["10.0.0.2/24"] } },
  routes: ["default via 10.0.0.1"],
};
const AFTER: HostSketch = { links: { e0: { addresses: ["10.0.0.2/24"] } }, routes: ["default via 10.0.0.9"] };
const e0 = buildHost("h", BEFORE).links[1]?.name ?? null;

function route(destination: string, gateway: string, isOnlink = false): HelperProposal {
  const made = operation.route({ destination: net(destination), gateway: ip(gateway), link: e0, isOnlink });
  return {
    kind: "host-route",
    host: buildHost("h", BEFORE).id,
    make: [{ kind: "route-add", route: made }],
    why: "",
    shape: destination,
  };
}

function build(helpers: readonly HelperProposal[], order: readonly string[] | null = null) {
  const [before, after] = [buildHost("h", BEFORE), buildHost("h", AFTER)];
  return scaffold({ host: before.id, before, after, helpers, order });
}

describe("scaffold", () => {
  it("makes helpers first and unmakes them last, the last one made first", () => {
    const change = build([route("10.1.0.0/16", "10.0.0.1"), route("10.2.0.0/16", "10.0.0.9")]);
    expect(change?.operations.map(renderOperation)).toEqual([
      "ip route add 10.1.0.0/16 via 10.0.0.1 dev e0",
      "ip route add 10.2.0.0/16 via 10.0.0.9 dev e0",
      "ip route replace default via 10.0.0.9 dev e0",
      "ip route del unicast 10.2.0.0/16 via 10.0.0.9 dev e0 scope global",
      "ip route del unicast 10.1.0.0/16 via 10.0.0.1 dev e0 scope global",
    ]);
    expect(change?.helpers?.map(({ made, unmade }) => [made, unmade])).toEqual([
      [
        { from: 0, to: 1 },
        { from: 4, to: 5 },
      ],
      [
        { from: 1, to: 2 },
        { from: 3, to: 4 },
      ],
    ]);
    expect(change === null ? null : heldUntil(change)).toBe(3);
  });

  it("ends in the target, a stage behind each operation", () => {
    const change = build([route("10.1.0.0/16", "10.0.0.1")]);
    expect(change?.stages).toHaveLength(4);
    const end = change?.stages.at(-1);
    expect(end === undefined ? null : describeDifference(end, buildHost("h", AFTER))).toEqual([]);
  });

  it("is nothing where the kernel refuses the helper", () => {
    expect(build([route("10.1.0.0/16", "192.168.0.1")])).toBeNull();
    expect(build([route("10.1.0.0/16", "192.168.0.1", true)])).not.toBeNull();
  });

  it("is nothing where one end has the fact already", () => {
    expect(build([route("0.0.0.0/0", "10.0.0.9")])).toBeNull();
  });

  it("has no helpers where none are asked for", () => {
    expect(build([])).toMatchObject({ operations: [{ kind: "route-replace" }] });
    expect(build([])).not.toHaveProperty("helpers");
  });

  it("does operations in the order that is asked for, where the kernel takes it", () => {
    const [before, after] = [
      buildHost("h", { links: { e0: { addresses: ["10.0.0.2/24"] } } }),
      buildHost("h", {
        links: { e0: { addresses: ["10.0.0.2/24", "10.7.0.2/24"] } },
        routes: ["10.1.0.0/16 via 10.0.0.1"],
      }),
    ];
    const own = { host: before.id, before, after, helpers: [] };
    const names = scaffold({ ...own, order: null })?.operations.map(operationName) ?? [];
    const turned = scaffold({ ...own, order: names.toReversed() });
    expect(turned?.operations.map(operationName)).toEqual(names.toReversed());
    expect(turned?.stages).toHaveLength(3);
  });
});
