import { describe, expect, it } from "vitest";
import { formatIPv4, formatPrefix } from "#ip/index.js";
import { type BootStep, type ConfigurationTree, formatSource, type HostConfiguration } from "#model/index.js";
import { readNixos } from "./index.js";

function treeOf(files: Readonly<Record<string, string>>): ConfigurationTree {
  return { read: (path) => files[path] ?? null, list: () => Object.keys(files).sort() };
}

function read(module: string, files: Readonly<Record<string, string>> = {}): HostConfiguration {
  return readNixos(treeOf({ "m.nix": module, ...files }), "m.nix");
}

/** A step as `ip` would be called, its unit and what a refusal does. */
function line({ operation: op, unit, onRefusal }: BootStep): string {
  const text = ((): string => {
    switch (op.kind) {
      case "address-add":
        return `addr ${formatIPv4(op.address.ip)}/${op.address.length} dev ${op.address.link}`;
      case "route-add":
      case "route-replace": {
        const { destination, gateway, link, metric, isOnlink, table, preferredSource, scope, type } =
          op.route;
        const parts = [op.kind, formatPrefix(destination)];
        if (type !== "unicast") parts.push(type);
        if (gateway !== null) parts.push("via", formatIPv4(gateway));
        if (link !== null) parts.push("dev", link);
        if (metric !== 0) parts.push("metric", String(metric));
        if (table !== 254) parts.push("table", String(table));
        if (preferredSource !== null) parts.push("src", formatIPv4(preferredSource));
        if (isOnlink) parts.push("onlink");
        if (scope !== "global") parts.push("scope", scope);
        return parts.join(" ");
      }
      case "link-add":
        return `link-add ${op.link.name} ${JSON.stringify(op.link.type)} mtu ${op.link.mtu}${op.link.mac === null ? "" : ` ${op.link.mac}`}`;
      case "link-master":
        return `link ${op.link} master ${op.master}`;
      case "link-mtu":
        return `link ${op.link} mtu ${op.mtu}`;
      case "link-mac":
        return `link ${op.link} address ${op.mac}`;
      case "sysctl":
        return `${op.key}=${op.value}`;
      case "link-up":
      case "link-down":
        return `${op.kind} ${op.link}`;
      default:
        return op.kind;
    }
  })();
  return `${unit.replace(".service", "")}${onRefusal === "stop-unit" ? "!" : ""}: ${text}`;
}

function lines(module: string, files: Readonly<Record<string, string>> = {}): readonly string[] {
  return read(module, files).steps.map(line);
}

function told(configuration: HostConfiguration): readonly string[] {
  return configuration.issues.map(
    ({ source, code, severity }) => `${source === null ? "" : formatSource(source)} ${severity} ${code}`,
  );
}

const NODE = `{ config, lib, pkgs, ... }:
{
  networking = {
    useDHCP = false;
    interfaces.enp1s0 = {
      ipv4.addresses = [
        { address = "10.10.0.2"; prefixLength = 16; }
      ];
      ipv4.routes = [
        { address = "10.0.0.0"; prefixLength = 16; via = "10.0.0.1"; options = { onlink = ""; metric = "20"; }; }
        { address = "10.11.0.0"; prefixLength = 16; via = "10.10.0.1"; }
      ];
    };
    defaultGateway = { address = "10.10.0.1"; interface = "enp1s0"; };
  };
  environment.systemPackages = with pkgs; [ tcpdump ];
}
`;

describe("readNixos", () => {
  it("gives the boot of a node with static routes in the order of its units, each step with its place", () => {
    const { steps, issues } = read(NODE);
    expect(steps.map(line)).toEqual([
      "network-addresses-enp1s0!: link-up enp1s0",
      "network-addresses-enp1s0!: addr 10.10.0.2/16 dev enp1s0",
      "network-addresses-enp1s0!: route-add 10.0.0.0/16 via 10.0.0.1 dev enp1s0 metric 20 onlink",
      "network-addresses-enp1s0!: route-add 10.11.0.0/16 via 10.10.0.1 dev enp1s0",
      "network-setup!: route-replace 10.10.0.1/32 dev enp1s0 scope link",
      "network-setup!: route-replace 0.0.0.0/0 via 10.10.0.1 dev enp1s0",
    ]);
    expect(steps.map((step) => formatSource(step.source))).toEqual([
      "m.nix:5:5",
      "m.nix:7:9",
      "m.nix:10:9",
      "m.nix:11:9",
      "m.nix:14:5",
      "m.nix:14:5",
    ]);
    expect(issues).toEqual([]);
  });

  it("leaves the link to the kernel where the default gateway names none", () => {
    expect(lines('{ networking.defaultGateway = "10.0.0.1"; }')).toEqual([
      "network-setup!: route-replace 0.0.0.0/0 via 10.0.0.1",
    ]);
  });

  it("goes on after a refusal only where the script of NixOS tolerates `File exists`", () => {
    expect(
      lines(`{ networking.interfaces = {
        a.ipv4.addresses = [ { address = "10.0.0.1"; prefixLength = 8; } ];
        b.ipv4.routes = [ { address = "10.0.0.0"; prefixLength = 8; } { address = "10.1.0.0"; prefixLength = 16; } ];
        c.ipv4.routes = [ { address = "10.1.0.0"; prefixLength = 16; } ];
      }; }`),
    ).toEqual([
      "network-addresses-a!: link-up a",
      "network-addresses-a!: addr 10.0.0.1/8 dev a",
      "network-addresses-b!: link-up b",
      "network-addresses-b: route-add 10.0.0.0/8 dev b scope link",
      "network-addresses-b!: route-add 10.1.0.0/16 dev b scope link",
      "network-addresses-c!: link-up c",
      "network-addresses-c: route-add 10.1.0.0/16 dev c scope link",
    ]);
  });

  it("reads type, table, source address and scope of a route", () => {
    expect(
      lines(`{ networking.interfaces.a.ipv4.routes = [
        { address = "10.2.0.0"; prefixLength = 16; type = "local"; }
        { address = "10.3.0.0"; prefixLength = 16; options = { src = "10.0.0.9"; table = "100"; scope = "host"; mtu = "1400"; }; }
      ]; }`).slice(1),
    ).toEqual([
      "network-addresses-a!: route-add 10.2.0.0/16 local dev a table 255 scope host",
      "network-addresses-a!: route-add 10.3.0.0/16 dev a table 100 src 10.0.0.9 scope host",
    ]);
  });

  it("makes bonds, bridges and VLANs before what stands on them, with the address and MTU that udev gives them", () => {
    expect(
      lines(`{ networking = {
        vlans.v20 = { id = 20; interface = "br0"; };
        bridges.br0.interfaces = [ "bond0" ];
        bonds.bond0 = { interfaces = [ "e1" "e2" ]; driverOptions.mode = "802.3ad"; };
        interfaces.e1.mtu = 9000;
        interfaces.br0 = { macAddress = "02:00:00:00:00:01"; mtu = 9000; };
        interfaces.v20.ipv4.addresses = [ { address = "10.20.0.1"; prefixLength = 24; } ];
      }; }`),
    ).toEqual([
      "systemd-udevd: link e1 mtu 9000",
      "network-addresses-e1!: link-up e1",
      'bond0-netdev!: link-add bond0 {"kind":"bond","mode":"802.3ad"} mtu 1500',
      "bond0-netdev!: link-up bond0",
      "bond0-netdev!: link-down e1",
      "bond0-netdev!: link e1 master bond0",
      "bond0-netdev!: link-up e1",
      "bond0-netdev!: link-down e2",
      "bond0-netdev!: link e2 master bond0",
      "bond0-netdev!: link-up e2",
      'br0-netdev!: link-add br0 {"kind":"bridge","isVlanAware":false} mtu 9000 02:00:00:00:00:01',
      "br0-netdev!: link bond0 master br0",
      "br0-netdev!: link-up bond0",
      "br0-netdev!: link-up br0",
      'v20-netdev!: link-add v20 {"kind":"vlan","id":20,"lower":"br0"} mtu 9000',
      "v20-netdev: link-up v20",
      "network-addresses-br0!: link-up br0",
      "network-addresses-v20!: link-up v20",
      "network-addresses-v20!: addr 10.20.0.1/24 dev v20",
    ]);
  });

  it("reads sysctls in the order of their keys and lets NAT outrank them", () => {
    const found =
      read(`{ boot.kernel.sysctl = { "net.ipv4.ip_forward" = true; "net.ipv4.conf.eth0/100.rp_filter" = "2";
      "net/ipv4/conf/eth0.200/arp_ignore" = 1; "net.ipv4.conf.all.forwarding" = false; "net.core.somaxconn" = 5; "net.ipv4.tcp_rmem" = "1 2 3"; };
      networking.nat.enable = true; }`);
    expect(found.steps.map(line)).toEqual([
      "systemd-sysctl: conf.all.forwarding=1",
      "systemd-sysctl: conf.default.forwarding=1",
      "systemd-sysctl: conf.eth0/100.rp_filter=2",
      "systemd-sysctl: conf.eth0/200.arp_ignore=1",
      "systemd-sysctl: ip_forward=1",
    ]);
    expect(told(found)).toEqual(["m.nix:3:7 unmodelled nixos/unmodelled-option"]);
  });

  it("tells of DHCP by link, and warns where every link may run it", () => {
    const found =
      read(`{ networking.useDHCP = true; networking.interfaces = { a.useDHCP = true; b.useDHCP = false; c = { };
      d.ipv4.addresses = [ { address = "10.0.0.1"; prefixLength = 8; } ]; }; }`);
    expect(found.dynamicLinks.map(({ link, protocol }) => `${link} ${protocol}`)).toEqual([
      "a dhcp",
      "c dhcp",
    ]);
    expect(told(found)).toEqual(["m.nix:1:3 warning nixos/dhcp-everywhere"]);
  });

  it("keeps IPv6 as facts", () => {
    const { ipv6 } =
      read(`{ networking = { interfaces.a.ipv6.addresses = [ { address = "fd00::1"; prefixLength = 64; } ];
      interfaces.a.ipv6.routes = [ { address = "fd01::"; prefixLength = 64; via = "fd00::2"; } ];
      defaultGateway6 = { address = "fe80::1"; interface = "a"; }; }; }`);
    expect(ipv6.map(({ link, kind, text }) => [link, kind, text])).toEqual([
      ["a", "address", "fd00::1/64"],
      ["a", "route", "fd01::/64 via fd00::2"],
      [null, "gateway", "fe80::1"],
    ]);
  });

  it("carries out plain commands of localCommands and reports the others", () => {
    const found = read(`{ networking.localCommands = ''
      ip route add 10.9.0.0/16 via 10.0.0.1
      # a comment
      iptables -F
    ''; }`);
    expect(found.steps.map(line)).toEqual(["network-local-commands!: route-add 10.9.0.0/16 via 10.0.0.1"]);
    expect(told(found)).toEqual(["m.nix:1:3 unmodelled nixos/unmodelled-option"]);
  });

  it("tells the facts of VIPs, tunnels and packet filters and leaves their effect unknown", () => {
    const { issues } =
      read(`{ services.keepalived = { enable = true; vrrpInstances.v = { interface = "eth0"; state = "BACKUP"; virtualIps = [ { addr = "10.0.0.9"; } ]; }; };
      networking.wireguard.interfaces.wg0.ips = [ "10.99.0.1/24" ];
      networking.nftables.ruleset = "table ip nat { }"; networking.firewall.extraCommands = ""; }`);
    expect(issues.map(({ message }) => message)).toEqual([
      "Expected options whose effect on packets is modelled, found `networking.nftables.ruleset`: packet filter rules are not modelled.",
      "Expected options whose effect on packets is modelled, found `networking.wireguard.interfaces.wg0`: WireGuard tunnels are not modelled; this one holds `10.99.0.1/24`.",
      "Expected options whose effect on packets is modelled, found `services.keepalived.vrrpInstances.v`: VRRP instance `v` on `eth0`, `BACKUP`, moves `10.0.0.9` between hosts.",
    ]);
  });

  it("says where the file is missing, does not parse, or is no module", () => {
    expect(told(readNixos(treeOf({}), "x.nix"))).toEqual(["x.nix:1:1 error nixos/missing-file"]);
    expect(read("{ a = [ 1, 2 ]; }").issues.map(({ message }) => message)).toEqual([
      "Expected `]`, found `,`.",
    ]);
    expect(told(read("{ a = 1; a = 2; }"))).toEqual(["m.nix:1:10 error nixos/duplicate-attribute"]);
    expect(told(read("[ 1 ]"))).toEqual(["m.nix:1:1 unmodelled nixos/not-a-module"]);
  });

  it("names misspelt options and wrong types", () => {
    expect(
      told(
        read(
          `{ networking.interfaces.a = { ipv4.address = [ ]; adress = 1; ipv4.addresses = [ { address = "10.0.0.300"; prefixLength = 8; } { address = "10.0.0.1"; prefixLength = "x"; } { address = "10.0.0.1"; } ]; }; }`,
        ),
      ),
    ).toEqual([
      "m.nix:1:51 error nixos/no-such-option",
      "m.nix:1:31 error nixos/no-such-option",
      "m.nix:1:84 error nixos/wrong-type",
      "m.nix:1:152 error nixos/wrong-type",
      "m.nix:1:174 error nixos/wrong-type",
    ]);
  });
});

describe("readNixos with modules and imports", () => {
  it("follows imports of files and folders, lists of the imported first", () => {
    const address = (last: number): string =>
      `{ networking.interfaces.a.ipv4.addresses = [ { address = "10.0.0.${last}"; prefixLength = 8; } ]; }`;
    expect(
      lines(`{ ... }: { imports = [ ./one.nix ./two ]; ${address(1).slice(1)}`, {
        "one.nix": address(2),
        "two/default.nix": address(3),
      }).slice(1),
    ).toEqual([
      "network-addresses-a!: addr 10.0.0.3/8 dev a",
      "network-addresses-a!: addr 10.0.0.2/8 dev a",
      "network-addresses-a!: addr 10.0.0.1/8 dev a",
    ]);
  });

  it("reports imports that are not there, and keeps what does not depend on them", () => {
    const found = read(
      '{ inputs, modulesPath, ... }: { imports = [ ./gone.nix inputs.x.module (modulesPath + "/profiles/qemu-guest.nix") <nixpkgs/y.nix> ../out.nix ]; networking.interfaces.a = { }; }',
    );
    expect(found.steps.map(line)).toEqual(["network-addresses-a!: link-up a"]);
    expect(told(found)).toEqual([
      "m.nix:1:45 unmodelled nixos/missing-import",
      "m.nix:1:56 unmodelled nixos/missing-import",
      "m.nix:1:115 unmodelled nixos/missing-import",
      "m.nix:1:131 unmodelled nixos/missing-import",
    ]);
  });

  it("merges by priority: mkForce over plain over mkDefault over the default of an option", () => {
    const found = lines(
      `{ config, lib, ... }: { imports = [ ./base.nix ]; options.own.gateway = lib.mkOption { default = "10.0.0.250"; };
        config = { networking.defaultGateway = lib.mkForce config.own.gateway; networking.interfaces = lib.mkForce { a = { }; }; }; }`,
      {
        "base.nix":
          '{ lib, ... }: { networking.defaultGateway = "10.0.0.1"; own.gateway = lib.mkDefault "10.0.0.251"; networking.interfaces.b = { }; }',
      },
    );
    expect(found).toEqual([
      "network-addresses-a!: link-up a",
      "network-setup!: route-replace 0.0.0.0/0 via 10.0.0.251",
    ]);
  });

  it("reports definitions of one priority that conflict", () => {
    expect(
      told(
        read(
          '{ lib, ... }: lib.mkMerge [ { networking.defaultGateway = "10.0.0.1"; } { networking.defaultGateway = "10.0.0.2"; } ]',
        ),
      ),
    ).toEqual([
      "m.nix:1:75 error nixos/conflicting-definitions",
      "m.nix:1:31 unmodelled nixos/unknown-value",
    ]);
  });

  it("leaves out what stands under a false condition and reports what stands under an unknown one", () => {
    const found =
      read(`{ config, lib, ... }: { options.own.on = lib.mkEnableOption "it"; config = lib.mkMerge [
      (lib.mkIf config.own.on { networking.interfaces.a = { }; })
      (lib.mkIf config.other.on { networking.interfaces.b = { }; })
      { networking.interfaces.c = { }; } ]; }`);
    expect(found.steps.map(line)).toEqual(["network-addresses-c!: link-up c"]);
    expect(told(found)).toEqual(["m.nix:3:35 unmodelled nixos/unknown-value"]);
  });

  it("does not give the options of a guest to the host", () => {
    expect(
      read(
        '{ microvm.vms.guest.config.networking.defaultGateway = "10.0.0.1"; containers.x.config = { networking.interfaces.a = { }; }; }',
      ).steps,
    ).toEqual([]);
  });

  it("keeps the known addresses of a list that holds unknown ones", () => {
    const found =
      read(`{ config, lib, ... }: { networking.interfaces.a.ipv4.addresses = [ { address = "10.0.0.1"; prefixLength = 8; } config.my.address { address = config.my.ip; prefixLength = 8; } ]
      ++ lib.optional config.my.flag { address = "10.0.0.2"; prefixLength = 8; }; }`);
    expect(found.steps.map(line)).toEqual([
      "network-addresses-a!: link-up a",
      "network-addresses-a!: addr 10.0.0.1/8 dev a",
    ]);
    expect(found.issues.map(({ code }) => code)).toEqual([
      "nixos/unknown-value",
      "nixos/unknown-value",
      "nixos/unknown-value",
    ]);
  });

  it("says why a value is unknown and where it stands", () => {
    const [issue] = read(
      `{ config, ... }: { networking.defaultGateway = "10.0.\${config.my.net}.1"; }`,
    ).issues;
    expect(issue).toEqual({
      code: "nixos/unknown-value",
      severity: "unmodelled",
      message:
        "Expected a value for `networking.defaultGateway` that the files give, found one that they do not: `10.0....` goes on with what is not known, `config.my` is not defined in the files read.",
      source: { file: "m.nix", line: 1, column: 20 },
      hint: "Write the value into the module, or evaluate the whole configuration with `nix`.",
    });
  });
});

describe("readNixos with systemd.network and k3s", () => {
  it("reads netdevs, networks and routes of both forms, from attributes and from INI text", () => {
    const found = read(`{ systemd.network = {
      netdevs."10-v" = { netdevConfig = { Kind = "vlan"; Name = "v"; }; vlanConfig.Id = 7; };
      netdevs.br = { netdevConfig = { Kind = "bridge"; Name = "br"; MACAddress = "02:00:00:00:00:02"; }; bridgeConfig.VLANFiltering = true; };
      networks."10-e" = { matchConfig.Name = "e"; address = [ "10.0.0.1/24" "fd00::1/64" ]; gateway = [ "10.0.0.254" ]; vlan = [ "v" ]; linkConfig.MTUBytes = 9000;
        routes = [ { Destination = "10.1.0.0/16"; Gateway = "10.0.0.9"; GatewayOnLink = true; Metric = 5; } { routeConfig = { Destination = "10.2.0.0/16"; Scope = "link"; }; } ]; };
      networks."20-v" = { matchConfig.Name = "v"; networkConfig = { Bridge = "br"; DHCP = "ipv4"; }; };
      networks."30-br".extraConfig = ''
        [Match]
        Name=br
        [Network]
        Address=10.7.0.1/24
        DHCPServer=yes
        [DHCPServer]
        PoolOffset=10
        PoolSize=5
      '';
      networks."40-any" = { matchConfig.Name = "en*"; address = [ "10.9.0.1/24" ]; };
    }; }`);
    expect(found.steps.map(line).map((each) => each.replace("systemd-networkd: ", ""))).toEqual([
      "link e mtu 9000",
      'link-add v {"kind":"vlan","id":7,"lower":"e"} mtu 9000',
      'link-add br {"kind":"bridge","isVlanAware":true} mtu 1500 02:00:00:00:00:02',
      "link-up e",
      "link v master br",
      "link-up v",
      "link-up br",
      "addr 10.0.0.1/24 dev e",
      "route-add 10.2.0.0/16 dev e scope link",
      "route-add 0.0.0.0/0 via 10.0.0.254 dev e",
      "route-add 10.1.0.0/16 via 10.0.0.9 dev e metric 5 onlink",
      "addr 10.7.0.1/24 dev br",
    ]);
    expect(found.dynamicLinks.map(({ link, protocol }) => `${link} ${protocol}`)).toEqual(["v dhcp"]);
    expect(
      found.dhcpRanges.map(({ link, first, last }) => [link, formatIPv4(first), formatIPv4(last)]),
    ).toEqual([["br", "10.7.0.10", "10.7.0.14"]]);
    expect(found.ipv6.map(({ text }) => text)).toEqual(["fd00::1/64"]);
    expect(found.issues.map(({ message }) => message)).toEqual([
      "Expected a link named in `systemd.network.networks.40-any`, found a match on `en*`; it gets `Address=10.9.0.1/24`.",
    ]);
  });

  it("makes no route of a section whose gateway is unknown", () => {
    const found = read(
      '{ config, ... }: { systemd.network.networks.e = { matchConfig.Name = "e"; routes = [ { Destination = "10.1.0.0/16"; Gateway = config.my.gw; } ]; }; }',
    );
    expect(found.steps.map(line)).toEqual(["systemd-networkd: link-up e"]);
    expect(found.issues.map(({ code }) => code)).toEqual(["nixos/unknown-value"]);
  });

  it("reads k3s from its options and both forms of flags", () => {
    const { k3s, issues } =
      read(`{ services.k3s = { enable = true; role = "server"; clusterInit = true; serverAddr = "";
      extraFlags = [ "--flannel-backend=host-gw" "--node-ip 10.10.0.2" ]; }; }`);
    expect(k3s).toMatchObject({
      role: "server",
      isClusterInit: true,
      flannelBackend: "host-gw",
      nodeIp: 0x0a0a0002,
      server: null,
    });
    expect(issues).toEqual([]);
    const text = read(
      '{ services.k3s = { enable = true; extraFlags = \'\'\n --tls-san=a \\\n  "--cluster-cidr=10.128.0.0/16" \'\'; serverAddr = "https://x:6443"; role = "agent"; }; }',
    ).k3s;
    expect(text).toMatchObject({
      role: "agent",
      tlsSans: ["a"],
      podCidr: { address: 0x0a800000, length: 16 },
      server: "https://x:6443",
    });
    expect(
      read('{ lib, ... }: { services.k3s.enable = lib.mkForce false; services.k3s.role = "server"; }').k3s,
    ).toBeNull();
  });
});
