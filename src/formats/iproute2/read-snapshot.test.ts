import { describe, expect, it } from "vitest";
import { formatIPv4, formatPrefix } from "#ip/index.js";
import type { ConfigurationTree, Host, Issue, Link } from "#model/index.js";
import { hostId } from "#model/index.js";
import { readSnapshot } from "./index.js";

const LINK = {
  ifname: "e0",
  flags: ["BROADCAST", "UP", "LOWER_UP"],
  mtu: 1500,
  link_type: "ether",
  address: "02:00:00:00:00:01",
  promiscuity: 0,
};
const INET = {
  family: "inet",
  local: "10.0.0.1",
  prefixlen: 8,
  broadcast: "10.255.255.255",
  scope: "global",
  label: "e0",
};

const GOOD: Readonly<Record<string, string>> = {
  "wiring.json": '{"segments": {"main": [["a", "e0"]]}}',
  "hosts/a/addr.json": JSON.stringify([{ ...LINK, addr_info: [INET] }]),
  "hosts/a/route.json": JSON.stringify([
    {
      type: "local",
      dst: "10.0.0.1",
      dev: "e0",
      table: "local",
      protocol: "kernel",
      scope: "host",
      prefsrc: "10.0.0.1",
      flags: [],
    },
  ]),
  "hosts/a/rule.json":
    '[{"priority":0,"src":"all","table":"local"},{"priority":32766,"src":"all","table":"main"}]',
  "hosts/a/neigh.json": "[]",
  "hosts/a/sysctl.txt": "net.ipv4.ip_forward = 1\n",
};

function tree(files: Readonly<Record<string, string>>): ConfigurationTree {
  return {
    read: (path) => files[path] ?? null,
    list: (folder) =>
      Object.keys(files)
        .filter((path) => path.startsWith(`${folder}/`))
        .sort(),
  };
}

function without(path: string): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(GOOD).filter(([name]) => name !== path));
}

function hostOf(files: Readonly<Record<string, string>>): Host {
  const reading = readSnapshot(tree(files));
  const host = reading.ok ? reading.value.snapshot.hosts.get(hostId("a")) : undefined;
  if (host === undefined) throw new Error(JSON.stringify(reading));
  return host;
}

function issuesOf(files: Readonly<Record<string, string>>): readonly Issue[] {
  const reading = readSnapshot(tree(files));
  return reading.ok ? reading.value.issues : reading.error;
}

function addressOf(links: unknown): Readonly<Record<string, string>> {
  return { ...GOOD, "hosts/a/addr.json": JSON.stringify(links) };
}

function routesOf(...routes: readonly unknown[]): Readonly<Record<string, string>> {
  return {
    ...GOOD,
    "hosts/a/route.json": JSON.stringify([
      { type: "local", dst: "10.0.0.1", dev: "e0", table: "local" },
      ...routes,
    ]),
  };
}

describe("a whole directory", () => {
  it("is a snapshot with nothing to say", () => {
    const reading = readSnapshot(tree(GOOD));
    expect(reading.ok && reading.value.issues).toEqual([]);
    const host = hostOf(GOOD);
    expect(host.links[0]).toMatchObject({
      name: "e0",
      type: { kind: "ethernet" },
      mac: "02:00:00:00:00:01",
      isUp: true,
      hasCarrier: true,
    });
    expect(host.addresses[0]).toMatchObject({ length: 8, scope: "global", isSecondary: false });
    expect(host.sysctls.get("ip_forward")).toBe(1);
    expect(host.unmodelled).toEqual([]);
  });

  it("may have empty objects where old versions of ip print them", () => {
    expect(hostOf(addressOf([{}, { ...LINK, addr_info: [{}, INET] }])).addresses).toHaveLength(1);
  });
});

describe("a missing file is unknown, not empty", () => {
  it.each(["addr", "route", "rule", "neigh"])("%s.json", (kind) => {
    const host = hostOf(without(`hosts/a/${kind}.json`));
    expect(host.unmodelled.map(({ code, source }) => [code, source?.file])).toEqual([
      ["iproute2/missing-file", `hosts/a/${kind}.json`],
    ]);
  });

  it("sysctl.txt", () => {
    expect(hostOf(without("hosts/a/sysctl.txt")).unmodelled[0]?.message).toBe(
      "Expected `hosts/a/sysctl.txt`, found no such file; what it would say is unknown.",
    );
  });

  it("addr.json: the links that the wiring names are there, and what reaches them is unknown", () => {
    expect(hostOf(without("hosts/a/addr.json")).links).toMatchObject([
      { name: "e0", type: { kind: "other", name: "unknown" } },
    ]);
  });

  it("fdb.json, only where a bridge or VXLAN link needs it", () => {
    const bridge = { ...LINK, linkinfo: { info_kind: "bridge", info_data: { vlan_filtering: 0 } } };
    expect(hostOf(addressOf([bridge])).unmodelled.map(({ source }) => source?.file)).toEqual([
      "hosts/a/fdb.json",
    ]);
  });
});

describe("what is wrong is an error with its place", () => {
  type Case = readonly [
    title: string,
    files: Readonly<Record<string, string>>,
    expected: readonly [code: string, place: string, message: string],
  ];
  it.each<Case>([
    [
      "half a JSON",
      { ...GOOD, "hosts/a/neigh.json": '[{"dst":"10.0.0.2",\n "dev":' },
      ["iproute2/not-json", "hosts/a/neigh.json:2:8", "Expected JSON, found the end of the file."],
    ],
    [
      "a stray word",
      { ...GOOD, "hosts/a/rule.json": "[\n oops]" },
      ["iproute2/not-json", "hosts/a/rule.json:2:2", "Expected JSON, found `oops]`."],
    ],
    [
      "binary",
      { ...GOOD, "hosts/a/route.json": "[]\n\u0000\ufffd" },
      ["iproute2/not-text", "hosts/a/route.json:2:1", "Expected text, found bytes that are no UTF-8 text."],
    ],
    [
      "an empty file",
      { ...GOOD, "hosts/a/route.json": "" },
      [
        "iproute2/empty-file",
        "hosts/a/route.json:1:1",
        "Expected output of `ip`, `bridge` or `nft`, found an empty file.",
      ],
    ],
    [
      "a wrong type",
      { ...GOOD, "hosts/a/addr.json": '[{"ifname": "e0", "flags": [],\n "mtu": "x"}]' },
      [
        "iproute2/wrong-shape",
        "hosts/a/addr.json:2:9",
        "Expected the output that docs/formats/iproute2.md shows; at `0.mtu`: Invalid input: expected number, received string.",
      ],
    ],
    [
      "an unknown host",
      { ...GOOD, "wiring.json": '{"segments": {"main": [["a", "e0"],\n ["b", "e0"]]}}' },
      [
        "iproute2/unknown-host",
        "wiring.json:2:3",
        "Expected a host of the snapshot in segment `main`, found `b`, which has no folder below `hosts`.",
      ],
    ],
    [
      "an unknown link",
      { ...GOOD, "wiring.json": '{"segments": {"main": [["a", "e9"]]}}' },
      ["iproute2/unknown-link", "wiring.json:1:30", "Expected a link of host `a`, found `e9`."],
    ],
    [
      "a port twice",
      { ...GOOD, "wiring.json": '{"segments": {"m": [["a", "e0"]], "n": [["a", "e0"]]}}' },
      [
        "iproute2/port-twice",
        "wiring.json:1:41",
        "Expected each port in one segment, found `a` `e0` again; it is in segment `m`.",
      ],
    ],
    [
      "a segment twice",
      { ...GOOD, "wiring.json": '{"segments": {"m": [], "m": []}}' },
      ["iproute2/duplicate-key", "wiring.json:1:24", "Expected each key once, found `m` a second time."],
    ],
    [
      "a segment that is called `__proto__`",
      { ...GOOD, "wiring.json": '{"segments": {"main": [["a", "e0"]],\n "__proto__": [["b", "e0"]]}}' },
      [
        "iproute2/unreadable-key",
        "wiring.json:2:2",
        "Expected a name as a key, found `__proto__`, which JavaScript keeps for itself.",
      ],
    ],
    [
      "a rule's selector that is called `__proto__`, spelt with an escape",
      { ...GOOD, "hosts/a/rule.json": '[{"priority":0,"\\u005f_proto__":"x","table":"main"}]' },
      [
        "iproute2/unreadable-key",
        "hosts/a/rule.json:1:16",
        "Expected a name as a key, found `__proto__`, which JavaScript keeps for itself.",
      ],
    ],
    [
      "a wrong value beside a key `constructor`",
      { ...GOOD, "hosts/a/addr.json": '[{"constructor": null, "ifname": 1}]' },
      [
        "iproute2/wrong-shape",
        "hosts/a/addr.json:1:34",
        "Expected the output that docs/formats/iproute2.md shows; at `0.ifname`: Invalid input: expected string, received number.",
      ],
    ],
    [
      "no wiring",
      without("wiring.json"),
      [
        "iproute2/missing-wiring",
        "wiring.json:1:1",
        "Expected `wiring.json` in the snapshot directory, found no such file.",
      ],
    ],
    [
      "no hosts",
      { "wiring.json": '{"segments": {}}' },
      ["iproute2/no-hosts", "hosts:1:1", "Expected at least one host as `hosts/NAME/addr.json`, found none."],
    ],
    [
      "a link twice",
      addressOf([LINK, LINK]),
      [
        "iproute2/duplicate-link",
        "hosts/a/addr.json:1:1",
        "Expected each link once, found `e0` a second time.",
      ],
    ],
    [
      "no number",
      { ...GOOD, "hosts/a/sysctl.txt": "net.ipv4.ip_forward = on" },
      ["iproute2/bad-value", "hosts/a/sysctl.txt:1:1", "Expected a number, found `on`."],
    ],
    [
      "no sysctl",
      { ...GOOD, "hosts/a/sysctl.txt": "\nhello" },
      ["iproute2/bad-line", "hosts/a/sysctl.txt:2:1", "Expected a line `key = value`, found `hello`."],
    ],
    [
      "a bad address",
      addressOf([{ ...LINK, addr_info: [{ ...INET, local: "10.0.0" }] }]),
      ["iproute2/bad-value", "hosts/a/addr.json:1:1", "Expected an IPv4 address, found `10.0.0`."],
    ],
  ])("%s", (_, files, expected) => {
    const [first] = issuesOf(files);
    const source = first?.source ?? null;
    expect([first?.code, `${source?.file}:${source?.line}:${source?.column}`, first?.message]).toEqual(
      expected,
    );
    expect(readSnapshot(tree(files)).ok).toBe(false);
    expect(first?.hint).not.toBe("");
  });

  it("an empty directory", () => {
    expect(issuesOf({})).toEqual([
      {
        code: "iproute2/empty-directory",
        severity: "error",
        message:
          "Expected a snapshot directory with `wiring.json` and `hosts/NAME/addr.json`, found neither.",
        source: null,
        hint: "Name a directory that `pointsman collect` wrote, or write one as docs/formats/iproute2.md shows.",
      },
    ]);
  });
});

describe("IPv6", () => {
  const withIPv6 = (local: string, scope: string): Readonly<Record<string, string>> =>
    addressOf([{ ...LINK, addr_info: [INET, { family: "inet6", local, prefixlen: 64, scope }] }]);

  it("link-local addresses are passed over in silence", () => {
    expect(issuesOf(withIPv6("fe80::1", "link"))).toEqual([]);
  });

  it("global addresses give one note, and leave IPv4 verdicts alone", () => {
    const files = withIPv6("2001:db8::1", "global");
    expect(issuesOf(files).map(({ code, severity }) => [code, severity])).toEqual([
      ["iproute2/ipv6", "unmodelled"],
    ]);
    expect(hostOf(files).unmodelled).toEqual([]);
  });

  it("routes are passed over, the default among them", () => {
    const files = routesOf(
      { dst: "default", gateway: "fe80::1", dev: "e0" },
      { dst: "2001:db8::/64", dev: "e0" },
      { dst: "default", dev: "e0", pref: "medium" },
    );
    expect(hostOf(files).routes).toHaveLength(1);
  });
});

describe("routes", () => {
  it("of type unicast in table main are what `ip` leaves unsaid", () => {
    const [route] = hostOf(
      routesOf({ dst: "10.2.0.0/16", gateway: "10.0.0.9", dev: "e0", flags: ["onlink"], metric: 5 }),
    ).routes;
    expect(route).toMatchObject({
      table: 254,
      type: "unicast",
      scope: "global",
      protocol: "boot",
      isOnlink: true,
      metric: 5,
    });
  });

  it.each<[string, unknown, readonly string[], number]>([
    [
      "several next hops",
      {
        dst: "10.3.0.0/16",
        nexthops: [
          { gateway: "10.0.0.3", dev: "e0" },
          { gateway: "10.0.0.4", dev: "e0" },
        ],
      },
      ["iproute2/multipath"],
      2,
    ],
    [
      "an IPv6 next hop",
      { dst: "10.3.0.0/16", via: { family: "inet6", host: "fe80::1" }, dev: "e0" },
      ["iproute2/ipv6-next-hop"],
      1,
    ],
    ["encapsulation", { dst: "10.3.0.0/16", encap: "mpls", dev: "e0" }, ["iproute2/encapsulation"], 2],
    ["an unknown type", { type: "nat", dst: "10.3.0.0/16" }, ["iproute2/route-type"], 1],
  ])("with %s make the host's verdicts unknown", (_, route, codes, count) => {
    const host = hostOf(routesOf(route));
    expect([host.unmodelled.map(({ code }) => code), host.routes.length]).toEqual([codes, count]);
  });

  it("of table local are derived from the addresses where they were not collected", () => {
    const host = hostOf({
      ...GOOD,
      "hosts/a/route.json":
        '[{"dst":"10.0.0.0/8","dev":"e0","protocol":"kernel","scope":"link","prefsrc":"10.0.0.1","flags":[]}]',
    });
    expect(
      host.routes.map(({ table, type, destination }) => [table, type, formatPrefix(destination)]),
    ).toEqual([
      [254, "unicast", "10.0.0.0/8"],
      [255, "local", "10.0.0.1/32"],
      [255, "broadcast", "10.255.255.255/32"],
    ]);
  });

  it("and rules agree on a table that has only a name, with one warning", () => {
    const rule = '[{"priority":5,"src":"10.0.0.0","srclen":8,"table":"vpn"}]';
    const files = { ...routesOf({ dst: "default", dev: "e0", table: "vpn" }), "hosts/a/rule.json": rule };
    const host = hostOf(files);
    const action = host.rules[0]?.action;
    expect(action).toEqual({ kind: "lookup", table: host.routes.at(-1)?.table, suppressPrefixLength: null });
    expect(issuesOf(files).map(({ code }) => code)).toEqual(["iproute2/named-table"]);
  });
});

describe("links", () => {
  const typeOf = (link: unknown, ...more: readonly unknown[]): Link["type"] | undefined =>
    hostOf(addressOf([link, ...more])).links[0]?.type;

  it.each<[string, unknown, unknown]>([
    ["veth", { info_kind: "veth" }, { kind: "ethernet" }],
    ["tap", { info_kind: "tun", info_data: { type: "tap" } }, { kind: "ethernet" }],
    ["macvlan bridge", { info_kind: "macvlan", info_data: { mode: "bridge" } }, { kind: "ethernet" }],
    [
      "vlan-aware bridge",
      { info_kind: "bridge", info_data: { vlan_filtering: 1 } },
      { kind: "bridge", isVlanAware: true },
    ],
    ["bond", { info_kind: "bond", info_data: { mode: "802.3ad" } }, { kind: "bond", mode: "802.3ad" }],
    ["wireguard", { info_kind: "wireguard" }, { kind: "other", name: "wireguard" }],
    [
      "vlan",
      { info_kind: "vlan", info_data: { protocol: "802.1Q", id: 10 } },
      { kind: "vlan", id: 10, lower: "lower" },
    ],
    [
      "QinQ",
      { info_kind: "vlan", info_data: { protocol: "802.1ad", id: 10 } },
      { kind: "other", name: "vlan" },
    ],
  ])("of kind %s", (_, linkinfo, type) => {
    expect(typeOf({ ...LINK, link: "lower", linkinfo })).toEqual(type);
  });

  it("of kind vxlan, as flannel makes it", () => {
    const info_data = { id: 1, local: "10.0.0.1", link: "e0", port: 8472, learning: false };
    const type = typeOf({ ...LINK, linkinfo: { info_kind: "vxlan", info_data } });
    expect(type?.kind === "vxlan" && { ...type, local: formatIPv4(type.local ?? (0 as never)) }).toEqual({
      kind: "vxlan",
      id: 1,
      local: "10.0.0.1",
      lower: "e0",
      port: 8472,
      isLearning: false,
    });
  });

  it("without details are what wiring and ports show, else unknown", () => {
    const { promiscuity: _, ...plain } = LINK;
    const files = addressOf([
      plain,
      { ...plain, ifname: "p0", master: "br0" },
      { ...plain, ifname: "br0" },
      { ...plain, ifname: "e0.10", link: "e0" },
      { ...plain, ifname: "flannel.1" },
    ]);
    expect(hostOf({ ...files, "hosts/a/fdb.json": "[]" }).links.map(({ type }) => type.kind)).toEqual([
      "ethernet",
      "ethernet",
      "bridge",
      "vlan",
      "other",
    ]);
  });
});

describe("filters", () => {
  it("a firewall rule makes the host's verdicts unknown, an empty ruleset does not", () => {
    const nft = (...entries: readonly unknown[]): Host =>
      hostOf({ ...GOOD, "hosts/a/nft.json": JSON.stringify({ nftables: [{ metainfo: {} }, ...entries] }) });
    expect(nft({ rule: { family: "inet" } }).unmodelled.map(({ code }) => code)).toEqual([
      "iproute2/firewall",
    ]);
    expect(nft({ chain: { family: "ip", policy: "accept" } }).unmodelled).toEqual([]);
  });
});

describe("plain output", () => {
  const PLAIN: Readonly<Record<string, string>> = {
    "wiring.json": GOOD["wiring.json"] ?? "",
    "hosts/a/addr.txt":
      "1: lo: <LOOPBACK,UP,LOWER_UP> mtu 65536 qdisc noqueue qlen 1000\n    link/loopback 00:00:00:00:00:00 brd 00:00:00:00:00:00\n    inet 127.0.0.1/8 scope host lo\n       valid_lft forever preferred_lft forever\n2: e0@if5: <BROADCAST,MULTICAST,UP,LOWER_UP> mtu 1500 qdisc noqueue master br0\n    link/ether 02:00:00:00:00:01 brd ff:ff:ff:ff:ff:ff link-netnsid 0\n    inet 10.1.0.1 peer 10.1.0.2/32 scope global e0\n    inet 10.0.0.1/8 brd 10.255.255.255 scope global secondary e0\n    inet6 fe80::1/64 scope link\n",
    "hosts/a/route.txt":
      "default via 10.0.0.9 dev e0 \n10.0.0.0/8 dev e0 scope link  src 10.0.0.1 \n10.3.0.0/16 \n\tnexthop via 10.0.0.3 dev e0 weight 1 \n\tnexthop via 10.0.0.4 dev e0 weight 1 \nblackhole 10.66.0.0/16 metric 5 \n",
    "hosts/a/rule.txt":
      "0:\tfrom all lookup local\n48:\tnot from 10.0.0.0/8 oif e1 lookup main suppress_prefixlength 0\n49:\tfrom all fwmark 0x1/0xff blackhole\n60:\tfrom all goto 70\n",
    "hosts/a/neigh.txt":
      "10.0.0.8 dev e0 lladdr 02:00:00:00:00:08 ref 1 used 0/0/0 probes 4 STALE\n10.0.0.9 dev e0  FAILED\n",
    "hosts/a/sysctl.txt":
      "net.ipv4.conf.eth0/100.rp_filter = 1\nnet.ipv4.conf.eth1.200.rp_filter = 2\nnet/ipv4/conf/eth2.300/rp_filter = 3\n",
  };

  it("of busybox is read like the JSON", () => {
    const host = hostOf(PLAIN);
    expect(host.links.map(({ name, type, master }) => [name, type.kind, master])).toEqual([
      ["lo", "loopback", null],
      ["e0", "ethernet", "br0"],
    ]);
    expect(
      host.addresses.map(({ length, peer, isSecondary, scope }) => [
        length,
        peer !== null,
        isSecondary,
        scope,
      ]),
    ).toEqual([
      [8, false, false, "host"],
      [32, true, false, "global"],
      [8, false, true, "global"],
    ]);
    expect(
      host.routes.filter(({ table }) => table === 254).map(({ type, metric }) => [type, metric]),
    ).toEqual([
      ["unicast", 0],
      ["unicast", 0],
      ["unicast", 0],
      ["blackhole", 5],
    ]);
    expect(host.rules.map(({ action, isInverted }) => [action.kind, isInverted])).toEqual([
      ["lookup", false],
      ["lookup", true],
      ["blackhole", false],
      ["unmodelled", false],
    ]);
    expect(host.neighbours.map(({ mac, state }) => [mac, state])).toEqual([
      ["02:00:00:00:00:08", "stale"],
      [null, "failed"],
    ]);
    expect([...host.sysctls]).toEqual([
      ["conf.eth0/100.rp_filter", 1],
      ["conf.eth1/200.rp_filter", 2],
      ["conf.eth2/300.rp_filter", 3],
    ]);
  });

  it.each(["addr", "route", "rule", "neigh"])(
    "of %s that is something else is an error with its line",
    (kind) => {
      const [first] = issuesOf({ ...PLAIN, [`hosts/a/${kind}.txt`]: "\n?!" });
      expect([first?.severity, first?.source]).toEqual([
        "error",
        {
          file: kind === "route" ? "hosts/a/route.txt" : `hosts/a/${kind}.txt`,
          line: kind === "route" ? 1 : 2,
          column: 1,
        },
      ]);
    },
  );
});
