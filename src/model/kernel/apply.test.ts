import { describe, expect, it } from "vitest";
import { formatIPv4, formatPrefix, type IPv4, type Mac, mac, parseIPv4, parsePrefix } from "#ip/index.js";
import type { Host, Link, Operation, Route } from "#model/index.js";
import { applyOperation, bootHost, emptyConfiguration, hostId, linkName, operation } from "#model/index.js";

const E0 = linkName("e0");
const E1 = linkName("e1");
const LO = linkName("lo");
const BR0 = linkName("br0");

function ip(text: string): IPv4 {
  const parsed = parseIPv4(text);
  if (parsed === null) throw new Error(text);
  return parsed;
}

function network(text: string): Route["destination"] {
  const parsed = parsePrefix(text);
  if (parsed === null) throw new Error(text);
  return parsed;
}

function ethernet(name: string, last: number): Link {
  const address: Mac = mac([2, 0, 0, 0, 0, last]);
  const type = { kind: "ethernet" } as const;
  return {
    name: linkName(name),
    type,
    mac: address,
    mtu: 1500,
    isUp: false,
    hasCarrier: false,
    master: null,
    isNoArp: false,
    source: null,
  };
}

const BARE: Host = bootHost({
  id: hostId("h"),
  configuration: emptyConfiguration(),
  hardware: [ethernet("e0", 2), ethernet("e1", 1)],
  sysctls: new Map(),
}).host;

const up = (link = E0): Operation => ({ kind: "link-up", link });
const down = (link = E0): Operation => ({ kind: "link-down", link });
const sysctl = (key: string, value: number): Operation => ({ kind: "sysctl", key, value });

function address(text: string, given: Partial<Parameters<typeof operation.address>[0]> = {}): Operation {
  const [own = "", length] = text.split("/");
  return {
    kind: "address-add",
    address: operation.address({ link: E0, ip: ip(own), length: Number(length), ...given }),
  };
}

function noAddress(text: string, link = E0): Operation {
  const [own = "", length] = text.split("/");
  return { kind: "address-delete", link, ip: ip(own), length: Number(length) };
}

function route(
  destination: string,
  given: Partial<Route> & { readonly via?: string } = {},
): Operation & { readonly kind: "route-add" } {
  const { via, ...rest } = given;
  const gateway = via === undefined ? {} : { gateway: ip(via) };
  return {
    kind: "route-add",
    route: operation.route({ destination: network(destination), ...gateway, ...rest }),
  };
}

function play(...operations: readonly Operation[]): Host {
  return operations.reduce((host, next) => {
    const result = applyOperation(host, next);
    if (!result.ok) throw new Error(`${next.kind}: ${result.error.kernelMessage}`);
    return result.value;
  }, BARE);
}

function refusalOf(host: Host, next: Operation): string | null {
  const result = applyOperation(host, next);
  return result.ok ? null : result.error.kernelMessage;
}

function main(host: Host): string[] {
  return host.routes
    .filter(({ table }) => table === 254)
    .map((entry) => {
      const gateway = entry.gateway === null ? "" : ` via ${formatIPv4(entry.gateway)}`;
      const source = entry.preferredSource === null ? "" : ` src ${formatIPv4(entry.preferredSource)}`;
      return `${formatPrefix(entry.destination)}${gateway} dev ${entry.link}${source}`;
    });
}

function local(host: Host): string[] {
  return host.routes
    .filter(({ table, link }) => table === 255 && link !== LO)
    .map((entry) => `${entry.type} ${formatIPv4(entry.destination.address)} dev ${entry.link}`);
}

function own(host: Host): string[] {
  return host.addresses
    .filter(({ link }) => link !== LO)
    .map((entry) => `${formatIPv4(entry.ip)}/${entry.length}${entry.isSecondary ? " secondary" : ""}`);
}

describe("an address", () => {
  it("comes with a local, a broadcast and a connected route, and with none for the network address", () => {
    const host = play(up(), address("10.0.0.1/8"));
    expect(main(host)).toEqual(["10.0.0.0/8 dev e0 src 10.0.0.1"]);
    expect(local(host)).toEqual(["local 10.0.0.1 dev e0", "broadcast 10.255.255.255 dev e0"]);
  });

  it("has its local route only, while the link is down, and the others once it is up", () => {
    const host = play(address("10.0.0.1/8"));
    expect([main(host), local(host)]).toEqual([[], ["local 10.0.0.1 dev e0"]]);
    expect(main(play(address("10.0.0.1/8"), up()))).toEqual(["10.0.0.0/8 dev e0 src 10.0.0.1"]);
  });

  it.each([
    ["a /32", address("10.0.0.1/32"), [], ["local 10.0.0.1 dev e0"]],
    ["a /31", address("10.0.0.0/31"), ["10.0.0.0/31 dev e0 src 10.0.0.0"], ["local 10.0.0.0 dev e0"]],
    [
      "noprefixroute",
      address("10.0.0.1/24", { hasNoPrefixRoute: true }),
      [],
      ["local 10.0.0.1 dev e0", "broadcast 10.0.0.255 dev e0"],
    ],
    [
      "a peer",
      address("10.0.0.1/32", { peer: ip("10.9.9.9") }),
      ["10.9.9.9/32 dev e0 src 10.0.0.1"],
      ["local 10.0.0.1 dev e0"],
    ],
  ])("has the routes of %s", (_, added, inMain, inLocal) => {
    const host = play(up(), added);
    expect([main(host), local(host)]).toEqual([inMain, inLocal]);
  });

  it("is secondary where another of its network and mask is there, and primary beside a wider one", () => {
    const host = play(up(), address("10.0.0.1/16"), address("10.0.0.2/16"), address("10.0.0.1/8"));
    expect(own(host)).toEqual(["10.0.0.1/16", "10.0.0.1/8", "10.0.0.2/16 secondary"]);
  });

  it("goes with its primary, unless secondaries are promoted", () => {
    const both = [up(), address("10.0.0.1/16"), address("10.0.0.2/16")];
    expect(own(play(...both, noAddress("10.0.0.1/16")))).toEqual([]);
    const promoted = play(sysctl("conf.all.promote_secondaries", 1), ...both, noAddress("10.0.0.1/16"));
    expect(own(promoted)).toEqual(["10.0.0.2/16"]);
    expect(main(promoted)).toEqual(["10.0.0.0/16 dev e0 src 10.0.0.2"]);
  });

  it("is refused twice", () => {
    expect(refusalOf(play(address("10.0.0.1/8")), address("10.0.0.1/8"))).toBe(
      "Error: ipv4: Address already assigned.",
    );
  });

  it("is refused in another scope than its network's", () => {
    const host = play(address("10.0.0.1/8"));
    expect(refusalOf(host, address("10.0.0.2/8", { scope: "link" }))).toBe(
      "Error: ipv4: Invalid scope value.",
    );
  });

  it("is not found by another prefix length", () => {
    expect(refusalOf(play(address("10.0.0.1/8")), noAddress("10.0.0.1/16"))).toBe(
      "Error: ipv4: Address not found.",
    );
  });
});

describe("make before break", () => {
  const before = [up(), address("10.1.2.3/16"), route("default", { via: "10.1.0.1" })];

  it("keeps the default route", () => {
    const host = play(...before, address("10.1.2.3/8"), noAddress("10.1.2.3/16"));
    expect(main(host)).toEqual(["0.0.0.0/0 via 10.1.0.1 dev e0", "10.0.0.0/8 dev e0 src 10.1.2.3"]);
  });

  it("loses all routes of the link the other way round, with its last address", () => {
    expect(main(play(...before, noAddress("10.1.2.3/16"), address("10.1.2.3/8")))).toEqual([
      "10.0.0.0/8 dev e0 src 10.1.2.3",
    ]);
  });

  it("takes the routes that prefer the deleted address as source, on every link, in table main only", () => {
    const source = { preferredSource: ip("10.1.2.3") };
    const host = play(
      ...before,
      address("10.9.0.1/16"),
      up(E1),
      address("10.8.0.1/16", { link: E1 }),
      route("10.77.0.0/16", { link: E1, ...source }),
      route("10.78.0.0/16", { link: E1, ...source, table: 100 }),
      noAddress("10.1.2.3/16"),
    );
    expect(main(host)).toEqual([
      "0.0.0.0/0 via 10.1.0.1 dev e0",
      "10.8.0.0/16 dev e1 src 10.8.0.1",
      "10.9.0.0/16 dev e0 src 10.9.0.1",
    ]);
    expect(host.routes.some(({ table }) => table === 100)).toBe(true);
  });

  it("keeps such routes where another link still has the address (found by the differential test)", () => {
    const host = play(
      up(),
      up(E1),
      address("10.0.0.1/8"),
      address("10.0.0.1/24", { link: E1 }),
      noAddress("10.0.0.1/24", E1),
    );
    expect(main(host)).toEqual(["10.0.0.0/8 dev e0 src 10.0.0.1"]);
  });
});

describe("a route", () => {
  const host = play(up(), address("10.10.0.2/16"), address("10.9.0.1/24", { link: E1 }));

  it.each([
    [
      "to a gateway outside every connected prefix",
      route("10.0.0.0/16", { via: "10.0.0.1" }),
      "Error: Nexthop has invalid gateway.",
    ],
    [
      "to a broadcast address as gateway",
      route("default", { via: "10.10.255.255" }),
      "Error: Nexthop has invalid gateway.",
    ],
    [
      "with an own address as on-link gateway",
      route("default", { via: "10.10.0.2", link: E0, isOnlink: true }),
      "Error: Nexthop has invalid gateway.",
    ],
    [
      "on-link without a device",
      route("default", { via: "10.0.0.1", isOnlink: true }),
      "Error: Nexthop device required for onlink.",
    ],
    [
      "on-link on a link that is down",
      route("default", { via: "10.0.0.1", link: E1, isOnlink: true }),
      "Error: Nexthop device is not up.",
    ],
    ["by a link that is down", route("10.1.0.0/16", { link: E1 }), "Error: Device for nexthop is not up."],
    [
      "to a gateway whose link is down",
      route("default", { via: "10.9.0.1" }),
      "RTNETLINK answers: Network is down",
    ],
    ["without gateway and device", route("10.1.0.0/16"), "RTNETLINK answers: No such device"],
    ["by an unknown link", route("10.1.0.0/16", { link: linkName("e9") }), 'Cannot find device "e9"'],
    [
      "with a source that is not its own",
      route("default", { via: "10.10.0.1", preferredSource: ip("10.10.0.9") }),
      "Error: Invalid prefsrc address.",
    ],
    [
      "of type local in scope link",
      route("10.1.0.0/16", { type: "local", link: E0, scope: "link" }),
      "Error: Invalid scope.",
    ],
    [
      "of type blackhole with a device",
      route("10.1.0.0/16", { type: "blackhole", link: E0 }),
      "Error: Gateway, device and multipath can not be specified for this route type.",
    ],
    [
      "of scope host with a gateway",
      route("10.1.0.0/16", { via: "10.10.0.1", scope: "host" }),
      "Error: Route with host scope can not have a gateway.",
    ],
    [
      "on-link without a gateway",
      route("10.1.0.0/16", { link: E0, isOnlink: true }),
      "Error: Invalid flags for nexthop - PERVASIVE and ONLINK can not be set.",
    ],
  ])("%s is refused", (_, added, message) => {
    expect(refusalOf(host, added)).toBe(message);
  });

  it("finds its link by its gateway, and an on-link gateway needs no prefix", () => {
    const routed = [
      route("default", { via: "10.10.0.1" }),
      route("10.0.0.0/16", { via: "10.0.0.1", link: E0, isOnlink: true }),
    ];
    expect(main(play(up(), address("10.10.0.2/16"), ...routed))).toEqual([
      "0.0.0.0/0 via 10.10.0.1 dev e0",
      "10.0.0.0/16 via 10.0.0.1 dev e0",
      "10.10.0.0/16 dev e0 src 10.10.0.2",
    ]);
  });

  it("is refused where its prefix, table and metric are taken, and appended behind with `append`", () => {
    const first = route("default", { via: "10.10.0.1" });
    const second = route("default", { via: "10.10.0.3" });
    const taken = play(up(), address("10.10.0.2/16"), first);
    expect(refusalOf(taken, second)).toBe("RTNETLINK answers: File exists");
    const both = play(up(), address("10.10.0.2/16"), first, { kind: "route-append", route: second.route });
    expect(main(both).slice(0, 2)).toEqual([
      "0.0.0.0/0 via 10.10.0.1 dev e0",
      "0.0.0.0/0 via 10.10.0.3 dev e0",
    ]);
    expect(refusalOf(both, { kind: "route-replace", route: second.route })).toBe(
      "RTNETLINK answers: File exists",
    );
  });

  it("is replaced in one step, by one of the same metric", () => {
    const replaced = route("default", { via: "10.10.0.3" }).route;
    const after = play(up(), address("10.10.0.2/16"), route("default", { via: "10.10.0.1" }), {
      kind: "route-replace",
      route: replaced,
    });
    expect(main(after)).toEqual(["0.0.0.0/0 via 10.10.0.3 dev e0", "10.10.0.0/16 dev e0 src 10.10.0.2"]);
  });

  it("stays when its gateway's prefix goes, and cannot come back", () => {
    const gateway = route("default", { via: "10.9.0.1" });
    const shrunk = play(
      up(),
      address("10.1.2.3/8"),
      gateway,
      address("10.1.2.3/16"),
      noAddress("10.1.2.3/8"),
    );
    expect(main(shrunk)[0]).toBe("0.0.0.0/0 via 10.9.0.1 dev e0");
    const restarted = [down(), up()].reduce((state, next) => {
      const result = applyOperation(state, next);
      return result.ok ? result.value : state;
    }, shrunk);
    expect(main(restarted)).toEqual(["10.1.0.0/16 dev e0 src 10.1.2.3"]);
    expect(refusalOf(restarted, gateway)).toBe("Error: Nexthop has invalid gateway.");
  });

  it("to delete is the first that fits, lowest metric first; nothing that fits is an error", () => {
    const two = play(
      up(),
      address("10.10.0.2/16"),
      route("default", { via: "10.10.0.1", metric: 100 }),
      route("default", { via: "10.10.0.3" }),
    );
    const key = {
      table: 254,
      destination: network("default"),
      type: null,
      gateway: null,
      link: null,
      metric: null,
      scope: null,
    };
    const left = applyOperation(two, { kind: "route-delete", route: key });
    expect(left.ok && main(left.value)[0]).toBe("0.0.0.0/0 via 10.10.0.1 dev e0");
    expect(refusalOf(two, { kind: "route-delete", route: { ...key, metric: 7 } })).toBe(
      "RTNETLINK answers: No such process",
    );
  });
});

describe("a link", () => {
  it("that goes down takes its routes and neighbours, permanent ones too, and keeps its addresses", () => {
    const neighbour = {
      link: E0,
      ip: ip("10.0.0.9"),
      mac: mac([2, 0, 0, 0, 0, 9]),
      state: "permanent",
      isProxy: false,
    };
    const host = play(up(), address("10.0.0.1/8"), { kind: "neighbour-replace", neighbour }, down());
    expect([main(host), host.neighbours, own(host), local(host)]).toEqual([
      [],
      [],
      ["10.0.0.1/8"],
      ["local 10.0.0.1 dev e0"],
    ]);
  });

  it("that is deleted takes everything on it along", () => {
    const host = play(up(), address("10.0.0.1/8"), sysctl("conf.e0.rp_filter", 1), {
      kind: "link-delete",
      link: E0,
    });
    expect([main(host), local(host), own(host), host.links.map(({ name }) => name)]).toEqual([
      [],
      [],
      [],
      ["lo", "e1"],
    ]);
    expect(host.sysctls.has("conf.e0.rp_filter")).toBe(false);
  });

  it("that carries a VLAN takes it up and down with it", () => {
    const type = { kind: "vlan", id: 10, lower: E0 } as const;
    const vlan: Link = { ...ethernet("e0.10", 9), type, mac: null };
    const add: Operation = { kind: "link-add", link: vlan };
    expect(refusalOf(play(add), up(vlan.name))).toBe("RTNETLINK answers: Network is down");
    expect(play(add, up()).links.at(-1)).toMatchObject({
      isUp: true,
      hasCarrier: true,
      mac: "02:00:00:00:00:02",
    });
    expect(play(add, up(), down()).links.at(-1)).toMatchObject({ isUp: false });
    expect(play(add, { kind: "link-mtu", link: E0, mtu: 1400 }).links.at(-1)).toMatchObject({ mtu: 1400 });
    expect(play(add, { kind: "link-delete", link: E0 }).links.map(({ name }) => name)).toEqual(["lo", "e1"]);
  });

  it("that is a VXLAN leaves room for its headers on the lower link (found by the differential test)", () => {
    const type = {
      kind: "vxlan",
      id: 1,
      local: ip("10.0.0.1"),
      lower: E0,
      port: 8472,
      isLearning: false,
    } as const;
    const vxlan: Link = { ...ethernet("vx0", 9), type };
    const host = play({ kind: "link-add", link: vxlan });
    expect(host.links.at(-1)).toMatchObject({ mtu: 1450 });
    expect(refusalOf(host, { kind: "link-mtu", link: vxlan.name, mtu: 1451 })).toBe(
      "RTNETLINK answers: Invalid argument",
    );
  });

  it("that is a bridge takes the lowest Ethernet address and the least MTU of its ports", () => {
    const bridge: Link = { ...ethernet("br0", 0), type: { kind: "bridge", isVlanAware: false }, mac: null };
    const ports: Operation[] = [E0, E1].map((link) => ({ kind: "link-master", link, master: BR0 }));
    const host = play(
      { kind: "link-add", link: bridge },
      { kind: "link-mtu", link: E1, mtu: 1400 },
      ...ports,
    );
    expect(host.links.at(-1)).toMatchObject({ mac: "02:00:00:00:00:01", mtu: 1400 });
    const released = play({ kind: "link-add", link: bridge }, ...ports, { kind: "link-delete", link: BR0 });
    expect(released.links.map(({ master }) => master)).toEqual([null, null, null]);
  });

  it.each([
    ["an unknown link", { kind: "link-up", link: linkName("e9") }, 'Cannot find device "e9"'],
    ["an MTU below 68", { kind: "link-mtu", link: E0, mtu: 67 }, "Error: mtu less than device minimum."],
    [
      "an MTU above 65535",
      { kind: "link-mtu", link: E0, mtu: 65536 },
      "Error: mtu greater than device maximum.",
    ],
    [
      "a group address",
      { kind: "link-mac", link: E0, mac: mac([3, 0, 0, 0, 0, 1]) },
      "RTNETLINK answers: Cannot assign requested address",
    ],
    [
      "a master that is none",
      { kind: "link-master", link: E0, master: E1 },
      "RTNETLINK answers: Operation not supported",
    ],
    [
      "deletion of the loopback",
      { kind: "link-delete", link: LO },
      "RTNETLINK answers: Operation not supported",
    ],
    ["a link that is there", { kind: "link-add", link: ethernet("e0", 7) }, "RTNETLINK answers: File exists"],
  ] as const)("refuses %s", (_, next, message) => {
    expect(refusalOf(BARE, next)).toBe(message);
  });
});

describe("a sysctl", () => {
  it("ip_forward sets forwarding of every link and of links to come", () => {
    const host = play(sysctl("ip_forward", 1));
    expect(
      ["conf.all.forwarding", "conf.default.forwarding", "conf.e0.forwarding"].map((key) =>
        host.sysctls.get(key),
      ),
    ).toEqual([1, 1, 1]);
  });

  it("ip_forward takes the acceptance of redirects away and gives it back, and writing it again does neither", () => {
    const accepts = (...operations: readonly Operation[]): number | undefined =>
      play(...operations).sysctls.get("conf.all.accept_redirects");
    const on = sysctl("ip_forward", 1);
    expect(accepts(on)).toBe(0);
    expect(accepts(on, sysctl("ip_forward", 0))).toBe(1);
    expect(accepts(on, sysctl("conf.all.accept_redirects", 1), on)).toBe(1);
  });

  it("conf.all.forwarding is ip_forward by another name, and a second write changes nothing", () => {
    const host = play(
      sysctl("conf.all.forwarding", 1),
      sysctl("conf.e0.forwarding", 0),
      sysctl("ip_forward", 1),
    );
    expect(host.sysctls.get("conf.e0.forwarding")).toBe(0);
  });

  it("a default reaches links without address, and leaves the others", () => {
    const host = play(address("10.0.0.1/8"), sysctl("conf.default.rp_filter", 1));
    expect([host.sysctls.get("conf.e0.rp_filter"), host.sysctls.get("conf.e1.rp_filter")]).toEqual([0, 1]);
  });

  it("a default that the kernel keeps for new links leaves all as they are (found by the differential test)", () => {
    const host = play(sysctl("conf.default.promote_secondaries", 1));
    expect(host.sysctls.get("conf.e1.promote_secondaries")).toBe(0);
  });

  it("of an unknown link is refused", () => {
    const message = "sysctl: cannot stat /proc/sys/net/ipv4/conf/e9/rp_filter: No such file or directory";
    expect(refusalOf(BARE, sysctl("conf.e9.rp_filter", 1))).toBe(message);
  });
});

describe("neighbours, forwarding entries and rules", () => {
  const entry = (last: number, state: string): Operation => ({
    kind: "neighbour-replace",
    neighbour: { link: E0, ip: ip(`10.0.0.${last}`), mac: mac([2, 0, 0, 0, 0, last]), state, isProxy: false },
  });

  it("flush leaves permanent and noarp entries", () => {
    const host = play(up(), entry(1, "permanent"), entry(2, "stale"), entry(3, "noarp"), {
      kind: "neighbour-flush",
      link: null,
    });
    expect(host.neighbours.map(({ state }) => state)).toEqual(["permanent", "noarp"]);
  });

  it("what is not there cannot be deleted", () => {
    const rule = { ...BARE.rules[1], priority: 5 } as Host["rules"][number];
    expect(refusalOf(BARE, { kind: "neighbour-delete", link: E0, ip: ip("10.0.0.1") })).toBe(
      "RTNETLINK answers: No such file or directory",
    );
    expect(refusalOf(BARE, { kind: "rule-delete", rule })).toBe(
      "RTNETLINK answers: No such file or directory",
    );
  });

  it("a wider rule is refused beside a narrower one (found by the differential test)", () => {
    const rule = {
      ...BARE.rules[1],
      priority: 10,
      from: network("10.0.0.0/8"),
      to: network("10.0.0.0/24"),
    } as Host["rules"][number];
    const host = play({ kind: "rule-add", rule });
    expect(refusalOf(host, { kind: "rule-add", rule: { ...rule, from: null } })).toBe(
      "RTNETLINK answers: File exists",
    );
    expect(
      refusalOf(play({ kind: "rule-add", rule: { ...rule, from: null } }), { kind: "rule-add", rule }),
    ).toBeNull();
  });

  it("a rule stands behind those of its priority and is refused twice", () => {
    const rule = { ...BARE.rules[1], priority: 0 } as Host["rules"][number];
    const host = play({ kind: "rule-add", rule });
    expect(host.rules.map(({ priority }) => priority)).toEqual([0, 0, 32766, 32767]);
    expect(host.rules[1]).toBe(rule);
    expect(refusalOf(host, { kind: "rule-add", rule })).toBe("RTNETLINK answers: File exists");
  });
});

it("an operation that changes nothing gives the same host", () => {
  const host = play(up());
  const again = applyOperation(host, up());
  expect(again.ok && again.value).toBe(host);
});
