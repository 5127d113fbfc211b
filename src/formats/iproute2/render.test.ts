import { describe, expect, it } from "vitest";
import { type IPv4, mac, parseIPv4, parsePrefix } from "#ip/index.js";
import { DEFAULT_RULES, linkName, type Operation, operation, type Route } from "#model/index.js";
import { operationWords, renderOperation } from "./index.js";

const E0 = linkName("eth0");
const MAC = mac([2, 0, 0, 0, 0, 9]);

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

const ADDRESS = operation.address({
  link: E0,
  ip: ip("10.0.0.1"),
  length: 8,
  broadcast: ip("10.255.255.255"),
});
const ROUTE = operation.route({ destination: network("10.2.0.0/16"), gateway: ip("10.0.0.9") });
const KEY = {
  table: 254,
  destination: network("default"),
  type: null,
  gateway: null,
  link: null,
  metric: null,
  scope: null,
};
const ENTRY = {
  mac: MAC,
  link: linkName("flannel.1"),
  master: null,
  vlan: null,
  remote: ip("10.0.0.4"),
  isPermanent: true,
};
const PERMANENT = { link: E0, ip: ip("10.0.0.9"), mac: MAC, state: "permanent", isProxy: false };
const VXLAN = {
  kind: "vxlan",
  id: 1,
  local: ip("10.0.0.1"),
  lower: E0,
  port: 8472,
  isLearning: false,
} as const;
const LINK = {
  name: linkName("x0"),
  mac: null,
  mtu: 1500,
  isUp: false,
  hasCarrier: false,
  master: null,
  isNoArp: false,
  source: null,
};
const RULE = {
  ...DEFAULT_RULES[1],
  priority: 50,
  from: network("10.0.0.0/8"),
  mark: { value: 1, mask: 255 },
} as (typeof DEFAULT_RULES)[number];

describe("the command of an operation", () => {
  it.each<[string, Operation]>([
    ["ip addr add 10.0.0.1/8 brd + dev eth0", { kind: "address-add", address: ADDRESS }],
    [
      "ip addr add 10.0.0.1 peer 10.0.0.2/32 dev eth0 scope link noprefixroute",
      {
        kind: "address-add",
        address: {
          ...ADDRESS,
          peer: ip("10.0.0.2"),
          length: 32,
          broadcast: null,
          scope: "link",
          hasNoPrefixRoute: true,
        },
      },
    ],
    ["ip addr del 10.0.0.1/8 dev eth0", { kind: "address-delete", link: E0, ip: ip("10.0.0.1"), length: 8 }],
    [
      "ip addr del 10.0.0.1 peer 10.0.0.2/32 dev eth0",
      { kind: "address-delete", link: E0, ip: ip("10.0.0.1"), length: 32, peer: ip("10.0.0.2") },
    ],
    ["ip route add 10.2.0.0/16 via 10.0.0.9", { kind: "route-add", route: ROUTE }],
    [
      "ip route append 10.2.0.0/16 via 10.0.0.9 dev eth0 table 100 proto static metric 5 src 10.0.0.1 onlink",
      {
        kind: "route-append",
        route: {
          ...ROUTE,
          link: E0,
          table: 100,
          protocol: "static",
          metric: 5,
          preferredSource: ip("10.0.0.1"),
          isOnlink: true,
        },
      },
    ],
    [
      "ip route replace blackhole 10.2.0.0/16",
      {
        kind: "route-replace",
        route: operation.route({ destination: network("10.2.0.0/16"), type: "blackhole" }),
      },
    ],
    ["ip route del default", { kind: "route-delete", route: KEY }],
    [
      "ip route del unicast default via 10.0.0.9 dev eth0 scope global metric 5",
      {
        kind: "route-delete",
        route: { ...KEY, type: "unicast", gateway: ip("10.0.0.9"), link: E0, metric: 5, scope: "global" },
      },
    ],
    ["ip rule add from 10.0.0.0/8 fwmark 1/255 priority 50 lookup main", { kind: "rule-add", rule: RULE }],
    [
      "ip rule del from 10.0.0.0/8 fwmark 1/255 priority 50 prohibit",
      { kind: "rule-delete", rule: { ...RULE, action: { kind: "prohibit" } } },
    ],
    [
      "ip neigh replace 10.0.0.9 lladdr 02:00:00:00:00:09 dev eth0 nud permanent",
      { kind: "neighbour-replace", neighbour: PERMANENT },
    ],
    [
      "ip neigh replace proxy 10.0.0.9 dev eth0",
      { kind: "neighbour-replace", neighbour: { ...PERMANENT, isProxy: true } },
    ],
    ["ip neigh del 10.0.0.9 dev eth0", { kind: "neighbour-delete", link: E0, ip: ip("10.0.0.9") }],
    ["ip neigh flush dev eth0", { kind: "neighbour-flush", link: E0 }],
    ["ip neigh flush all", { kind: "neighbour-flush", link: null }],
    [
      "bridge fdb append 02:00:00:00:00:09 dev flannel.1 dst 10.0.0.4 self static",
      { kind: "fdb-append", entry: ENTRY },
    ],
    [
      "bridge fdb del 02:00:00:00:00:09 dev flannel.1 dst 10.0.0.4 self",
      { kind: "fdb-delete", entry: ENTRY },
    ],
    [
      "sysctl -w net.ipv4.conf.eth0/100.rp_filter=2",
      { kind: "sysctl", key: "conf.eth0/100.rp_filter", value: 2 },
    ],
    ["ip link set dev eth0 up", { kind: "link-up", link: E0 }],
    ["ip link set dev eth0 down", { kind: "link-down", link: E0 }],
    ["ip link set dev eth0 mtu 1400", { kind: "link-mtu", link: E0, mtu: 1400 }],
    ["ip link set dev eth0 address 02:00:00:00:00:09", { kind: "link-mac", link: E0, mac: MAC }],
    ["ip link set dev eth0 master br0", { kind: "link-master", link: E0, master: linkName("br0") }],
    ["ip link set dev eth0 nomaster", { kind: "link-master", link: E0, master: null }],
    ["ip link del dev eth0", { kind: "link-delete", link: E0 }],
    [
      "ip link add name x0 mtu 1500 type bridge",
      { kind: "link-add", link: { ...LINK, type: { kind: "bridge", isVlanAware: false } } },
    ],
    [
      "ip link add link eth0 name x0 mtu 1500 type vlan id 10",
      { kind: "link-add", link: { ...LINK, type: { kind: "vlan", id: 10, lower: E0 } } },
    ],
    [
      "ip link add name x0 mtu 1500 type vxlan id 1 local 10.0.0.1 dev eth0 dstport 8472 nolearning",
      { kind: "link-add", link: { ...LINK, type: VXLAN } },
    ],
    ["ip link set dev 'a;reboot $(id)'\\''\"' up", { kind: "link-up", link: linkName("a;reboot $(id)'\"") }],
  ])("%s", (command, given) => {
    expect(renderOperation(given)).toBe(command);
  });
});

describe("operationWords", () => {
  it("gives the words of the command as they are, none of them quoted", () => {
    const named = linkName("$(touch x)");
    expect(operationWords({ kind: "link-up", link: named })).toEqual([
      "ip",
      "link",
      "set",
      "dev",
      "$(touch x)",
      "up",
    ]);
    expect(operationWords({ kind: "sysctl", key: "ip_forward", value: 1 })).toEqual([
      "sysctl",
      "-w",
      "net.ipv4.ip_forward=1",
    ]);
  });

  it("has none for what only a person can do", () => {
    expect(operationWords({ kind: "etcd-peer", ip: ip("10.0.0.1") })).toBeNull();
  });
});
