import { DIALECTS } from "#formats/index.js";
import { bench } from "./parts/measure.js";

/** Files of each dialect as a node or router of a fleet has them: an address, a gateway, some routes, a bridge or VLAN, sysctls. */
const FILES = {
  /** @param {number} n */
  nixos: (n) => `{ config, lib, pkgs, ... }:
{
  networking = {
    hostName = "node-${n}";
    useDHCP = false;
    interfaces.enp1s0 = {
      ipv4.addresses = [ { address = "10.${n >> 8}.${n & 255}.1"; prefixLength = 16; } ];
      ipv4.routes = [
        { address = "10.200.0.0"; prefixLength = 16; via = "10.${n >> 8}.0.254"; }
        { address = "10.201.0.0"; prefixLength = 16; via = "10.${n >> 8}.0.253"; }
      ];
      mtu = 9000;
    };
    vlans.storage = { id = 30; interface = "enp1s0"; };
    interfaces.storage.ipv4.addresses = [ { address = "172.16.${n >> 8}.${n & 255}"; prefixLength = 12; } ];
    defaultGateway = { address = "10.${n >> 8}.0.254"; interface = "enp1s0"; };
    nameservers = [ "10.0.0.53" ];
    firewall.enable = false;
  };
  boot.kernel.sysctl = { "net.ipv4.ip_forward" = 1; "net.ipv4.conf.all.rp_filter" = 0; };
  services.k3s = { enable = true; role = "agent"; serverAddr = "https://10.0.0.1:6443"; extraFlags = "--flannel-iface=enp1s0"; };
}
`,
  /** @param {number} n */
  ifupdown: (n) => `auto lo
iface lo inet loopback

auto eno1
iface eno1 inet manual

auto vmbr0
iface vmbr0 inet static
	address 10.${n >> 8}.${n & 255}.1/16
	gateway 10.${n >> 8}.0.254
	bridge-ports eno1
	bridge-stp off
	bridge-fd 0
	up ip route add 10.200.0.0/16 via 10.${n >> 8}.0.253 dev vmbr0

auto eno1.30
iface eno1.30 inet static
	address 172.16.${n >> 8}.${n & 255}/12
`,
  /** @param {number} n */
  uci: (n) => `config interface 'loopback'
	option device 'lo'
	option proto 'static'
	option ipaddr '127.0.0.1'
	option netmask '255.0.0.0'

config device
	option name 'br-lan'
	option type 'bridge'
	list ports 'lan1'
	list ports 'lan2'

config interface 'lan'
	option device 'br-lan'
	option proto 'static'
	option ipaddr '10.${n >> 8}.${n & 255}.1'
	option netmask '255.255.0.0'

config route
	option interface 'lan'
	option target '10.200.0.0/16'
	option gateway '10.${n >> 8}.0.253'
`,
  /** @param {number} n */
  netplan: (n) => `network:
  version: 2
  renderer: networkd
  ethernets:
    enp1s0:
      dhcp4: false
      mtu: 9000
      addresses:
        - 10.${n >> 8}.${n & 255}.1/16
      routes:
        - to: default
          via: 10.${n >> 8}.0.254
        - to: 10.200.0.0/16
          via: 10.${n >> 8}.0.253
      nameservers:
        addresses: [10.0.0.53]
  vlans:
    storage:
      id: 30
      link: enp1s0
      addresses: [172.16.${n >> 8}.${n & 255}/12]
`,
  /** @param {number} n */
  networkd: (n) => `[Match]
Name=enp1s0

[Link]
MTUBytes=9000

[Network]
DHCP=no
Address=10.${n >> 8}.${n & 255}.1/16
Gateway=10.${n >> 8}.0.254
VLAN=storage
IPv4Forwarding=yes

[Route]
Destination=10.200.0.0/16
Gateway=10.${n >> 8}.0.253
`,
  /** @param {number} n */
  k3s: (n) => `server: https://10.0.0.1:6443
node-ip: 10.${n >> 8}.${n & 255}.1
flannel-iface: enp1s0
node-label:
  - zone=${n % 3}
  - rack=${n % 40}
kubelet-arg:
  - max-pods=200
`,
};

const PATHS = {
  nixos: ["networking.nix", "networking.nix"],
  ifupdown: ["interfaces", "interfaces"],
  uci: ["network", "network"],
  netplan: ["netplan/50-node.yaml", "netplan"],
  networkd: ["network/10-enp1s0.network", "network"],
  k3s: ["config.yaml", "config.yaml"],
};

/** B9: 10,000 files of one dialect, each of another node. */
bench({
  id: "B9",
  name: "parse",
  workload:
    "10,000 files of each dialect, each of another node, read to boot steps; one process for each dialect.",
  file: import.meta.filename,
  unit: "dialect",
  sizes: Object.keys(FILES),
  runs: 3,
  time: "parse",
  measure: (size) => {
    const dialect = /** @type {keyof typeof FILES} */ (size);
    const files = process.env["BENCH_SMOKE"] === undefined ? 10_000 : 10;
    const [path = "", asked = ""] = PATHS[dialect];
    return {
      setUp: () => Array.from({ length: files }, (_, n) => FILES[dialect](n)),
      run: (/** @type {readonly string[]} */ texts) => {
        const start = performance.now();
        let steps = 0;
        let issues = 0;
        for (const text of texts) {
          const tree = {
            read: (/** @type {string} */ name) => (name === path ? text : null),
            list: (/** @type {string} */ folder) => (path.startsWith(folder) ? [path] : []),
          };
          const read = DIALECTS[dialect](tree, asked);
          steps += read.steps.length;
          issues += read.issues.length;
        }
        return { files, steps, issues, times: { parse: performance.now() - start } };
      },
    };
  },
  bars: Object.keys(FILES).map((dialect) => ({ size: dialect, maxMs: 10_000 })),
});
