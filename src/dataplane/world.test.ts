import { describe, expect, it } from "vitest";
import { linkName, operation } from "#model/index.js";
import { buildSnapshot, type HostSketch, ip, net, type SnapshotSketch } from "../../test/fleet-builder.js";
import { buildSnapshotWorld, buildWorld, type StagedHost, type World } from "./world.js";

const A: HostSketch = { links: { e0: { on: "s", addresses: ["10.0.0.1/24"] } } };
const B: HostSketch = { links: { e0: { on: "s", addresses: ["10.0.0.2/24"] } } };

function staged(...stages: readonly SnapshotSketch[]): World {
  const built = stages.map((sketch) => buildSnapshot(sketch));
  const [first] = built;
  if (first === undefined) throw new RangeError("expected a stage");
  const hosts = [...first.hosts.keys()].map((id): StagedHost => {
    return { id, stages: built.flatMap((one) => one.hosts.get(id) ?? []) };
  });
  return buildWorld(hosts, first.segments);
}

describe("buildWorld", () => {
  it("knows the owners of each address in any stage, loopback included", () => {
    const world = staged(
      { a: A, b: B },
      { a: A, b: { links: { e0: { on: "s", addresses: ["10.0.0.1/24", "10.0.0.3/24"] } } } },
    );
    expect(["10.0.0.1", "10.0.0.2", "10.0.0.3"].map((address) => world.owners.get(ip(address)))).toEqual([
      [0, 1],
      [1],
      [1],
    ]);
  });

  it.each<[string, HostSketch, readonly number[]]>([
    ["a plain host", B, []],
    ["proxy ARP", { ...B, sysctls: { "conf.e0.proxy_arp": 1 } }, [1]],
    ["proxy ARP on a private VLAN", { ...B, sysctls: { "conf.e0.proxy_arp_pvlan": 1 } }, [1]],
    ["a proxy neighbour", { ...B, neighbours: ["proxy 10.0.0.9 dev e0"] }, [1]],
  ])("counts those that may answer for others: %s", (_, b, proxies) => {
    expect(buildSnapshotWorld(buildSnapshot({ a: A, b })).proxies).toEqual(proxies);
  });

  it("counts a host with a local network among those that may answer for others", () => {
    const snapshot = buildSnapshot({ a: A });
    const [host] = snapshot.hosts.values();
    if (host === undefined) throw new RangeError("expected a host");
    const local = operation.route({
      destination: net("10.7.0.0/16"),
      type: "local",
      table: 255,
      link: linkName("lo"),
    });
    const hosts = new Map([[host.id, { ...host, routes: [...host.routes, local] }]]);
    expect(buildSnapshotWorld({ ...snapshot, hosts }).proxies).toEqual([0]);
  });

  it("counts the hosts whose stages differ in layer 2, and no others", () => {
    const down: HostSketch = { links: { e0: { on: "s", addresses: ["10.0.0.2/24"], isUp: false } } };
    expect(
      staged({ a: A, b: B }, { a: { ...A, routes: ["default via 10.0.0.2"] }, b: down }).layer2Varying,
    ).toEqual([1]);
  });

  it("counts a host whose stages differ in what its bridge remembers", () => {
    const links = {
      br0: { type: { kind: "bridge", isVlanAware: false } as const },
      e0: { on: "s", master: "br0" },
    };
    const entry = {
      mac: "02:00:00:00:00:99" as never,
      link: linkName("e0"),
      master: linkName("br0"),
      vlan: null,
      remote: null,
      isPermanent: false,
    };
    expect(staged({ a: { links } }, { a: { links, fdb: [entry] } }).layer2Varying).toEqual([0]);
  });

  it("builds the domains of one choice of stages once", () => {
    const down: HostSketch = { links: { e0: { on: "s", isUp: false } } };
    const world = staged({ a: A, b: B }, { a: A, b: down });
    const [up, other] = [world.layer2(() => 0), world.layer2((host) => host)];
    expect(world.layer2(() => 0)).toBe(up);
    expect([up, other].map((layer2) => layer2.domainOf(0, linkName("e0"))?.legs.length)).toEqual([2, 1]);
  });
});
