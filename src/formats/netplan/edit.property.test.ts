import { describeEditor } from "../../../test/contract/editor-contract.js";
import { editNetplan, readNetplan } from "./index.js";

const SERVER = `# written by hand
network:
  version: 2
  renderer: networkd
  ethernets:
    eth0:
      match: {macaddress: "54:e1:ad:a5:1d:0f"}
      set-name: lan0
      addresses:
        - 10.10.0.2/16   # the node
        - "10.20.0.2/24"
        - 10.30.0.2/24: {label: "lan0:x"}
        - fd00::1/64
      mtu: 9000
      routes:
        # the way out
        - to: default
          via: 10.10.0.1
        - to: 172.16.0.0/12
          via: 10.10.0.9
          metric: 5
          on-link: true
    eth1:
      dhcp4: true
    eth2:
      addresses: [10.40.0.2/24]
      gateway4: 10.40.0.1
  vlans:
    v5: {id: 5, link: eth0, addresses: [10.5.0.2/24, 10.6.0.2/24], routes: [{to: 192.168.0.0/16, via: 10.5.0.1}]}
  bridges:
    br0:
      interfaces: [eth2]
`;

const FIRST = `network:
  version: 2
  ethernets:
    eth0:
      addresses: &shared
        - 10.0.0.5/24
      mtu: 1400
    eth1:
      addresses: *shared
    eth3: {}
`;

const SECOND = `network:
  ethernets:
    eth0:
      addresses:
      - 10.1.0.5/24
      mtu: 1500
      routes: []`;

describeEditor({
  name: "netplan",
  read: readNetplan,
  edit: editNetplan,
  leastMade: 70,
  samples: [
    { name: "one file", path: "etc/netplan/a.yaml", files: { "etc/netplan/a.yaml": SERVER } },
    {
      name: "two files that are merged",
      path: "etc/netplan",
      files: { "etc/netplan/01.yaml": FIRST, "etc/netplan/02.yaml": SECOND },
    },
  ],
});
