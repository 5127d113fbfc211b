import { describeEditor } from "../../../test/contract/editor-contract.js";
import { editIfupdown, readIfupdown } from "./index.js";

const DEBIAN = `# The loopback
auto lo
iface lo inet loopback

source /etc/network/interfaces.d/*

auto eth0
iface eth0 inet static
	address 10.0.0.5
	netmask 255.255.255.0   
	broadcast 10.0.0.255
	gateway 10.0.0.1
	# routes of the site
	up ip route add 172.16.0.0/12 via 10.0.0.2 dev eth0
	down ip route del 172.16.0.0/12 via 10.0.0.2 dev eth0
	up ip route add 192.168.0.0/16 via 10.0.0.3 && echo done
	dns-nameservers 10.0.0.1

iface eth0 inet static
    address 10.0.7.5/24

allow-hotplug eth1
iface eth1 inet manual

auto eth2
iface eth2 inet dhcp
	up ip addr add 10.3.0.1/24 dev eth2
`;

const PROXMOX = `auto lo
iface lo inet loopback

iface eno1 inet manual

auto vmbr0
iface vmbr0 inet static
	address 10.10.0.4/16
	address 10.20.0.4/24
	gateway 10.10.0.1
	bridge-ports eno1
	bridge-stp off
	bridge-fd 0
	mtu 1500
	post-up ip route add 10.0.0.0/8 via 10.10.0.1 dev $IFACE || true
#the storage network
auto vmbr1
iface vmbr1 inet manual
	bridge-ports none`;

describeEditor({
  name: "ifupdown",
  read: readIfupdown,
  edit: editIfupdown,
  leastMade: 60,
  samples: [
    {
      name: "Debian's ifupdown with a sourced file",
      path: "n/etc/network/interfaces",
      files: {
        "n/etc/network/interfaces": DEBIAN,
        "n/etc/network/interfaces.d/vlan": "auto eth0.7\niface eth0.7 inet static\n  address 10.7.0.5/24\n",
      },
    },
    {
      name: "ifupdown2 of Proxmox VE",
      path: "p/etc/network/interfaces",
      files: { "p/etc/network/interfaces": PROXMOX },
    },
  ],
});
