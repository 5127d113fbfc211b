import { describe, expect, it } from "vitest";
import { type FdbEntry, hostId, linkName } from "#model/index.js";
import {
  buildSnapshot,
  flannelType,
  type HostSketch,
  ip,
  type SnapshotSketch,
} from "../../test/fleet-builder.js";
import { type FlowResult, judgeExits, sortVerdicts } from "./flow.js";
import { judgeOne } from "./matrix.js";
import { buildSnapshotWorld } from "./world.js";

const FORWARDING = { ip_forward: 1 };
const MAC = (number: number): string => `02:00:00:00:0${number}:00`;

function flow(sketch: SnapshotSketch, from: string, to: string): FlowResult {
  return judgeOne(buildSnapshot(sketch), hostId(from), ip(to));
}

/** Host `hN` of one segment with a MAC made of its number. */
function on(number: number, address: string, more: HostSketch = {}): HostSketch {
  return { links: { e0: { on: "s", addresses: [address], mac: MAC(number) } }, ...more };
}

function holds(address: string, number: number, state = "stale"): readonly string[] {
  return [`${address} lladdr ${MAC(number)} dev e0 nud ${state}`];
}

function summary({ verdict, path, back }: FlowResult): string {
  return `${verdict}: ${path.join(" ")} / ${back.join(" ")}`;
}

describe("the incident, replayed", () => {
  it("I2: nodes of /8 and /16 in one /16 talk directly both ways", () => {
    const fleet = { a: on(2, "10.10.0.2/8"), b: on(4, "10.10.0.4/16") };
    expect([summary(flow(fleet, "a", "10.10.0.4")), summary(flow(fleet, "b", "10.10.0.2"))]).toEqual([
      "delivered: b / a",
      "delivered: a / b",
    ]);
  });

  it("I3: a prefix that excludes the peer goes through the router, which redirects, and directly back", () => {
    const fleet = {
      r: on(1, "10.10.0.1/16", { sysctls: FORWARDING }),
      a: on(2, "10.10.0.2/30", { routes: ["default via 10.10.0.1"] }),
      b: on(4, "10.10.0.4/8"),
    };
    const result = flow(fleet, "a", "10.10.0.4");
    expect(summary(result)).toBe("delivered: r b / a");
    expect(result.findings).toEqual([
      "`r` sends a redirect to `10.10.0.2`: new next hop `10.10.0.4` for `10.10.0.4`",
    ]);
  });

  const two = on(2, "10.10.0.2/16");
  const three = on(3, "10.10.0.3/16", { sysctls: FORWARDING, neighbours: holds("10.10.0.2", 4) });

  it.each(["stale", "reachable", "permanent"])(
    "I4: a %s entry with the MAC of a forwarding host delivers through it",
    (state) => {
      const fleet = {
        two,
        three: { ...three, neighbours: holds("10.10.0.2", 4, state) },
        four: on(4, "10.10.0.4/16", { sysctls: FORWARDING }),
      };
      const result = flow(fleet, "three", "10.10.0.2");
      expect(summary(result)).toBe("delivered: four two / three");
      expect(result.findings[0]).toMatch(/^`four` sends a redirect to `10.10.0.3`: new next hop `10.10.0.2`/);
    },
  );

  const four = on(4, "10.10.0.4/16", { sysctls: FORWARDING, neighbours: holds("10.10.0.2", 3) });

  it("I5: two stale entries that name each other's host bring the sender's packet back, and it dies as a martian", () => {
    const result = flow({ two, three, four }, "three", "10.10.0.2");
    expect(summary(result)).toBe("lost: four three / ");
    expect(result.hops.at(-1)).toMatchObject({ host: "three", decision: "drop", rule: "martian source" });
  });

  it("I6: for a third host the same two are a loop", () => {
    const five = on(5, "10.10.0.5/16", { neighbours: holds("10.10.0.2", 3) });
    const result = flow({ two, three, four, five }, "five", "10.10.0.2");
    expect([result.verdict, result.path.slice(0, 3)]).toEqual(["loop", ["three", "four", "three"]]);
  });

  /** Router and node on the main segment, another node behind a hypervisor with a leg on both. */
  function wide(hypervisor: HostSketch["sysctls"]): SnapshotSketch {
    const legs = {
      e0: { on: "s", addresses: ["10.0.1.1/8"], mac: MAC(7) },
      e1: { on: "t", addresses: ["10.0.1.2/8"], mac: MAC(8) },
    };
    const routes = ["10.10.0.2/32 dev e1"];
    return {
      r: on(1, "10.0.0.1/8"),
      near: on(4, "10.10.0.4/8"),
      far: { links: { e0: { on: "t", addresses: ["10.10.0.2/8"], mac: MAC(2) } } },
      pve: { links: legs, routes, sysctls: hypervisor ?? {} },
    };
  }

  it("I7: under one /8 over two segments without a proxy, nodes behind the hypervisor are unreachable", () => {
    expect(summary(flow(wide(FORWARDING), "r", "10.10.0.2"))).toBe("lost:  / ");
  });

  it("I8: with proxy ARP the hypervisor answers for them with its own MAC", () => {
    const result = flow(wide({ ...FORWARDING, "conf.all.proxy_arp": 1 }), "r", "10.10.0.2");
    expect(result.path).toEqual(["pve", "far"]);
    expect(result.findings).toContain("`pve` answers ARP for `10.10.0.2` as a proxy");
  });

  it("I9: once the proxy has answered for a node beside it, either may be believed", () => {
    const fleet = wide({ ...FORWARDING, "conf.all.proxy_arp": 1 });
    const pve = { ...fleet["pve"], routes: ["10.10.0.0/16 dev e1"] };
    const result = flow({ ...fleet, pve }, "r", "10.10.0.4");
    expect(result.paths).toEqual([["near"], ["pve"]]);
    expect([result.verdict, result.verdicts]).toEqual(["lost", ["delivered", "lost"]]);
  });

  it("I10: two routers with a default route to each other are a loop", () => {
    const fleet = {
      a: on(3, "10.0.0.3/24", { routes: ["default via 10.0.0.1"] }),
      r: on(1, "10.0.0.1/24", { sysctls: FORWARDING, routes: ["default via 10.0.0.2"] }),
      q: on(2, "10.0.0.2/24", { sysctls: FORWARDING, routes: ["default via 10.0.0.1"] }),
    };
    expect(flow(fleet, "a", "10.9.9.9").verdict).toBe("loop");
  });
});

describe("measured facts", () => {
  const stick: HostSketch = {
    links: { e0: { on: "s", addresses: ["10.0.0.1/16", "10.5.0.1/16"] } },
    sysctls: FORWARDING,
  };
  const b = on(3, "10.5.0.5/16", { routes: ["default via 10.5.0.1"] });

  it("M1: two prefixes behind a router on a stick go through it both ways", () => {
    const a = on(2, "10.0.0.5/16", { routes: ["default via 10.0.0.1"] });
    expect(summary(flow({ a, b, stick }, "a", "10.5.0.5"))).toBe("delivered: stick b / stick a");
  });

  it.each([0, 1])(
    "M2, M3: a sender widened to /8 goes directly and its reply through the router, also with rp_filter %s there",
    (mode) => {
      const fleet = { a: on(2, "10.0.0.5/8"), b: { ...b, sysctls: { "conf.all.rp_filter": mode } }, stick };
      expect(summary(flow(fleet, "a", "10.5.0.5"))).toBe("delivered: b / stick a");
    },
  );

  it("M4: a peer without a way back answers ARP and takes the request, and the reply is lost", () => {
    expect(summary(flow({ a: on(2, "10.0.0.5/8"), b: on(3, "10.5.0.5/16") }, "a", "10.5.0.5"))).toBe(
      "lost-reply: b / ",
    );
  });

  it("M5: with strict source validation it does not even answer ARP", () => {
    const peer = on(3, "10.5.0.5/16", { sysctls: { "conf.all.rp_filter": 1 } });
    expect(summary(flow({ a: on(2, "10.0.0.5/8"), b: peer }, "a", "10.5.0.5"))).toBe("lost:  / ");
  });

  function node(number: number, length = 16, remote = 3 - number): HostSketch {
    const peer = 3 - number;
    const entry: FdbEntry = {
      mac: `02:00:00:00:00:f${peer}` as FdbEntry["mac"],
      link: linkName("flannel.1"),
      master: null,
      vlan: null,
      remote: ip(`10.10.0.${remote}`),
      isPermanent: true,
    };
    return {
      links: {
        e0: { on: "s", addresses: [`10.10.0.${number}/${length}`] },
        "flannel.1": {
          type: flannelType(`10.10.0.${number}`, "e0"),
          addresses: [`10.42.${number}.0/32`],
          mac: `02:00:00:00:00:f${number}`,
        },
        cni0: { type: { kind: "bridge", isVlanAware: false }, addresses: [`10.42.${number}.1/24`] },
      },
      routes: [`10.42.${peer}.0/24 via 10.42.${peer}.0 dev flannel.1 onlink`],
      neighbours: [`10.42.${peer}.0 lladdr ${entry.mac} dev flannel.1 nud permanent`],
      fdb: [entry],
      sysctls: FORWARDING,
    };
  }

  it.each([8, 16])("M13: flannel's overlay is the same under a node prefix of /%s", (length) => {
    expect(summary(flow({ a: node(1, length), b: node(2, length) }, "a", "10.42.2.1"))).toBe(
      "delivered: b / a",
    );
  });

  it("M14: under a /8 a pod address without a route is asked for on the LAN and not sent to the gateway", () => {
    const gateway = on(9, "10.10.0.9/8", { sysctls: FORWARDING });
    const a = { ...node(1, 8), routes: ["default via 10.10.0.9 dev e0"] };
    expect(summary(flow({ a, gateway }, "a", "10.42.7.1"))).toBe("lost:  / ");
    expect(
      flow({ a: { ...node(1, 16), routes: ["default via 10.10.0.9 dev e0"] }, gateway }, "a", "10.42.7.1")
        .path,
    ).toEqual(["gateway"]);
  });

  it("M15: the overlay is lost where a peer's forwarding entry has the node's old address", () => {
    expect(summary(flow({ a: node(1, 16, 7), b: node(2) }, "a", "10.42.2.1"))).toBe("lost:  / ");
  });
});

describe("caches within one flow", () => {
  it("a stale entry is corrected by a request that its owner makes meanwhile", () => {
    const a = on(1, "10.0.0.1/24");
    const b = on(2, "10.0.0.2/24", { neighbours: holds("10.0.0.1", 9) });
    expect(summary(flow({ a, b }, "a", "10.0.0.2"))).toBe("delivered: b / a");
  });

  it("is not corrected where the sender needed to ask nobody", () => {
    const a = on(1, "10.0.0.1/24", { neighbours: holds("10.0.0.2", 2) });
    const b = on(2, "10.0.0.2/24", { neighbours: holds("10.0.0.1", 9) });
    expect(summary(flow({ a, b }, "a", "10.0.0.2"))).toBe("lost-reply: b / ");
  });

  it("the reply needs no ARP of its own to a host that has just asked", () => {
    const a = on(1, "10.0.0.1/24", { sysctls: { "conf.all.arp_ignore": 8 } });
    expect(summary(flow({ a, b: on(2, "10.0.0.2/24") }, "a", "10.0.0.2"))).toBe("delivered: b / a");
  });

  it("a request is accepted and not answered by a host that ignores echo requests", () => {
    const b = on(2, "10.0.0.2/24", { sysctls: { icmp_echo_ignore_all: 1 } });
    expect(summary(flow({ a: on(1, "10.0.0.1/24"), b }, "a", "10.0.0.2"))).toBe("lost-reply: b / ");
  });

  it("a flow to an own address has the host itself as path and back", () => {
    expect(summary(flow({ a: on(1, "10.0.0.1/24") }, "a", "10.0.0.1"))).toBe("delivered: a / a");
  });
});

describe("judgeExits", () => {
  it("names every host at which the request may end, and the sender as self", () => {
    const twins = { a: on(1, "10.0.0.1/24"), b: on(2, "10.0.0.2/24"), c: on(3, "10.0.0.2/24") };
    const world = buildSnapshotWorld(buildSnapshot(twins));
    expect(judgeExits(world, { host: 0, to: ip("10.0.0.2") })).toEqual(["b", "c"]);
    expect(judgeExits(world, { host: 0, to: ip("10.0.0.1") })).toEqual(["self"]);
  });
});

describe("sortVerdicts", () => {
  it("lists each verdict once, the worst last", () => {
    expect(sortVerdicts(["loop", "delivered", "loop", "lost-reply", "unknown", "lost"])).toEqual([
      "delivered",
      "unknown",
      "lost-reply",
      "lost",
      "loop",
    ]);
  });
});
