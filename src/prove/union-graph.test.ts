import { expect, it } from "vitest";
import { buildSnapshotWorld } from "#dataplane/index.js";
import { type FdbEntry, linkName } from "#model/index.js";
import { buildSnapshot, ip } from "../../test/fleet-builder.js";
import { isDeliveredByUnion } from "./union-graph.js";

const B_MAC = "02:00:00:00:00:0b" as FdbEntry["mac"];

/** a on s, b on t, joined by h's bridge, which remembers b at this port. */
function isCertified(port: string): boolean {
  const mac = "02:00:00:00:09:01";
  const bridge = {
    br0: { type: { kind: "bridge", isVlanAware: false } as const, mac },
    e0: { on: "s", master: "br0", mac },
    e1: { on: "t", master: "br0", mac },
  };
  const entry = {
    mac: B_MAC,
    link: linkName(port),
    master: linkName("br0"),
    vlan: null,
    remote: null,
    isPermanent: false,
  };
  const world = buildSnapshotWorld(
    buildSnapshot({
      a: { links: { e0: { on: "s", addresses: ["10.0.0.1/24"] } } },
      b: { links: { e0: { on: "t", addresses: ["10.0.0.2/24"], mac: B_MAC } } },
      h: { links: bridge, fdb: [entry] },
    }),
  );
  return isDeliveredByUnion(world, { host: 0, to: ip("10.0.0.2") }, { left: 1e5 });
}

it("a flow is certified through a bridge whose entries are right, and not by a graph without memory where one is wrong", () => {
  expect([isCertified("e1"), isCertified("e0")]).toEqual([true, false]);
});
