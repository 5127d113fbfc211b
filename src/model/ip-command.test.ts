import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { formatIPv4, formatPrefix } from "#ip/index.js";
import { parseIpCommand } from "./ip-command.js";
import type { Operation } from "./kernel/operation.js";

function read(line: string): readonly Operation[] {
  const result = parseIpCommand(line.split(" "));
  if (!result.ok) throw new Error(result.error);
  return result.value;
}

function routeOf(line: string) {
  const [first] = read(line);
  if (first === undefined || !("route" in first) || first.kind === "route-delete")
    throw new Error("no route");
  const { route } = first;
  return {
    kind: first.kind,
    to: formatPrefix(route.destination),
    via: route.gateway === null ? null : formatIPv4(route.gateway),
    link: route.link,
    type: route.type,
    scope: route.scope,
    table: route.table,
    metric: route.metric,
    isOnlink: route.isOnlink,
    protocol: route.protocol,
  };
}

describe("parseIpCommand: routes", () => {
  it("gives a route through a gateway the defaults of iproute2", () => {
    expect(routeOf("ip route add 10.0.0.0/16 via 10.0.0.1")).toEqual({
      kind: "route-add",
      to: "10.0.0.0/16",
      via: "10.0.0.1",
      link: null,
      type: "unicast",
      scope: "global",
      table: 254,
      metric: 0,
      isOnlink: false,
      protocol: "boot",
    });
  });

  it.each([
    ["append", "route-append"],
    ["replace", "route-replace"],
    ["a", "route-add"],
  ])("reads `ip r %s` as %s", (action, kind) => {
    expect(
      routeOf(`/sbin/ip r ${action} default via 10.0.0.1 dev eth0 onlink metric 50 proto static`),
    ).toMatchObject({
      kind,
      to: "0.0.0.0/0",
      link: "eth0",
      isOnlink: true,
      metric: 50,
      protocol: "static",
    });
  });

  it("takes a route without gateway as scope link, and a host's own types to table local", () => {
    expect(routeOf("ip route add 10/8 dev eth0")).toMatchObject({ to: "10.0.0.0/8", scope: "link" });
    expect(routeOf("ip route add local 10.9.9.9 dev lo")).toMatchObject({
      type: "local",
      table: 255,
      scope: "host",
    });
    expect(routeOf("ip route add blackhole 10.42.0.0/16")).toMatchObject({
      type: "blackhole",
      link: null,
      scope: "global",
    });
  });

  it("keeps what a deletion does not name as null", () => {
    expect(read("ip route del 10.0.0.0/8 via 10.10.0.1")).toMatchObject([
      { kind: "route-delete", route: { table: 254, type: null, link: null, metric: null, scope: null } },
    ]);
  });

  it.each([
    [
      "ip route add 10.0.0.5/16 via 10.0.0.1",
      "`10.0.0.5/16` has bits set below its length, which the kernel refuses (`Invalid prefix for given prefix length`)",
    ],
    ["ip route add 10.0.0.0/16 via fe80::1", "`fe80::1` is IPv6, which is not modelled"],
    ["ip -6 route add default via fe80::1", "IPv6 is not modelled"],
    ["ip route add 10.0.0.0/16 nexthop via 10.0.0.1", "`nexthop` is not modelled here"],
    ["ip route add 10.0.0.0/16 via", "`via` has no value"],
    ["ip route add default table red", "table `red` is no number and not `main`, `local` or `default`"],
    ["ip route add via 10.0.0.1", "the route has no destination"],
    ["ip route flush table 5", "`ip route flush` is not modelled"],
    ["ip netns add x", "`ip netns` is not modelled"],
    ["ip", "the command is empty"],
  ])("refuses `%s` and says why", (line, message) => {
    expect(parseIpCommand(line.split(" "))).toEqual({ ok: false, error: message });
  });

  it("gives no operation for a command that only shows", () => {
    for (const line of [
      "ip route show",
      "ip addr",
      "ip link show dev eth0",
      "ip neigh list",
      "ip rule",
      "ip route flush cache",
    ])
      expect(read(line)).toEqual([]);
  });
});

describe("parseIpCommand: addresses, links, rules and neighbours", () => {
  it("computes the broadcast address of `brd +` and keeps the host bits", () => {
    const [add] = read("ip addr add 10.10.0.2/16 brd + dev eth0 label eth0:1");
    if (add?.kind !== "address-add") throw new Error("no address");
    expect(formatIPv4(add.address.ip)).toBe("10.10.0.2");
    expect(formatIPv4(add.address.broadcast ?? add.address.ip)).toBe("10.10.255.255");
    expect(add.address).toMatchObject({ link: "eth0", length: 16, scope: "global", peer: null });
  });

  it("takes the length of a point-to-point address from its peer and scope host for 127.0.0.0/8", () => {
    expect(read("ip addr add 10.0.0.1 peer 10.0.0.2/30 dev ppp0")).toMatchObject([
      { address: { length: 30 } },
    ]);
    expect(read("ip a a 127.0.0.2/8 dev lo")).toMatchObject([{ address: { scope: "host" } }]);
  });

  it("splits one `ip link set` into operations in the kernel's order", () => {
    expect(
      read("ip link set dev eth1 up mtu 9000 master br0 address 02:00:00:00:00:01").map((one) => one.kind),
    ).toEqual(["link-mac", "link-mtu", "link-master", "link-up"]);
  });

  it.each([
    ["ip link add link eth0 name eth0.100 type vlan id 100", { kind: "vlan", id: 100, lower: "eth0" }],
    ["ip link add br0 type bridge vlan_filtering 1", { kind: "bridge", isVlanAware: true }],
    ["ip link add dummy0 type dummy", { kind: "dummy" }],
    ["ip link add wg0 type wireguard", { kind: "other", name: "wireguard" }],
    [
      "ip link add vx type vxlan id 42 dstport 4789 nolearning",
      { kind: "vxlan", id: 42, local: null, lower: null, port: 4789, isLearning: false },
    ],
  ])("reads the type of `%s`", (line, type) => {
    expect(read(line)).toMatchObject([{ kind: "link-add", link: { type, isUp: false } }]);
  });

  it("gives a rule without priority the number that the caller says is free, else refuses", () => {
    const words = "ip rule add from 10.0.0.0/8 fwmark 0x8000/0xc000 lookup 100".split(" ");
    expect(parseIpCommand(words)).toEqual({ ok: false, error: "the rule has no number as `priority`" });
    expect(parseIpCommand(words, 32765)).toMatchObject({
      value: [
        {
          kind: "rule-add",
          rule: {
            priority: 32765,
            mark: { value: 0x8000, mask: 0xc000 },
            action: { kind: "lookup", table: 100 },
          },
        },
      ],
    });
  });

  it("keeps a rule with a selector outside the model as an unmodelled action", () => {
    expect(read("ip rule add pref 5 sport 53 table 9")).toMatchObject([
      { rule: { action: { kind: "unmodelled", text: "sport 53" } } },
    ]);
  });

  it("reads permanent and proxy neighbours and a flush", () => {
    expect(read("ip neigh add 10.0.0.1 lladdr 02:00:00:00:00:01 dev eth0")).toMatchObject([
      { neighbour: { state: "permanent", isProxy: false } },
    ]);
    expect(read("ip neigh add proxy 10.0.0.9 dev eth0")).toMatchObject([
      { neighbour: { mac: null, isProxy: true } },
    ]);
    expect(read("ip neigh flush dev eth0")).toEqual([{ kind: "neighbour-flush", link: "eth0" }]);
    expect(parseIpCommand("ip neigh add 10.0.0.1 dev eth0".split(" "))).toEqual({
      ok: false,
      error: "a permanent neighbour needs `lladdr`",
    });
  });

  it("never throws, whatever the words", () => {
    const vocabulary = fc.constantFrom(
      ..."ip route addr link rule neigh add del replace set flush dev via table to from type vlan vxlan id mtu 10.0.0.0/8 10.0.0.1 default eth0 0x1 up -6 -4 nud proxy".split(
        " ",
      ),
    );
    fc.assert(
      fc.property(fc.array(fc.oneof(vocabulary, fc.string())), (words) => {
        expect(typeof parseIpCommand(words).ok).toBe("boolean");
      }),
      { numRuns: 5000 },
    );
  });
});
