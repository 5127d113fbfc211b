import { describeEditor } from "../../../test/contract/editor-contract.js";
import { editNetworkd, readNetworkd } from "./index.js";

const ETH0 = `# the node
[Match]
Name=eth0

[Network]
Address=10.10.0.2/16
# storage
Address = 10.20.0.2/24
Gateway=10.10.0.1
VLAN=v5

[Address]
Address=10.30.0.2/24
Broadcast=10.30.0.255

[Route]
Destination=172.16.0.0/12
Gateway=10.10.0.9
Metric=5
GatewayOnLink=true

[Link]
MTUBytes=9K
`;

const FILES = {
  "n/10-eth0.network": ETH0,
  "n/10-eth0.network.d/more.conf":
    "[Network]\nAddress=10.40.0.2/24\n\n[Route]\nDestination=192.168.0.0/16\nGateway=10.40.0.1\n",
  "n/20-v5.netdev": "[NetDev]\nName=v5\nKind=vlan\nMTUBytes=1400\n\n[VLAN]\nId=5\n",
  "n/20-v5.network": "[Match]\nName=v5\n[Network]\nDHCP=ipv4",
  "n/30-both.network": "[Match]\nName=eth1 eth2\n\n[Network]\nLinkLocalAddressing=no\nAddress=10.50.0.2/24\n",
};

describeEditor({
  name: "networkd",
  read: readNetworkd,
  edit: editNetworkd,
  leastMade: 60,
  samples: [
    { name: "a folder", path: "n", files: FILES },
    { name: "one file", path: "eth0.network", files: { "eth0.network": ETH0 } },
  ],
});
