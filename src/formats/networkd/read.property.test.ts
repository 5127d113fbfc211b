import { describeReader } from "../../../test/contract/reader-contract.js";
import { readNetworkd } from "./index.js";

const SAMPLE = `[Match]
Name=eth0 en*

[Network]
Address=10.10.0.2/16
Gateway=10.10.0.1
DHCP=ipv4
VLAN=v5
Bridge=br0
DHCPServer=yes

[Address]
Address=10.0.0.1/32
Peer=10.0.0.2/32

[Route]
Destination=10.0.0.0/8
Gateway=10.0.0.1
GatewayOnLink=yes
MultiPathRoute=1.2.3.4@eth1 5

[RoutingPolicyRule]
From=10.0.0.0/8
Table=7

[DHCPServer]
PoolOffset=10
PoolSize=5
`;

describeReader({
  name: "networkd",
  read: readNetworkd,
  paths: ["etc/systemd/network/a.network", "etc/systemd/network/a.netdev"],
  samples: [
    SAMPLE,
    "[NetDev]\nName=v5\nKind=vlan\nMTUBytes=9K\n[VLAN]\nId=5\n[VXLAN]\nVNI=7\nLocal=10.0.0.1\n",
  ],
  heavy: [
    ["50,000 names", () => `[Match]\nName=${Array.from({ length: 50_000 }, (_, n) => `e${n}`).join(" ")}\n`],
    [
      "names and patterns",
      () => `[Match]\nName=${Array.from({ length: 20_000 }, (_, n) => `e${n} f${n}*`).join(" ")}\n`,
    ],
  ],
});
