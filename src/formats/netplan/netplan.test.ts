import { describe, expect, it } from "vitest";
import { formatIPv4, formatPrefix } from "#ip/index.js";
import { formatSource, type HostConfiguration, type Operation } from "#model/index.js";
import { readNetplan } from "./index.js";

function read(files: Readonly<Record<string, string>>, path = "etc/netplan"): HostConfiguration {
  return readNetplan(
    {
      read: (file) => files[file] ?? null,
      list: (folder) => Object.keys(files).filter((file) => file.startsWith(`${folder}/`)),
    },
    path,
  );
}

function readOne(network: string): HostConfiguration {
  const indented = network
    .trim()
    .split("\n")
    .map((line) => `  ${line}`)
    .join("\n");
  return read({ "a.yaml": `network:\n${indented}\n` }, "a.yaml");
}

function text(operation: Operation): string {
  switch (operation.kind) {
    case "link-add":
      return `add ${operation.link.name} ${operation.link.type.kind} mtu ${operation.link.mtu}`;
    case "link-up":
    case "link-down":
      return `${operation.kind} ${operation.link}`;
    case "link-master":
      return `master ${operation.link} ${operation.master}`;
    case "link-mtu":
      return `mtu ${operation.link} ${operation.mtu}`;
    case "link-mac":
      return `mac ${operation.link} ${operation.mac}`;
    case "address-add":
      return `address ${formatPrefix({ address: operation.address.ip, length: operation.address.length })} ${operation.address.link}`;
    case "route-append": {
      const { type, destination, gateway, link, metric, table, isOnlink } = operation.route;
      const via = gateway === null ? "" : ` via ${formatIPv4(gateway)}`;
      return `${type} ${formatPrefix(destination)}${via} ${link ?? "-"} metric ${metric} table ${table}${isOnlink ? " onlink" : ""}`;
    }
    case "rule-add":
      return `rule ${operation.rule.priority} ${operation.rule.action.kind === "lookup" ? operation.rule.action.table : operation.rule.action.kind}`;
    default:
      return operation.kind;
  }
}

const steps = (configuration: HostConfiguration): readonly string[] =>
  configuration.steps.map(({ operation }) => text(operation));
const issues = (configuration: HostConfiguration): readonly string[] =>
  configuration.issues.map(
    ({ severity, code, source, message }) =>
      `${severity} ${code} ${source === null ? "" : formatSource(source)} ${message}`,
  );
const codes = (configuration: HostConfiguration): readonly string[] =>
  configuration.issues.map(({ code }) => code);

describe("readNetplan: links", () => {
  it("brings a link up, then sets its addresses, then its routes, each with its place", () => {
    const configuration = readOne(`
ethernets:
  eth0:
    addresses: [10.10.0.2/16]
    routes:
      - to: default
        via: 10.10.0.1
      - {to: 10.0.0.0/16, via: 10.0.0.1, on-link: true, metric: 5}`);
    expect(steps(configuration)).toEqual([
      "link-up eth0",
      "address 10.10.0.2/16 eth0",
      "unicast 0.0.0.0/0 via 10.10.0.1 eth0 metric 0 table 254",
      "unicast 10.0.0.0/16 via 10.0.0.1 eth0 metric 5 table 254 onlink",
    ]);
    expect(configuration.steps.map(({ source }) => `${source.line}:${source.column}`)).toEqual([
      "3:5",
      "4:19",
      "6:11",
      "8:11",
    ]);
    expect(configuration.issues).toEqual([]);
  });

  it("reads addresses with options, and IPv6 as facts beside", () => {
    const configuration = readOne(`
ethernets:
  eth0:
    addresses:
      - 10.0.0.1/24: {label: "eth0:a"}
      - "fd00::1/64"
      - 10.0.0.1/24`);
    expect(steps(configuration)).toEqual(["link-up eth0", "address 10.0.0.1/24 eth0"]);
    expect(configuration.ipv6.map(({ link, kind, text: fact }) => [link, kind, fact])).toEqual([
      ["eth0", "address", "fd00::1/64"],
    ]);
  });

  it("names the link by set-name, by one matched name, or by its id", () => {
    const configuration = readOne(`
ethernets:
  a: {match: {macaddress: "54:e1:ad:a5:1d:0f"}, set-name: lan0}
  b: {match: {name: enp1s0}}
  c: {}`);
    expect(steps(configuration)).toEqual(["link-up lan0", "link-up enp1s0", "link-up c"]);
  });

  it("keeps the facts of a pattern under the pattern and says that the name is not known", () => {
    const configuration = readOne(`
ethernets:
  nics:
    match: {name: "en*"}
    addresses: [10.0.0.1/24]`);
    expect(steps(configuration)).toEqual(["link-up en*", "address 10.0.0.1/24 en*"]);
    expect(issues(configuration)).toEqual([
      "unmodelled netplan/unknown-link-name a.yaml:4:21 Expected a link with a known name, found `nics` matched by a name pattern: its facts stand under the name `en*`",
    ]);
  });

  it("sets MTU and Ethernet address of hardware before everything else", () => {
    expect(
      steps(
        readOne(`
ethernets:
  eth0: {mtu: 9000, macaddress: "00:00:5e:00:53:01"}`),
      ),
    ).toEqual(["mac eth0 00:00:5e:00:53:01", "mtu eth0 9000", "link-up eth0"]);
  });

  it("creates bond, VLAN and bridge in the order in which they stand on each other", () => {
    const configuration = readOne(`
ethernets: {e1: {mtu: 9000}, e2: {}}
bridges: {br0: {interfaces: [v5], addresses: [10.0.5.1/24], parameters: {stp: false}}}
vlans: {v5: {id: 5, link: bond0}}
bonds: {bond0: {interfaces: [e1, e2], mtu: 9000, parameters: {mode: active-backup}}}`);
    expect(steps(configuration)).toEqual([
      "mtu e1 9000",
      "add bond0 bond mtu 9000",
      "add br0 bridge mtu 1500",
      "add v5 vlan mtu 9000",
      "master e1 bond0",
      "master e2 bond0",
      "master v5 br0",
      "link-up e1",
      "link-up e2",
      "link-up bond0",
      "link-up br0",
      "link-up v5",
      "address 10.0.5.1/24 br0",
    ]);
    expect(configuration.issues).toEqual([]);
  });

  it("does not touch a link with activation-mode manual and takes one with off down", () => {
    expect(
      steps(
        readOne(`
ethernets: {a: {activation-mode: manual}, b: {activation-mode: "off"}}`),
      ),
    ).toEqual(["link-down b"]);
  });

  it("puts routes and rules of a VRF and its ports into its table", () => {
    const configuration = readOne(`
ethernets: {e1: {routes: [{to: 10.9.0.0/16, via: 10.0.0.1}]}}
vrfs:
  blue: {table: 7, interfaces: [e1], routes: [{to: default, via: 10.0.0.2}], routing-policy: [{from: 10.0.0.0/8}]}`);
    expect(steps(configuration).filter((step) => /table|rule/.test(step))).toEqual([
      "unicast 10.9.0.0/16 via 10.0.0.1 e1 metric 0 table 7",
      "unicast 0.0.0.0/0 via 10.0.0.2 blue metric 0 table 7",
      "rule 32765 7",
    ]);
    expect(codes(configuration)).toEqual(["netplan/device-kind"]);
  });

  it("reads a VXLAN tunnel as a link and any other tunnel as one that is not modelled", () => {
    const configuration = readOne(`
ethernets: {eth0: {}}
tunnels:
  x1: {mode: vxlan, id: 7, link: eth0, local: 10.0.0.1, port: 4789, mac-learning: no}
  s1: {mode: sit, local: 10.0.0.1, remote: 10.0.0.2}`);
    const types = configuration.steps.flatMap(({ operation }) =>
      operation.kind === "link-add" ? [operation.link.type] : [],
    );
    expect(types).toEqual([
      { kind: "vxlan", id: 7, local: 0x0a000001, lower: "eth0", port: 4789, isLearning: false },
      { kind: "other", name: "sit" },
    ]);
    expect(issues(configuration)).toEqual([
      "unmodelled netplan/device-kind a.yaml:5:5 Expected a kind of link that is modelled, found `sit` in `tunnels.s1` from `10.0.0.1` to `10.0.0.2`",
    ]);
  });
});

describe("readNetplan: routes, rules and DHCP", () => {
  it("names no link for a blackhole and takes 0.0.0.0/0 as default", () => {
    expect(
      steps(
        readOne(`
ethernets: {e: {routes: [{to: 10.9.0.0/16, type: blackhole}, {to: 0.0.0.0/0, via: 10.0.0.1, table: 9}]}}`),
      ),
    ).toEqual([
      "link-up e",
      "blackhole 10.9.0.0/16 - metric 0 table 254",
      "unicast 0.0.0.0/0 via 10.0.0.1 e metric 0 table 9",
    ]);
  });

  it("takes gateway4 and says that it is deprecated", () => {
    const configuration = readOne("ethernets: {e: {gateway4: 10.0.0.1}}");
    expect(steps(configuration)).toContain("unicast 0.0.0.0/0 via 10.0.0.1 e metric 0 table 254");
    expect(configuration.issues.map(({ message, hint }) => [message, hint])).toEqual([
      [
        "Expected a route `to: default`, found the deprecated `gateway4: 10.0.0.1`",
        "Write `routes: [{to: default, via: 10.0.0.1}]`.",
      ],
    ]);
  });

  it("gives DHCP, with the metric of its routes, and no address", () => {
    const configuration = readOne(
      "ethernets: {e: {dhcp4: yes, dhcp6: true, dhcp4-overrides: {route-metric: 100}}}",
    );
    expect(configuration.dynamicLinks.map(({ link, protocol, metric }) => [link, protocol, metric])).toEqual([
      ["e", "dhcp", 100],
      ["e", "dhcpv6", undefined],
    ]);
    expect(steps(configuration)).toEqual(["link-up e"]);
  });

  it("keeps a rule with a selector that is not modelled, its action unknown", () => {
    expect(
      steps(
        readOne(
          "ethernets: {e: {routing-policy: [{to: 10.0.0.0/8, table: 7, priority: 50, type-of-service: 8}]}}",
        ),
      ),
    ).toEqual(["link-up e", "rule 50 unmodelled"]);
  });

  it("leaves out a route whose gateway it cannot read, and says so", () => {
    const configuration = readOne("ethernets: {e: {routes: [{to: default, via: 10.0.0.999}]}}");
    expect(steps(configuration)).toEqual(["link-up e"]);
    expect(issues(configuration)).toEqual([
      "error netplan/wrong-value a.yaml:2:47 Expected an IPv4 address for `via`, found `10.0.0.999`",
    ]);
  });
});

describe("readNetplan: files", () => {
  it("merges the files of a folder in the order of their names", () => {
    const configuration = read({
      "etc/netplan/20-b.yaml": "network: {ethernets: {e: {addresses: [10.0.0.2/24], mtu: 1400}}}",
      "etc/netplan/10-a.yaml": "network: {ethernets: {e: {addresses: [10.0.0.1/24], mtu: 9000}}}",
      "etc/netplan/README": "network: {ethernets: {x: {}}}",
    });
    expect(steps(configuration)).toEqual([
      "mtu e 1400",
      "link-up e",
      "address 10.0.0.1/24 e",
      "address 10.0.0.2/24 e",
    ]);
    expect(configuration.steps.map(({ source }) => source.file)).toEqual([
      "etc/netplan/20-b.yaml",
      "etc/netplan/10-a.yaml",
      "etc/netplan/10-a.yaml",
      "etc/netplan/20-b.yaml",
    ]);
  });

  it("says where nothing is", () => {
    expect(issues(read({}))).toEqual([
      "error netplan/missing-file etc/netplan:1:1 Expected a netplan file or a folder of `*.yaml` files, found neither at `etc/netplan`",
    ]);
  });

  it.each([
    ["a file that is no YAML", "network: [", "netplan/yaml-syntax"],
    ["a file without network", "ethernets: {}", "netplan/no-network"],
    ["an unknown key", "network: {ethernets: {e: {adresses: []}}}", "netplan/unknown-key"],
    ["a merge key", "network: {ethernets: {e: {<<: {dhcp4: yes}}}}", "netplan/merge-key"],
    ["SR-IOV", "network: {ethernets: {e: {virtual-function-count: 2}}}", "netplan/unmodelled-key"],
    ["a VLAN without id", "network: {vlans: {v: {link: e}}, ethernets: {e: {}}}", "netplan/missing-key"],
    [
      "a port that nothing defines",
      "network: {bridges: {b: {interfaces: [x]}}}",
      "netplan/undefined-interface",
    ],
    [
      "a lower link that nothing defines",
      "network: {vlans: {v: {id: 1, link: x}}}",
      "netplan/undefined-interface",
    ],
    [
      "a port of two bridges",
      "network: {ethernets: {e: {}}, bridges: {a: {interfaces: [e]}, b: {interfaces: [e]}}}",
      "netplan/two-masters",
    ],
    ["NetworkManager", "network: {renderer: NetworkManager}", "netplan/renderer"],
    [
      "an address without length",
      "network: {ethernets: {e: {addresses: [10.0.0.1]}}}",
      "netplan/wrong-value",
    ],
    ["a wifi", "network: {wifis: {w: {}}}", "netplan/device-kind"],
    ["a pair", "network: {virtual-ethernets: {a: {peer: b}}}", "netplan/virtual-ethernet"],
    ["a list where a mapping belongs", "network: {ethernets: []}", "netplan/wrong-kind"],
    ["a key that comes twice", "network: {ethernets: {e: {mtu: 1400, mtu: 1500}}}", "netplan/duplicate-key"],
  ])("reports %s", (_, file, code) => {
    expect(codes(read({ "a.yaml": file }, "a.yaml"))).toEqual([code]);
  });
});
