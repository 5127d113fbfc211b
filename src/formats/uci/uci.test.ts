import { describe, expect, it } from "vitest";
import { formatIPv4, formatPrefix } from "#ip/index.js";
import type { ConfigurationTree, HostConfiguration, Operation } from "#model/index.js";
import { parseUci, readStaticLeases, readUci, renderUci } from "./index.js";

function treeOf(files: Readonly<Record<string, string>>): ConfigurationTree {
  const map = new Map(Object.entries(files));
  return { read: (path) => map.get(path) ?? null, list: () => [...map.keys()] };
}

function network(text: string): HostConfiguration {
  return readUci(treeOf({ network: text }), "network");
}

function describeOperation(one: Operation): string {
  switch (one.kind) {
    case "address-add":
      return `address ${formatIPv4(one.address.ip)}/${one.address.length} dev ${one.address.link}`;
    case "route-replace":
      return `route ${formatPrefix(one.route.destination)}${one.route.gateway === null ? "" : ` via ${formatIPv4(one.route.gateway)}`} dev ${one.route.link} metric ${one.route.metric} table ${one.route.table}${one.route.isOnlink ? " onlink" : ""}`;
    case "route-delete":
      return `no route ${formatPrefix(one.route.destination)} dev ${one.route.link}`;
    case "link-add":
      return `add ${one.link.name} ${one.link.type.kind}`;
    case "link-up":
      return `up ${one.link}`;
    case "link-master":
      return `master ${one.link} ${one.master}`;
    case "sysctl":
      return `sysctl ${one.key}=${one.value}`;
    case "bridge-vlan-add":
      return `${one.link}: vlan ${one.vlan}${one.isPvid ? " pvid" : ""}${one.isUntagged ? " untagged" : ""}${one.isSelf ? " self" : ""}`;
    case "bridge-vlan-delete":
      return `${one.link}: no vlan ${one.vlan}${one.isSelf ? " self" : ""}`;
    default:
      return one.kind;
  }
}

function story(configuration: HostConfiguration): readonly string[] {
  return configuration.steps.map((step) => describeOperation(step.operation));
}

function codes(configuration: HostConfiguration): readonly string[] {
  return configuration.issues.map((issue) => issue.code);
}

describe("parseUci", () => {
  it("keeps a quoted # as data and takes one behind white space as a comment", () => {
    const { sections, issues } = parseUci("config x\n list server '::1#2053' # note\n", "f");
    expect(sections[0]?.options[0]?.values.map((value) => value.text)).toEqual(["::1#2053"]);
    expect(issues).toEqual([]);
  });

  it("ends a bare word at # as libuci does, and says so", () => {
    const { sections, issues } = parseUci("config x\n option server 127.0.0.1#53\n", "f");
    expect(sections[0]?.options[0]?.values[0]?.text).toBe("127.0.0.1");
    expect(issues).toMatchObject([{ code: "uci/comment-in-word", source: { line: 2, column: 25 } }]);
  });

  it("joins quoted parts of one word and knows the backslash outside single quotes", () => {
    const { sections } = parseUci(
      "config x\n option a 'it'\\''s'\n option b \"a\\\"b\"\n option c 'a\\b'\n option d on\\\ne\n",
      "f",
    );
    expect(sections[0]?.options.map((option) => option.values[0]?.text)).toEqual([
      "it's",
      'a"b',
      "a\\b",
      "one",
    ]);
  });

  it("keeps line and column of each value, CRLF or not", () => {
    const { sections } = parseUci("\r\nconfig interface 'lan'\r\n\toption ipaddr '10.0.0.1'\r\n", "net");
    expect(sections[0]?.options[0]?.values[0]?.source).toEqual({ file: "net", line: 3, column: 16 });
  });

  it("lets a later option replace an earlier one, an empty one unset it, and a list collect", () => {
    const { sections } = parseUci(
      "config x 'n'\noption a 1\noption a 2\noption b 1\noption b ''\noption l 1\nlist l 2\nconfig x 'n'\nlist l 3\n",
      "f",
    );
    expect(sections).toHaveLength(1);
    expect(
      sections[0]?.options.map((option) => [
        option.name,
        option.isList,
        option.values.map((value) => value.text),
      ]),
    ).toEqual([
      ["a", false, ["2"]],
      ["l", true, ["1", "2", "3"]],
    ]);
  });

  it.each([
    ["option a 1", "Expected `config` before the first option, found `option`; the line is left out."],
    ["config", "Expected `config TYPE` with or without a name, found less; the line is left out."],
    ["config x 'a-b'", "Expected a name of letters, digits and `_`, found `a-b`; the line is left out."],
    ["config x y z", "Expected nothing behind the name, found `z`; the line is left out."],
    [
      "config x\noption a 1 2",
      "Expected `option NAME VALUE` and nothing behind it, found `2`; the line is left out.",
    ],
    [
      "config x\noption a 'b",
      "Expected a quote that ends on its line, found a quote without end; the line is left out.",
    ],
    [
      "config x\nfoo bar",
      "Expected `package`, `config`, `option` or `list`, found `foo`; the line is left out.",
    ],
  ])("leaves out the bad line of %j, says why and goes on", (text, message) => {
    const { issues, sections } = parseUci(`${text}\nconfig last\n`, "f");
    expect(issues.map((issue) => issue.message)).toEqual([message]);
    expect(sections.at(-1)?.type).toBe("last");
  });

  it("does not give the options of a section that could not be read to the section before", () => {
    const { sections } = parseUci("config x 'a'\noption k 1\nconfig x 'b-c'\noption k 2\n", "f");
    expect(sections[0]?.options[0]?.values[0]?.text).toBe("1");
  });

  it("stops listing after a thousand bad lines", () => {
    const { issues } = parseUci("x\n".repeat(5000), "f");
    expect(issues).toHaveLength(1001);
    expect(issues.at(-1)?.message).toBe(
      "Expected a UCI file, found 4000 more lines like the ones above; the last is here.",
    );
  });

  it("is written back so that it reads the same", () => {
    const text =
      "config device\n\toption name 'br-lan'\n\tlist ports 'lan1'\n\tlist ports 'it'\\''s'\n\nconfig interface 'lan'\n\toption proto 'dhcp'\n";
    expect(renderUci(parseUci(text, "f"))).toBe(text);
  });
});

describe("readUci: network", () => {
  it("brings up a bridge with its ports, the addresses and the default route, replacing and not onlink", () => {
    const read = network(`config device
  option name br-lan
  option type bridge
  list ports lan1
config interface lan
  option device br-lan
  option proto static
  option ipaddr 10.0.0.1
  option netmask 255.255.0.0
  option gateway 10.0.0.254
`);
    expect(story(read)).toEqual([
      "sysctl ip_forward=1",
      "add br-lan bridge",
      "up lan1",
      "master lan1 br-lan",
      "up br-lan",
      "address 10.0.0.1/16 dev br-lan",
      "route 0.0.0.0/0 via 10.0.0.254 dev br-lan metric 0 table 254",
    ]);
    expect(read.steps.at(-1)).toMatchObject({
      unit: "interface lan",
      onRefusal: "continue",
      source: { line: 10, column: 18 },
    });
    expect(read.issues).toEqual([]);
  });

  it("moves the connected route to the metric of the interface, and to its table with rules", () => {
    const read = network(
      "config interface w\noption device eth1\noption proto static\nlist ipaddr 10.1.0.1/24\noption metric 10\n",
    );
    expect(story(read).slice(2)).toEqual([
      "address 10.1.0.1/24 dev eth1",
      "no route 10.1.0.0/24 dev eth1",
      "route 10.1.0.0/24 dev eth1 metric 10 table 254",
    ]);
    const tabled = network(
      "config interface w\noption device eth1\noption proto static\nlist ipaddr 10.1.0.1/24\noption ip4table 100\n",
    );
    expect(story(tabled).slice(-3)).toEqual([
      "route 10.1.0.0/24 dev eth1 metric 0 table 100",
      "rule-add",
      "rule-add",
    ]);
    expect(codes(tabled)).toEqual(["uci/ip4table"]);
  });

  it("reads the bridges, VLANs and lists of older files, each address once", () => {
    const read = network(
      "config interface lan\noption type bridge\noption ifname 'eth0.1 eth1'\noption proto static\nlist ipaddr 10.0.0.1/8\nlist ipaddr 10.0.0.1/8\n",
    );
    expect(story(read).slice(1)).toEqual([
      "add br-lan bridge",
      "up eth0",
      "add eth0.1 vlan",
      "up eth0.1",
      "master eth0.1 br-lan",
      "up eth1",
      "master eth1 br-lan",
      "up br-lan",
      "address 10.0.0.1/8 dev br-lan",
    ]);
  });

  it("takes an address under another protocol than static as left over", () => {
    const read = network(
      "config interface lan\noption device eth0\noption proto dhcp\noption ipaddr 10.0.0.1\n",
    );
    expect(story(read)).toEqual(["sysctl ip_forward=1", "up eth0"]);
    expect(read.dynamicLinks).toMatchObject([{ link: "eth0", protocol: "dhcp" }]);
    expect(codes(read)).toEqual(["uci/stale-address"]);
  });

  it("follows @ to the device of another interface and names dialled links by protocol", () => {
    const read = network(
      "config interface w6\noption device @wan\noption proto dhcpv6\nconfig interface wan\noption device eth1\noption proto pppoe\n",
    );
    expect(read.dynamicLinks.map((one) => `${one.link} ${one.protocol}`)).toEqual([
      "pppoe-wan dhcpv6",
      "pppoe-wan pppoe",
    ]);
  });

  it("reports a template in an address and never guesses", () => {
    const read = network(
      "config interface lan\noption device eth0\noption proto static\noption ipaddr 172.17.<n>.1\noption netmask 255.255.255.0\n",
    );
    expect(story(read)).toEqual(["sysctl ip_forward=1", "up eth0"]);
    expect(read.issues.map((issue) => issue.message)).toEqual([
      "Expected an IPv4 address as `ipaddr` of `interface lan`, found `172.17.<n>.1`; it is left out.",
    ]);
  });

  it("installs routes with their interface: longest first, host bits cleared, onlink only where it is said", () => {
    const read = network(`config interface lan
 option device eth0
 option proto static
 option ipaddr 10.10.0.2/16
config route
 option interface lan
 option target 10.0.0.5/8
 option gateway 10.10.0.1
config route
 option interface lan
 option target 10.11.0.0
 option netmask 255.255.0.0
 option gateway 10.0.0.1
 option onlink 1
 option metric 7
`);
    expect(story(read).slice(3)).toEqual([
      "route 10.11.0.0/16 via 10.0.0.1 dev eth0 metric 7 table 254 onlink",
      "route 10.0.0.0/8 via 10.10.0.1 dev eth0 metric 0 table 254",
    ]);
  });

  it.each([
    ["config route\noption target 10.0.0.0/8\noption interface gone\n", ["uci/route-interface"]],
    ["config route\noption test 1\n", ["uci/missing-option"]],
    [
      "config interface g\noption proto static\noption ipaddr 10.9.9.9/24\noption disabled 1\n",
      ["uci/not-at-boot"],
    ],
    ["config interface g\noption proto none\noption auto 0\n", ["uci/not-at-boot"]],
    ["config interface g\nlist addresses 10.0.0.2\n", ["uci/no-protocol", "uci/unknown-option"]],
    ["config interface g\noption proto dhcp\n", ["uci/no-device"]],
    ["config interface g\noption proto ncm\noption device /dev/ttyUSB0\n", ["uci/bad-device"]],
    ["config interface g\noption proto static\noption device eth0\n", ["uci/no-address"]],
    ["config switch_vlan\noption vlan 1\noption ports '0 6t'\n", ["uci/switch-vlan"]],
    [
      "config device\noption name a\noption type 8021q\noption ifname b\noption vid 2\nconfig device\noption name b\noption type 8021q\noption ifname a\noption vid 3\nconfig interface x\noption device a\noption proto none\n",
      ["uci/device-nesting"],
    ],
    ["config rule\noption lookup 100\n", ["uci/rule"]],
    ["config firewall\n", ["uci/unknown-section"]],
  ])("reports what has no effect or is not modelled: %j", (text, expected) => {
    expect(codes(network(text))).toEqual(expected);
  });

  it("warns where two interfaces have the same default route, since netifd replaces", () => {
    const one = (name: string, net: number) =>
      `config interface ${name}\noption device eth${net}\noption proto static\noption ipaddr 10.${net}.0.2/24\noption gateway 10.${net}.0.1\n`;
    expect(codes(network(one("a", 1) + one("b", 2)))).toEqual(["uci/same-default-route"]);
  });

  it("makes each port of a bridge-vlan a port of the filtering bridge and a member of the VLAN", () => {
    const read = network(
      "config device\noption name br\noption type bridge\nconfig bridge-vlan\noption device br\noption vlan 69\nlist ports 'eth0:t' # trunk\nconfig interface x\noption device br.69\noption proto none\n",
    );
    expect(story(read).slice(1)).toEqual([
      "add br bridge",
      "br: no vlan 1 self",
      "br: vlan 69 self",
      "up eth0",
      "master eth0 br",
      "eth0: no vlan 1",
      "eth0: vlan 69",
      "up br",
      "add br.69 vlan",
      "up br.69",
    ]);
    expect(codes(read)).toEqual([]);
  });

  it("makes the first untagged VLAN of a port its PVID, and each that has a star", () => {
    const vlan = (id: string, ports: string, more = ""): string =>
      `config bridge-vlan\noption device br\noption vlan ${id}\n${more}${ports
        .split(" ")
        .map((port) => `list ports '${port}'\n`)
        .join("")}`;
    const read = network(
      `config device\noption name br\noption type bridge\n${vlan("20", "lan1 lan2:u*")}${vlan("10", "lan1:u lan2:t", "option local 0\n")}config interface x\noption device br.20\noption proto none\n`,
    );
    expect(story(read).filter((line) => line.includes(": "))).toEqual([
      "br: no vlan 1 self",
      "br: vlan 20 self",
      "lan1: no vlan 1",
      "lan1: vlan 10 pvid untagged",
      "lan1: vlan 20 untagged",
      "lan2: no vlan 1",
      "lan2: vlan 10",
      "lan2: vlan 20 pvid untagged",
    ]);
  });

  it("leaves out a bridge-vlan without a VLAN that exists, and says so", () => {
    const read = network("config bridge-vlan\noption device br\noption vlan 4095\nlist ports 'eth0'\n");
    expect(read.issues.map(({ code, message }) => [code, message])).toEqual([
      [
        "uci/bridge-vlan",
        "Expected `device` and a `vlan` of 1 to 4094 in a `bridge-vlan` section, found `device` `br`, `vlan` `4095`, `ports` `eth0`; netifd leaves it out.",
      ],
    ]);
  });

  it("turns a rule into a policy rule with mark and inversion", () => {
    const read = network(
      "config rule\noption mark 0x8000/0xc000\noption lookup 8000\noption priority 1101\noption invert 1\n",
    );
    expect(read.steps[1]?.operation).toMatchObject({
      kind: "rule-add",
      rule: {
        priority: 1101,
        isInverted: true,
        mark: { value: 0x8000, mask: 0xc000 },
        action: { table: 8000 },
      },
    });
  });

  it("reports a missing file and a file of another kind", () => {
    expect(codes(readUci(treeOf({}), "etc/config/network"))).toEqual(["uci/no-such-file"]);
    expect(codes(readUci(treeOf({ x: "config zone\n" }), "x"))).toEqual(["uci/unknown-file"]);
  });
});

describe("readUci: dhcp", () => {
  const lan = "config interface lan\noption device br-lan\noption proto static\noption ipaddr 10.0.0.1/24\n";

  function ranges(dhcp: string): readonly string[] {
    const read = readUci(treeOf({ "r/network": lan, "r/dhcp": dhcp }), "r/dhcp");
    return [
      ...read.dhcpRanges.map((range) => `${range.link} ${formatIPv4(range.first)}-${formatIPv4(range.last)}`),
      ...codes(read),
    ];
  }

  it.each([
    ["option start 20\noption limit 30", ["br-lan 10.0.0.20-10.0.0.49"]],
    ["", ["br-lan 10.0.0.100-10.0.0.249"]],
    ["option start 200\noption limit 150", ["br-lan 10.0.0.200-10.0.0.254"]],
    ["option start 1\noption limit 10", ["br-lan 10.0.0.2-10.0.0.11"]],
    ["option ignore 1", []],
    ["option dynamicdhcp 0", []],
    ["option dhcpv4 disabled", []],
    ["option start abc", ["uci/bad-value"]],
    ["option start 4000000000\noption limit 4000000000", ["uci/bad-value"]],
  ])("takes %j as offsets into the network of the interface", (options, expected) => {
    expect(ranges(`config dhcp lan\noption interface lan\n${options}\n`)).toEqual(expected);
  });

  it("reports a range whose network is not known", () => {
    const read = readUci(
      treeOf({ dhcp: "config dhcp lan\noption interface lan\noption start 20\noption leasetime 2h\n" }),
      "dhcp",
    );
    expect(read.issues.map((issue) => issue.message)).toEqual([
      "Expected a static address of interface `lan` in the `network` file beside this one, found none; `dhcp lan` hands out `limit` `150` addresses from offset `start` `20`, `leasetime` `2h`.",
    ]);
  });

  it("lists fixed leases apart from the ranges", () => {
    const leases = readStaticLeases(
      parseUci("config host\noption name pi\nlist mac 02:00:00:00:00:01\noption ip 10.0.0.9\n", "dhcp"),
    );
    expect(leases.map((lease) => [lease.name, lease.macs, formatIPv4(lease.ip)])).toEqual([
      ["pi", ["02:00:00:00:00:01"], "10.0.0.9"],
    ]);
  });
});
