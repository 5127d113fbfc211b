import { describeEditor } from "../../../test/contract/editor-contract.js";
import { editUci, readUci } from "./index.js";

const ROUTER = `config interface 'loopback'
	option device 'lo'
	option proto 'static'
	option ipaddr '127.0.0.1'
	option netmask '255.0.0.0'

config device
	option name 'br-lan'
	option type 'bridge'
	list ports 'eth1'
	list ports 'eth2' # the cluster

config interface 'lan'
	option device 'br-lan'
	option proto 'static'
	option ipaddr '10.0.0.1'
	option netmask '255.255.255.0'
	option gateway '10.0.0.254'

config interface 'guest'
	option device "eth1.7"
	option proto "static"
	list ipaddr "10.7.0.1/24"
	list ipaddr "10.8.0.1/255.255.0.0"
	option metric "20"

config interface 'wan'
	option device 'eth0'
	option proto 'dhcp'

config route 'office'
	option interface 'lan'
	option target '172.16.0.0'
	option netmask '255.240.0.0'
	option gateway '10.0.0.2'
	option metric '7'

# nothing but a route
config route
	option interface 'guest'
	option target '192.168.0.0/16'
	option gateway '10.7.0.9'
	option onlink '1'

config bridge-vlan
	option device 'br-lan'
	option vlan '1'
	list ports 'eth1'
`;

const OLD = `config interface lan
  option type bridge
  option ifname "eth0 eth1"
  option proto static
  option ipaddr "192.168.1.1 192.168.2.1/24"
  option netmask 255.255.255.0
  option mtu 1400

config interface dmz
  option ifname eth2; option proto static
  option ipaddr 192.168.3.1/25
config interface more
  option ifname @dmz
  option proto static
  option ipaddr 192.168.4.1
  option broadcast 192.168.4.255
  option netmask 24`;

describeEditor({
  name: "UCI",
  read: readUci,
  edit: editUci,
  leastMade: 75,
  samples: [
    { name: "a router of today", path: "r/etc/config/network", files: { "r/etc/config/network": ROUTER } },
    { name: "a file of older days", path: "network", files: { network: OLD } },
  ],
});
