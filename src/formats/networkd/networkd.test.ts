import { describe, expect, it } from "vitest";
import { formatIPv4, formatPrefix } from "#ip/index.js";
import { formatSource, type HostConfiguration, type Operation } from "#model/index.js";
import { readNetworkd } from "./index.js";

const FOLDER = "etc/systemd/network";

/** Files by their names below the folder. */
function read(files: Readonly<Record<string, string>>, path = FOLDER): HostConfiguration {
  const all = new Map(Object.entries(files).map(([name, text]) => [`${FOLDER}/${name}`, text]));
  return readNetworkd(
    {
      read: (file) => all.get(file) ?? null,
      list: (folder) => [...all.keys()].filter((file) => file.startsWith(`${folder}/`)).sort(),
    },
    path,
  );
}

/** One file for eth0. */
function readOne(text: string): HostConfiguration {
  return read({ "a.network": `[Match]\nName=eth0\n${text}` });
}

function text(operation: Operation): string {
  switch (operation.kind) {
    case "link-add": {
      const { name, type, mtu } = operation.link;
      const own =
        type.kind === "vlan" ? ` ${type.id} on ${type.lower}` : type.kind === "bond" ? ` ${type.mode}` : "";
      return `add ${name} ${type.kind}${own} mtu ${mtu}`;
    }
    case "link-up":
    case "link-down":
      return `${operation.kind} ${operation.link}`;
    case "link-master":
      return `master ${operation.link} ${operation.master}`;
    case "link-mtu":
      return `mtu ${operation.link} ${operation.mtu}`;
    case "link-mac":
      return `mac ${operation.link} ${operation.mac}`;
    case "address-add": {
      const { ip, length, peer, link } = operation.address;
      return `address ${formatPrefix({ address: ip, length })}${peer === null ? "" : ` peer ${formatIPv4(peer)}`} ${link}`;
    }
    case "route-append": {
      const { type, destination, gateway, link, metric, table, isOnlink } = operation.route;
      const via = gateway === null ? "" : ` via ${formatIPv4(gateway)}`;
      return `${type} ${formatPrefix(destination)}${via} ${link ?? "-"} metric ${metric} table ${table}${isOnlink ? " onlink" : ""}`;
    }
    case "rule-add": {
      const { priority, action } = operation.rule;
      return `rule ${priority} ${action.kind === "lookup" ? action.table : action.kind === "unmodelled" ? action.text : action.kind}`;
    }
    case "sysctl":
      return `${operation.key}=${operation.value}`;
    default:
      return operation.kind;
  }
}

const steps = (configuration: HostConfiguration): readonly string[] =>
  configuration.steps.map(({ operation }) => text(operation));
const codes = (configuration: HostConfiguration): readonly string[] =>
  configuration.issues.map(({ code }) => code);
const issues = (configuration: HostConfiguration): readonly string[] =>
  configuration.issues.map(
    ({ severity, code, source, message }) =>
      `${severity} ${code} ${source === null ? "" : formatSource(source)} ${message}`,
  );

describe("readNetworkd: a .network file", () => {
  it("brings the link up, then sets addresses, then routes, each with its place", () => {
    const configuration = readOne(
      "[Network]\nAddress=10.10.0.2/16\nGateway=10.10.0.1\n\n[Route]\nDestination=10.0.0.0/16\nGateway=10.0.0.1\nGatewayOnLink=yes\nMetric=5\n",
    );
    expect(steps(configuration)).toEqual([
      "link-up eth0",
      "address 10.10.0.2/16 eth0",
      "unicast 0.0.0.0/0 via 10.10.0.1 eth0 metric 0 table 254",
      "unicast 10.0.0.0/16 via 10.0.0.1 eth0 metric 5 table 254 onlink",
    ]);
    expect(configuration.steps.map(({ source }) => source.line)).toEqual([1, 4, 5, 7]);
    expect(configuration.issues).toEqual([]);
  });

  it("forgets the values before an empty assignment", () => {
    expect(steps(readOne("[Network]\nAddress=10.0.0.1/24\nAddress=\nAddress=10.0.0.2/24"))).toEqual([
      "link-up eth0",
      "address 10.0.0.2/24 eth0",
    ]);
  });

  it("reads [Address] sections with peer, broadcast, scope and AddPrefixRoute", () => {
    const configuration = readOne(
      "[Address]\nAddress=100.64.0.1/32\nPeer=100.64.0.2/32\n[Address]\nAddress=10.0.0.1/24\nBroadcast=no\nScope=link\nAddPrefixRoute=no\nLabel=eth0:x",
    );
    const addresses = configuration.steps.flatMap(({ operation }) =>
      operation.kind === "address-add" ? [operation.address] : [],
    );
    expect(addresses).toMatchObject([
      { ip: 0x64400001, length: 32, peer: 0x64400002, scope: "global" },
      { ip: 0x0a000001, length: 24, peer: null, broadcast: null, scope: "link", hasNoPrefixRoute: true },
    ]);
    expect(configuration.issues).toEqual([]);
  });

  it("gives route types, tables by name and number, and no link to a blackhole", () => {
    const configuration = readOne(
      "[Route]\nDestination=10.1.0.0/16\nType=blackhole\n[Route]\nDestination=10.2.0.0/16\nTable=default\n[Route]\nDestination=10.3.0.1\nType=local\n[Route]\nDestination=10.4.0.0/16\nTable=42\nPreferredSource=10.0.0.1",
    );
    expect(steps(configuration)).toEqual([
      "link-up eth0",
      "blackhole 10.1.0.0/16 - metric 0 table 254",
      "unicast 10.2.0.0/16 eth0 metric 0 table 253",
      "local 10.3.0.1/32 eth0 metric 0 table 255",
      "unicast 10.4.0.0/16 eth0 metric 0 table 42",
    ]);
  });

  it("configures routes without a gateway first, as a gateway may need them", () => {
    expect(steps(readOne("[Route]\nGateway=10.9.0.1\n[Route]\nDestination=10.9.0.1\n")).slice(1)).toEqual([
      "unicast 10.9.0.1/32 eth0 metric 0 table 254",
      "unicast 0.0.0.0/0 via 10.9.0.1 eth0 metric 0 table 254",
    ]);
  });

  it("takes the first next hop of a multipath route and says so", () => {
    const configuration = readOne(
      "[Route]\nDestination=10.9.0.0/16\nMultiPathRoute=10.0.0.1@eth1 20\nMultiPathRoute=10.0.0.2 5\n",
    );
    expect(steps(configuration)[1]).toBe("unicast 10.9.0.0/16 via 10.0.0.1 eth1 metric 0 table 254");
    expect(issues(configuration)).toEqual([
      `unmodelled networkd/multipath ${FOLDER}/a.network:5:1 Expected one next hop for \`10.9.0.0/16\`, found \`10.0.0.1@eth1 20, 10.0.0.2 5\`: the first is taken`,
    ]);
  });

  it("keeps rules in the kernel's order and leaves unknown what it has no words for", () => {
    const configuration = readOne(
      "[RoutingPolicyRule]\nFrom=10.0.0.0/8\nTable=7\nPriority=50\n[RoutingPolicyRule]\nTo=10.1.0.0/16\nTable=8\n[RoutingPolicyRule]\nTypeOfService=8\nTable=9\nPriority=60\n[RoutingPolicyRule]\nFrom=::/0\nTable=1\n[RoutingPolicyRule]\nType=prohibit\nPriority=70",
    );
    expect(steps(configuration).slice(1)).toEqual([
      "rule 50 7",
      "rule 49 8",
      "rule 60 table TypeOfService=8 table 9",
      "rule 70 prohibit",
    ]);
    expect(configuration.ipv6.map(({ text: fact }) => fact)).toEqual(["rule from ::/0 to all"]);
  });

  it.each([
    ["yes", ["dhcp", "dhcpv6"]],
    ["ipv4", ["dhcp"]],
    ["v6", ["dhcpv6"]],
    ["no", []],
  ])("reads DHCP=%s", (value, protocols) => {
    expect(readOne(`[Network]\nDHCP=${value}`).dynamicLinks.map(({ protocol }) => protocol)).toEqual(
      protocols,
    );
  });

  it("keeps the metric of the routes that DHCP gives", () => {
    const { dynamicLinks } = readOne("[Network]\nDHCP=yes\n[DHCPv4]\nRouteMetric=50");
    expect(dynamicLinks.map(({ protocol, metric }) => [protocol, metric])).toEqual([
      ["dhcp", 50],
      ["dhcpv6", undefined],
    ]);
  });

  it("gives the addresses that a DHCP server hands out", () => {
    const configuration = readOne(
      "[Network]\nAddress=192.168.200.1/24\nDHCPServer=yes\n[DHCPServer]\nPoolOffset=15\nPoolSize=5\nEmitDNS=no",
    );
    expect(
      configuration.dhcpRanges.map(({ first, last, link, source }) => [
        formatIPv4(first),
        formatIPv4(last),
        link,
        source.line,
      ]),
    ).toEqual([["192.168.200.15", "192.168.200.19", "eth0", 6]]);
    expect(configuration.issues).toEqual([]);
  });

  it("keeps IPv6 as facts beside", () => {
    const configuration = readOne(
      "[Network]\nAddress=fd00::1/64\nGateway=fe80::1\n[Route]\nDestination=fd01::/48\nGateway=fe80::2",
    );
    expect(configuration.ipv6.map(({ kind, text: fact }) => `${kind} ${fact}`)).toEqual([
      "address fd00::1/64",
      "gateway fe80::1",
      "route fd01::/48 via fe80::2",
    ]);
    expect(steps(configuration)).toEqual(["link-up eth0"]);
  });

  it("sets the sysctls of the link and of the host", () => {
    const configuration = read({
      "a.network":
        "[Match]\nName=eth0.5\n[Network]\nIPForward=ipv4\nIPv4ReversePathFilter=strict\nIPv4ProxyARP=yes\n",
    });
    expect(steps(configuration)).toEqual([
      "ip_forward=1",
      "conf.eth0/5.proxy_arp=1",
      "conf.eth0/5.rp_filter=1",
      "link-up eth0.5",
    ]);
  });

  it("leaves an unmanaged link alone and obeys the activation policy", () => {
    expect(steps(readOne("[Link]\nUnmanaged=yes\n[Network]\nAddress=10.0.0.1/24"))).toEqual([]);
    expect(steps(readOne("[Link]\nActivationPolicy=down"))).toEqual(["link-down eth0"]);
    expect(steps(readOne("[Link]\nActivationPolicy=manual"))).toEqual([]);
  });

  it("appends drop-ins in the order of their names", () => {
    const configuration = read({
      "a.network": "[Match]\nName=eth0\n[Network]\nAddress=10.0.0.1/24\n",
      "a.network.d/20.conf": "[Network]\nAddress=10.0.0.3/24\n",
      "a.network.d/10.conf": "[Network]\nAddress=\nAddress=10.0.0.2/24\n[Link]\nMTUBytes=9K\n",
      "a.network.d/note.txt": "[Network]\nAddress=10.0.0.9/24\n",
    });
    expect(steps(configuration)).toEqual([
      "mtu eth0 9216",
      "link-up eth0",
      "address 10.0.0.2/24 eth0",
      "address 10.0.0.3/24 eth0",
    ]);
    expect(configuration.steps.map(({ source }) => source.file.slice(FOLDER.length + 1))).toEqual([
      "a.network.d/10.conf",
      "a.network",
      "a.network.d/10.conf",
      "a.network.d/20.conf",
    ]);
  });
});

describe("readNetworkd: a folder", () => {
  it("creates netdevs, joins ports, and stacks VLANs on the link that names them", () => {
    const configuration = read({
      "10-bond0.netdev": "[NetDev]\nName=bond0\nKind=bond\n[Bond]\nMode=802.3ad",
      "10-br0.netdev": "[NetDev]\nName=br0\nKind=bridge\n[Bridge]\nVLANFiltering=yes",
      "10-v5.netdev": "[NetDev]\nName=v5\nKind=vlan\n[VLAN]\nId=5",
      "20-eth0.network": "[Match]\nName=eth0\n[Network]\nBond=bond0",
      "30-bond0.network": "[Match]\nName=bond0\n[Network]\nVLAN=v5",
      "40-v5.network": "[Match]\nName=v5\n[Network]\nBridge=br0",
      "50-br0.network": "[Match]\nName=br0\n[Network]\nAddress=10.0.5.1/24",
    });
    expect(steps(configuration)).toEqual([
      "add bond0 bond 802.3ad mtu 1500",
      "add v5 vlan 5 on bond0 mtu 1500",
      "add br0 bridge mtu 1500",
      "master eth0 bond0",
      "master v5 br0",
      "link-up eth0",
      "link-up bond0",
      "link-up v5",
      "link-up br0",
      "address 10.0.5.1/24 br0",
    ]);
    expect(configuration.issues).toEqual([]);
  });

  it("takes the first file that matches a link, in the order of their names", () => {
    const configuration = read({
      "10-first.network": "[Match]\nName=eth0\n[Network]\nAddress=10.0.0.1/24",
      "20-second.network": "[Match]\nName=eth0 eth1\n[Network]\nAddress=10.0.0.2/24",
      "30-shadowed.network": "[Match]\nName=eth1\n[Network]\nAddress=10.0.0.3/24",
    });
    expect(steps(configuration).filter((step) => step.startsWith("address"))).toEqual([
      "address 10.0.0.1/24 eth0",
      "address 10.0.0.2/24 eth1",
    ]);
    expect(configuration.issues).toEqual([]);
  });

  it("matches patterns against the links it knows, and keeps the facts of a pattern that only hardware can match", () => {
    const known = read({
      "a.netdev": "[NetDev]\nName=br7\nKind=bridge",
      "b.network": "[Match]\nName=br*\n[Network]\nAddress=10.0.0.1/24",
    });
    expect(steps(known)).toContain("address 10.0.0.1/24 br7");
    expect(known.issues).toEqual([]);
    const unknown = read({ "b.network": "[Match]\nName=en*\n[Network]\nAddress=10.0.0.1/24" });
    expect(steps(unknown)).toContain("address 10.0.0.1/24 en*");
    expect(issues(unknown)).toEqual([
      `unmodelled networkd/unknown-link-name ${FOLDER}/b.network:2:6 Expected a link with a known name, found a match by \`en*\`: the facts stand under the name \`en*\``,
    ]);
  });

  it("turns the whole list of names around with a leading exclamation mark", () => {
    const configuration = read({
      "a.netdev": "[NetDev]\nName=br7\nKind=bridge",
      "b.network": "[Match]\nName=!eth* lo\n[Network]\nAddress=10.0.0.1/24",
    });
    expect(steps(configuration)).toContain("address 10.0.0.1/24 br7");
  });

  it("keeps the facts of a match by Ethernet address under that address", () => {
    const configuration = read({
      "a.network": "[Match]\nMACAddress=00:00:5e:00:53:01\n[Network]\nAddress=10.0.0.1/24",
    });
    expect(steps(configuration)).toContain("address 10.0.0.1/24 00:00:5e:00:53:01");
    expect(codes(configuration)).toEqual(["networkd/unknown-link-name"]);
  });

  it("puts the routes of a VRF's ports into its table", () => {
    const configuration = read({
      "a.netdev": "[NetDev]\nName=blue\nKind=vrf\n[VRF]\nTable=42",
      "b.network": "[Match]\nName=eth0\n[Network]\nVRF=blue\nGateway=10.0.0.1",
    });
    expect(steps(configuration)).toContain("unicast 0.0.0.0/0 via 10.0.0.1 eth0 metric 0 table 42");
  });

  it("reads a VXLAN with its port, and the link below it", () => {
    const configuration = read({
      "a.netdev":
        "[NetDev]\nName=x1\nKind=vxlan\n[VXLAN]\nVNI=7\nLocal=10.0.0.1\nDestinationPort=4789\nMacLearning=no",
      "b.network": "[Match]\nName=eth0\n[Network]\nVXLAN=x1",
    });
    const types = configuration.steps.flatMap(({ operation }) =>
      operation.kind === "link-add" ? [operation.link.type] : [],
    );
    expect(types).toEqual([
      { kind: "vxlan", id: 7, local: 0x0a000001, lower: "eth0", port: 4789, isLearning: false },
    ]);
  });

  it("says where nothing is", () => {
    expect(issues(read({}))).toEqual([
      `error networkd/missing-file ${FOLDER}:1:1 Expected a \`.network\` or \`.netdev\` file or a folder of them, found none at \`${FOLDER}\``,
    ]);
  });

  it.each([
    ["a VLAN without an id", { "a.netdev": "[NetDev]\nName=v\nKind=vlan" }, "networkd/missing-key"],
    ["a netdev without a kind", { "a.netdev": "[NetDev]\nName=v" }, "networkd/missing-key"],
    [
      "a VLAN that no link names",
      { "a.netdev": "[NetDev]\nName=v\nKind=vlan\n[VLAN]\nId=5" },
      "networkd/never-attached",
    ],
    [
      "a kind that is not modelled",
      { "a.netdev": "[NetDev]\nName=w\nKind=wireguard" },
      "networkd/netdev-kind",
    ],
    ["a pair", { "a.netdev": "[NetDev]\nName=a\nKind=veth\n[Peer]\nName=b" }, "networkd/virtual-ethernet"],
    [
      "a master that nothing creates",
      { "a.network": "[Match]\nName=e\n[Network]\nBridge=b" },
      "networkd/unknown-master",
    ],
    [
      "a section that is not modelled",
      { "a.network": "[Match]\nName=e\n[Neighbor]\nAddress=10.0.0.1" },
      "networkd/unknown-section",
    ],
    [
      "VLANs of a bridge port",
      { "a.network": "[Match]\nName=e\n[BridgeVLAN]\nVLAN=5" },
      "networkd/bridge-vlan",
    ],
    [
      "a misspelt setting",
      { "a.network": "[Match]\nName=e\n[Network]\nAdress=10.0.0.1/24" },
      "networkd/unknown-key",
    ],
    ["a line that is none", { "a.network": "[Match]\nName=e\nnonsense" }, "networkd/malformed-line"],
    [
      "an address without length",
      { "a.network": "[Match]\nName=e\n[Network]\nAddress=10.0.0.1" },
      "networkd/wrong-value",
    ],
    ["a route to nowhere", { "a.network": "[Match]\nName=e\n[Route]\nMetric=5" }, "networkd/missing-key"],
    [
      "a gateway from DHCP",
      { "a.network": "[Match]\nName=e\n[Route]\nGateway=_dhcp4" },
      "networkd/route-gateway-keyword",
    ],
    [
      "address translation",
      { "a.network": "[Match]\nName=e\n[Network]\nIPMasquerade=ipv4" },
      "networkd/masquerade",
    ],
    [
      "a pool outside the network",
      {
        "a.network":
          "[Match]\nName=e\n[Network]\nAddress=10.0.0.1/30\nDHCPServer=yes\n[DHCPServer]\nPoolOffset=9",
      },
      "networkd/pool-outside",
    ],
    [
      "a pool without an address",
      { "a.network": "[Match]\nName=e\n[Network]\nDHCPServer=yes" },
      "networkd/pool-without-address",
    ],
    ["a link file", { "a.link": "[Match]\nOriginalName=*\n[Link]\nMTUBytes=9000" }, "networkd/link-file"],
    ["a setting before any section", { "a.network": "X=1\n[Match]\nName=e" }, "networkd/no-section"],
  ])("reports %s", (_, files, code) => {
    expect(codes(read(files as unknown as Record<string, string>))).toEqual([code]);
  });
});
