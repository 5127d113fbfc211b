import { describe, expect, it } from "vitest";
import { formatIPv4, formatPrefix } from "#ip/index.js";
import type { BootStep, ConfigurationTree, HostConfiguration, Operation } from "#model/index.js";
import { type Flavour, parseInterfaces, readIfupdown, renderInterfaces } from "./index.js";

const PATH = "pve/etc/network/interfaces";

function treeOf(files: Readonly<Record<string, string>>): ConfigurationTree {
  const map = new Map(Object.entries(files));
  return {
    read: (path) => map.get(path) ?? null,
    list: (folder) => [...map.keys()].filter((path) => path.startsWith(`${folder}/`)).sort(),
  };
}

function read(text: string, flavour?: Flavour): HostConfiguration {
  return readIfupdown(treeOf({ [PATH]: text }), PATH, flavour);
}

function describeOperation(one: Operation): string {
  switch (one.kind) {
    case "address-add":
      return `address ${formatIPv4(one.address.ip)}/${one.address.length} brd ${one.address.broadcast === null ? "none" : formatIPv4(one.address.broadcast)} dev ${one.address.link}`;
    case "route-add":
      return `route ${formatPrefix(one.route.destination)} via ${one.route.gateway === null ? "none" : formatIPv4(one.route.gateway)} dev ${one.route.link ?? "none"}${one.route.isOnlink ? " onlink" : ""} proto ${one.route.protocol}`;
    case "link-add":
      return `add ${one.link.name} ${one.link.type.kind}`;
    case "link-up":
      return `up ${one.link}`;
    case "link-down":
      return `down ${one.link}`;
    case "link-mtu":
      return `mtu ${one.link} ${one.mtu}`;
    case "link-master":
      return `master ${one.link} ${one.master}`;
    case "sysctl":
      return `sysctl ${one.key}=${one.value}`;
    case "rule-add":
      return `rule ${one.rule.priority}`;
    case "bridge-vlan-add": {
      const ids = one.lastVlan > one.vlan ? `${one.vlan}-${one.lastVlan}` : one.vlan;
      const flags = [one.isPvid ? "pvid" : "", one.isUntagged ? "untagged" : "", one.isSelf ? "self" : ""];
      return [`${one.link}: vlan ${ids}`, ...flags.filter((flag) => flag !== "")].join(" ");
    }
    case "bridge-vlan-delete":
      return `${one.link}: no vlan ${one.vlan}`;
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

function last(configuration: HostConfiguration): BootStep | undefined {
  return configuration.steps.at(-1);
}

describe("parseInterfaces", () => {
  it("joins continued lines and keeps the place of each value", () => {
    const { stanzas } = parseInterfaces(
      "# auto eth9\\\nauto eth0 \\\n  eth1\niface eth0 inet static\n  address  10.0.0.1/8 # no\n",
      "f",
    );
    expect(stanzas[0]).toMatchObject({
      kind: "names",
      names: [{ text: "eth0" }, { text: "eth1", source: { line: 3, column: 3 } }],
    });
    expect(stanzas[1]).toMatchObject({
      options: [
        { name: { text: "address" }, value: { text: "10.0.0.1/8 # no", source: { line: 5, column: 12 } } },
      ],
    });
  });

  it.each([
    ["address 10.0.0.1", "Expected a stanza before its lines, found `address`; the line is left out."],
    ["iface", "Expected `iface NAME FAMILY METHOD`, found `iface`; the line is left out."],
    ["iface eth0 ipv4 static", "Expected `iface NAME FAMILY METHOD`, found `ipv4`; the line is left out."],
    ["auto", "Expected names of interfaces behind `auto`, found `nothing`; the line is left out."],
    ["source", "Expected a path behind `source`, found `nothing`; the line is left out."],
  ])("says what is wrong with %j and goes on", (text, message) => {
    const { issues, stanzas } = parseInterfaces(`${text}\nauto last\n`, "f");
    expect(issues.map((issue) => issue.message)).toEqual([message]);
    expect(stanzas.at(-1)).toMatchObject({ kind: "names", names: [{ text: "last" }] });
  });

  it("reports templates with their size and reads what stands around them", () => {
    const { issues, stanzas } = parseInterfaces(
      "auto a\n<%\n x = 1\n%>\n%for i in range(2):\nauto b\n%endfor\nauto c\n%if x:\nauto d\n",
      "f",
    );
    expect(issues.map((issue) => [issue.source?.line, issue.message])).toEqual([
      [2, "Expected plain stanzas, found a template; 3 lines are left out."],
      [5, "Expected plain stanzas, found a template; 3 lines are left out."],
      [9, "Expected plain stanzas, found a template that does not end; 3 lines are left out."],
    ]);
    expect(stanzas).toHaveLength(2);
  });

  it("is written back so that it reads the same", () => {
    const text =
      "auto eth0\n\niface eth0 inet static\n\taddress 10.0.0.1/8\n\tup ip route add 10.1.0.0/16 via 10.0.0.2\n\niface x inherits eth0\n\nmapping m\n\tscript /s\n\nsource-directory interfaces.d\n";
    expect(renderInterfaces(parseInterfaces(text, "f"))).toBe(text);
  });
});

describe("readIfupdown: VLANs of bridge ports", () => {
  const bridge = (lines: string, ports = ""): HostConfiguration =>
    read(`${ports}auto vmbr0\niface vmbr0\n bridge-vlan-aware yes\n bridge-ports eno1 eno2\n${lines}\n`);
  const vlans = (configuration: HostConfiguration): readonly string[] =>
    story(configuration).filter((line) => line.includes("vlan ") && line.includes(":"));

  it.each([
    ["keeps VLAN 1 where nothing is said", "", "", []],
    [
      "takes those of the bridge for ports that say nothing",
      " bridge-vids 2-4094",
      "iface eno2\n bridge-vids 10 20,21\n",
      ["eno1: vlan 2-4094", "eno2: vlan 10", "eno2: vlan 20-21"],
    ],
    [
      "gives a PVID after the tagged ones, and takes VLAN 1 away first",
      " bridge-vids 1-3",
      "iface eno1\n bridge-pvid 2\n",
      ["eno1: no vlan 1", "eno1: vlan 1", "eno1: vlan 3", "eno1: vlan 2 pvid untagged", "eno2: vlan 2-3"],
    ],
    [
      "makes an access port of one VLAN",
      " bridge-vids 2-4094",
      "iface eno1\n bridge-access 30\n",
      ["eno1: no vlan 1", "eno1: vlan 30 pvid untagged", "eno2: vlan 2-4094"],
    ],
    [
      "leaves no PVID where untagged frames are not allowed",
      "",
      "iface eno1\n bridge-allow-untagged no\n bridge-vids 5\n",
      ["eno1: no vlan 1", "eno1: vlan 5"],
    ],
  ])("%s", (_title, lines, ports, expected) => {
    const given = bridge(lines, ports);
    expect(vlans(given)).toEqual(expected);
    expect(codes(given)).toEqual([]);
  });

  it("makes the bridge itself a member of the VLANs of its VLAN links", () => {
    const given = bridge("", "auto vmbr0.7\niface vmbr0.7\n address 10.7.0.1/24\n");
    expect(vlans(given)).toEqual(["vmbr0: vlan 7 self"]);
  });

  it("does not guess what VLAN the bridge itself is in where it has a PVID of its own", () => {
    const given = bridge(" bridge-pvid 7");
    expect(vlans(given)).toEqual([
      "eno1: no vlan 1",
      "eno1: vlan 7 pvid untagged",
      "eno2: no vlan 1",
      "eno2: vlan 7 pvid untagged",
    ]);
    expect(codes(given)).toEqual(["ifupdown/bridge-vlan"]);
  });

  it("says once what is no VLAN, however many ports read it", () => {
    expect(codes(bridge(" bridge-vids 0 5000 x"))).toEqual(["ifupdown/bad-value"]);
  });
});

describe("readIfupdown: stanzas", () => {
  it("gives a static interface its address with broadcast and an onlink default route, and stops at a refusal", () => {
    const given = read(
      "auto eth0\niface eth0 inet static\n address 10.10.0.2\n netmask 255.255.0.0\n gateway 10.10.0.1\n mtu 9000\n",
    );
    expect(story(given)).toEqual([
      "mtu eth0 9000",
      "up eth0",
      "address 10.10.0.2/16 brd 10.10.255.255 dev eth0",
      "route 0.0.0.0/0 via 10.10.0.1 dev eth0 onlink proto boot",
    ]);
    expect(last(given)).toMatchObject({
      unit: "iface eth0",
      onRefusal: "stop-unit",
      source: { file: PATH, line: 5, column: 10 },
    });
    expect(given.issues).toEqual([]);
  });

  it("takes Proxmox bridges for ifupdown2: no broadcast, proto kernel, goes on, ports first", () => {
    const given = read(
      "iface eno1 inet manual\nauto vmbr0\niface vmbr0 inet static\n address 10.11.0.2/16\n gateway 10.11.0.1\n bridge-ports eno1 bond0.5\n bridge-stp off\nauto bond0\niface bond0 inet manual\n bond-slaves a b\n bond-mode 1\n",
    );
    expect(story(given)).toEqual([
      "up eno1",
      "add bond0 bond",
      "master a bond0",
      "up a",
      "master b bond0",
      "up b",
      "up bond0",
      "add bond0.5 vlan",
      "add vmbr0 bridge",
      "master eno1 vmbr0",
      "master bond0.5 vmbr0",
      "up bond0.5",
      "up vmbr0",
      "address 10.11.0.2/16 brd none dev vmbr0",
      "route 0.0.0.0/0 via 10.11.0.1 dev vmbr0 onlink proto kernel",
    ]);
    expect(given.steps.every((step) => step.onRefusal === "continue")).toBe(true);
    expect(given.steps[1]?.operation).toMatchObject({ link: { type: { mode: "active-backup" } } });
  });

  it("lets the caller say which tool reads the file", () => {
    const text = "auto vmbr0\niface vmbr0 inet static\n address 10.0.0.1/24\n bridge_ports none\n";
    expect(story(read(text)).at(-1)).toBe("address 10.0.0.1/24 brd none dev vmbr0");
    expect(story(read(text, "ifupdown")).at(-1)).toBe("address 10.0.0.1/24 brd 10.0.0.255 dev vmbr0");
  });

  it("keeps what no boot brings up out of the steps, and its facts in a warning", () => {
    const given = read(
      "iface br0 inet static\n address 10.0.0.1/24\n bridge_ports eth0\niface eth7 inet manual\n",
    );
    expect(given.steps).toEqual([]);
    expect(given.issues.map((issue) => issue.message)).toEqual([
      "Expected `auto` or `allow-hotplug` for `br0`, found neither: a boot does not bring it up. It says method `static`, `address 10.0.0.1/24`, `bridge_ports eth0`.",
    ]);
  });

  it.each([
    ["iface eth0.100 inet manual", ["up eth0", "add eth0.100 vlan", "up eth0.100"], "eth0.100"],
    ["iface vlan7 inet manual\n vlan_raw_device eth0", ["up eth0", "add vlan7 vlan", "up vlan7"], "vlan7"],
    ["iface v\n vlan-raw-device eth0\n vlan-id 42", ["up eth0", "add v vlan", "up v"], "v"],
    ["iface vx\n vxlan-id 42\n vxlan-remoteip 10.0.0.9", ["add vx vxlan", "fdb-append", "up vx"], "vx"],
    ["iface d\n link-type dummy", ["add d dummy", "up d"], "d"],
    [
      "iface eth1\n vrf red\niface red\n vrf-table auto",
      ["add red other", "up red", "master eth1 red", "up eth1"],
      "eth1",
    ],
    [
      "iface b\n bridge-vlan-aware yes\n bridge-ports glob swp1-2",
      ["add b bridge", "master swp1 b", "up swp1", "master swp2 b", "up swp2", "up b"],
      "b",
    ],
    [
      "iface eth0:1 inet static\n address 10.0.0.9/32",
      ["up eth0", "address 10.0.0.9/32 brd none dev eth0"],
      "eth0:1",
    ],
  ])("makes the links of %j", (text, expected, name) => {
    expect(story(read(`auto ${name}\n${text}\n`))).toEqual(expected);
  });

  it("lets a stanza inherit, and joins several stanzas of one interface", () => {
    const given = read(
      "iface base inet static\n mtu 1400\n netmask 24\nauto eth0\niface eth0 inet static inherits base\n address 10.0.0.1\niface eth0 inet6 static\n address 2001:db8::1\n netmask 64\n",
    );
    expect(story(given)).toEqual(["mtu eth0 1400", "up eth0", "address 10.0.0.1/24 brd 10.0.0.255 dev eth0"]);
    expect(given.ipv6.map((fact) => `${fact.link} ${fact.kind} ${fact.text}`)).toEqual([
      "eth0 address 2001:db8::1/64",
    ]);
  });

  it.each([
    ["auto eth0\n", ["ifupdown/no-stanza"]],
    ["auto eth0\niface eth0 inet static\n address 10.0.0.x/24\n", ["ifupdown/bad-value"]],
    ["auto eth0\niface eth0 inet static\n address 10.0.0.1\n", ["ifupdown/no-netmask"]],
    [
      "auto eth0\niface eth0 inet static\n address 10.0.0.1/24\n broadcast 10.1.0.255\n",
      ["ifupdown/broadcast"],
    ],
    ["auto eth0\niface eth0 inet manual\n address 10.0.0.1/24\n", ["ifupdown/ignored-option"]],
    ["auto eth0\niface eth0 inet ppp\n", ["ifupdown/method"]],
    ["auto eth0\niface eth0 inet manual\n frobnicate yes\n", ["ifupdown/unknown-option"]],
    ["auto eth0\niface eth0 inherits gone\n", ["ifupdown/inherits"]],
    ["auto lo0\niface lo0 inet loopback\n", ["ifupdown/loopback-name"]],
    ["auto b\niface b inet manual\n bridge_ports all\n", ["ifupdown/ports"]],
    ["auto b\niface b\n bridge-ports none\n bridge-vids 2-4094\n", ["ifupdown/bridge-vlan"]],
    ["auto b\niface b inet manual\n ovs_type OVSBridge\n", ["ifupdown/link-type"]],
    ["mapping eth0\n script /s\n", ["ifupdown/mapping"]],
    [
      "auto a\niface a inet manual\n bridge_ports b\niface b inet manual\n bridge_ports a\n",
      ["ifupdown/link-nesting"],
    ],
    ["iface a-name-longer-than-15 inet dhcp\n", ["ifupdown/bad-name"]],
    ["auto e b\niface e inet dhcp\niface b inet manual\n bridge_ports e\n", ["ifupdown/addressed-port"]],
  ])("reports %j", (text, expected) => {
    expect(codes(read(text))).toEqual(expected);
  });
});

describe("readIfupdown: commands", () => {
  function up(command: string): HostConfiguration {
    return read(`auto eth0\niface eth0 inet manual\n up ${command}\n`);
  }

  it.each([
    [
      "ip route add 10.0.0.0/8 via 10.10.0.1 dev $IFACE",
      ["route 10.0.0.0/8 via 10.10.0.1 dev eth0 proto boot"],
    ],
    [`/sbin/ip addr add 10.0.0.9/32 dev "\${IFACE}" || true`, ["address 10.0.0.9/32 brd none dev eth0"]],
    [
      "route add -net 10.0.0.0 netmask 255.0.0.0 gw 10.10.0.1 eth0",
      ["route 10.0.0.0/8 via 10.10.0.1 dev eth0 proto boot"],
    ],
    ["route add default gw 10.10.0.1", ["route 0.0.0.0/0 via 10.10.0.1 dev none proto boot"]],
    ["echo 1 > /proc/sys/net/ipv4/conf/eth0.5/proxy_arp", ["sysctl conf.eth0/5.proxy_arp=1"]],
    ["sysctl -w net.ipv4.ip_forward=1 >/dev/null 2>&1", ["sysctl ip_forward=1"]],
    ["sysctl net/ipv4/conf/eth0.5/rp_filter=2", ["sysctl conf.eth0/5.rp_filter=2"]],
    ["ifconfig a mtu 9000 && ifconfig $IFACE mtu 9000", ["mtu a 9000", "mtu eth0 9000"]],
    [
      "ifconfig eth0 10.0.0.1 netmask 255.0.0.0 up",
      ["address 10.0.0.1/8 brd none dev eth0", "up eth0", "up eth0"],
    ],
    ["ip rule add from 10.0.0.0/8 table 7; ip rule add to 10.0.0.0/8 table 7", ["rule 32765", "rule 32764"]],
    ["sleep 2", []],
  ])("carries out `%s`", (command, expected) => {
    const given = up(command);
    expect(story(given).slice(1)).toEqual(expected);
    expect(given.issues).toEqual([]);
  });

  it("goes on behind `|| true` and `;`, and stops elsewhere", () => {
    expect(up("ip route add 10.0.0.0/8 dev eth0 || true").steps.at(-1)?.onRefusal).toBe("continue");
    expect(
      up("ip link set eth0 up; ip route add 10.0.0.0/8 dev eth0").steps.map((step) => step.onRefusal),
    ).toEqual(["continue", "continue", "stop-unit"]);
  });

  it.each([
    ["iptables -t nat -A POSTROUTING -o vmbr0 -j MASQUERADE", "`iptables` is not modelled"],
    ["ip route add 10.0.0.0/8 via $GW", "`$` of the shell is not modelled"],
    ["ip route add 10.0.0.0/8 nexthop via 10.0.0.1", "`nexthop` is not modelled here"],
    ["test -e /x && ip link set eth0 up", "`test` of the shell is not modelled"],
    ["ip route show | grep -q x", "`|` of the shell is not modelled"],
    ["ip addr flush dev eth0 || reboot", "`||` of the shell is not modelled"],
    ["echo 1 > /sys/class/net/eth0/x", "writing to `/sys/class/net/eth0/x` is not modelled"],
    ["echo 'x", "`'` of the shell is not modelled"],
  ])("reports `%s` as unmodelled with its place", (command, why) => {
    const given = up(command);
    expect(given.steps).toHaveLength(1);
    expect(given.issues).toMatchObject([
      {
        code: "ifupdown/command",
        severity: "unmodelled",
        message: `Expected a command that is modelled, found \`${command}\`: ${why}.`,
        source: { line: 3, column: 5 },
      },
    ]);
  });

  it("tells IPv6 commands apart and leaves out those of the way down", () => {
    expect(codes(up("ip -6 route add default via fe80::1 dev eth0"))).toEqual(["ifupdown/ipv6-command"]);
    expect(
      codes(read("auto eth0\niface eth0 inet manual\n down iptables -F\n post-down ip route del default\n")),
    ).toEqual([]);
  });
});

describe("readIfupdown: sourced files", () => {
  it("reads what patterns and folders name, in their place, from the root of the host in the tree", () => {
    const tree = treeOf({
      [PATH]:
        "source /etc/network/interfaces.d/*.cfg\nsource-directory more\nsource ./one\nauto last\niface last inet manual\n",
      "pve/etc/network/interfaces.d/b.cfg": "auto b\niface b inet manual\n",
      "pve/etc/network/interfaces.d/a.cfg": "auto a\niface a inet manual\n",
      "pve/etc/network/interfaces.d/a.cfg~": "auto no\niface no inet manual\n",
      "pve/etc/network/more/good_name": "auto m\niface m inet manual\n",
      "pve/etc/network/more/bad.name": "auto no\niface no inet manual\n",
      "pve/etc/network/one": "source /etc/network/interfaces\nauto o\niface o inet manual\n",
    });
    const given = readIfupdown(tree, PATH);
    expect(story(given)).toEqual(["up a", "up b", "up m", "up o", "up last"]);
    expect(codes(given)).toEqual(["ifupdown/sourced-twice"]);
  });

  it("warns where the tree has nothing that matches, and where the file itself is missing", () => {
    expect(codes(read("source /etc/network/interfaces.d/*\n"))).toEqual(["ifupdown/source-not-found"]);
    expect(codes(readIfupdown(treeOf({}), PATH))).toEqual(["ifupdown/no-such-file"]);
  });
});
