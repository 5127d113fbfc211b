import { describe, expect, it } from "vitest";
import { ask, showEdit } from "../../../test/contract/edits.js";
import { editNetworkd } from "./index.js";

const ETH0 = `# the node
[Match]
Name=eth0

[Network]
Address=10.10.0.2/16
# storage
Address = 10.20.0.2/24
Gateway=10.10.0.1

[Address]
Address=10.30.0.2/24
Broadcast=10.30.0.255

[Route]
Destination=172.16.0.0/12
Gateway=10.10.0.9

[Link]
MTUBytes=9K
`;

const BARE = "[Match]\nName=eth0\n";
const DHCP = "[Match]\nName=eth0\n\n[Network]\nDHCP=ipv4\n";

describe("editNetworkd", () => {
  it.each([
    {
      name: "changes a length and keeps the blanks around the sign",
      text: ETH0,
      edits: [ask.length("eth0", "10.10.0.2/16", 8), ask.length("eth0", "10.20.0.2/24", 25)],
      lines: [
        "-Address=10.10.0.2/16",
        "+Address=10.10.0.2/8",
        "-Address = 10.20.0.2/24",
        "+Address = 10.20.0.2/25",
      ],
    },
    {
      name: "changes an address with its broadcast address in a section of its own",
      text: ETH0,
      edits: [ask.add("eth0", "10.31.0.2/16"), ask.remove("eth0", "10.30.0.2/24")],
      lines: [
        "-Address=10.30.0.2/24",
        "-Broadcast=10.30.0.255",
        "+Address=10.31.0.2/16",
        "+Broadcast=10.31.255.255",
      ],
    },
    {
      name: "adds an address behind the last of `[Network]`",
      text: ETH0,
      edits: [ask.add("eth0", "10.40.0.2/24")],
      lines: ["+Address=10.40.0.2/24"],
    },
    {
      name: "adds the first address to a file without `[Network]`",
      text: BARE,
      edits: [ask.add("eth0", "10.40.0.2/24")],
      lines: ["+", "+[Network]", "+Address=10.40.0.2/24"],
    },
    {
      name: "takes a line out, and a section",
      text: ETH0,
      edits: [ask.remove("eth0", "10.20.0.2/24"), ask.remove("eth0", "10.30.0.2/24")],
      lines: [
        "-Address = 10.20.0.2/24",
        "-[Address]",
        "-Address=10.30.0.2/24",
        "-Broadcast=10.30.0.255",
        "-",
      ],
    },
    {
      name: "changes the gateway",
      text: ETH0,
      edits: [ask.gateway("eth0", "10.10.0.254")],
      lines: ["-Gateway=10.10.0.1", "+Gateway=10.10.0.254"],
    },
    {
      name: "writes a gateway that is on-link as a section",
      text: ETH0,
      edits: [ask.gateway("eth0", "10.99.0.254", true)],
      lines: ["-Gateway=10.10.0.1", "+[Route]", "+Gateway=10.99.0.254", "+GatewayOnLink=yes", "+"],
    },
    {
      name: "takes the gateway away",
      text: ETH0,
      edits: [ask.gateway("eth0", null)],
      lines: ["-Gateway=10.10.0.1"],
    },
    {
      name: "adds a gateway behind the addresses",
      text: ETH0.replace("Gateway=10.10.0.1\n", ""),
      edits: [ask.gateway("eth0", "10.10.0.1")],
      lines: ["+Gateway=10.10.0.1"],
    },
    {
      name: "adds a route behind the last one",
      text: ETH0,
      edits: [ask.routeAdd("192.168.0.0/16 via 10.20.0.9 dev eth0 metric 7 onlink")],
      lines: [
        "+[Route]",
        "+Destination=192.168.0.0/16",
        "+Gateway=10.20.0.9",
        "+Metric=7",
        "+GatewayOnLink=yes",
        "+",
      ],
    },
    {
      name: "changes the next hop of a route and makes it on-link",
      text: ETH0,
      edits: [
        ask.routeRemove("172.16.0.0/12 via 10.10.0.9 dev eth0"),
        ask.routeAdd("172.16.0.0/12 via 10.99.0.9 dev eth0 onlink"),
      ],
      lines: ["-Gateway=10.10.0.9", "+Gateway=10.99.0.9", "+GatewayOnLink=yes"],
    },
    {
      name: "takes a route out",
      text: ETH0,
      edits: [ask.routeRemove("172.16.0.0/12 via 10.10.0.9 dev eth0")],
      lines: ["-[Route]", "-Destination=172.16.0.0/12", "-Gateway=10.10.0.9", "-"],
    },
    {
      name: "changes the MTU, and drops its suffix",
      text: ETH0,
      edits: [ask.mtu("eth0", 1400)],
      lines: ["-MTUBytes=9K", "+MTUBytes=1400"],
    },
    {
      name: "makes a `[Link]` section for an MTU",
      text: BARE,
      edits: [ask.mtu("eth0", 1400)],
      lines: ["+", "+[Link]", "+MTUBytes=1400"],
    },
    {
      name: "keeps the line breaks of DOS",
      text: ETH0.replaceAll("\n", "\r\n"),
      edits: [ask.mtu("eth0", 1400), ask.routeAdd("192.168.0.0/16 via 10.20.0.9 dev eth0")],
      lines: [
        "+[Route]␍",
        "+Destination=192.168.0.0/16␍",
        "+Gateway=10.20.0.9␍",
        "+␍",
        "-MTUBytes=9K␍",
        "+MTUBytes=1400␍",
      ],
    },
    {
      name: "adds an address beside DHCP",
      text: DHCP,
      edits: [ask.add("eth0", "10.40.0.2/24")],
      lines: ["+Address=10.40.0.2/24"],
    },
    {
      name: "changes nothing that is there",
      text: ETH0,
      edits: [ask.add("eth0", "10.20.0.2/24"), ask.gateway("eth0", "10.10.0.1"), ask.mtu("eth0", 9216)],
      lines: [],
    },
    {
      name: "refuses what a file gives to two links",
      text: "[Match]\nName=eth0 eth1\n[Network]\nAddress=10.0.0.5/24\n",
      edits: [ask.length("eth0", "10.0.0.5/24", 16)],
      lines: [
        "Expected an edit that changes `10.0.0.5/16 on eth0` alone, found that it also changes `address-add` of `eth1`.",
        "n/10-eth0.network:4:1",
        "Write `Address=10.0.0.5/16` into a file for `eth0` alone by hand.",
      ],
    },
    {
      name: "refuses a link that only a pattern matches",
      text: "[Match]\nName=en*\n[Network]\nAddress=10.0.0.5/24\n",
      edits: [ask.length("eno1", "10.0.0.5/24", 16)],
      lines: [
        "Expected the link `eno1` in the files, found links that are named by a pattern or by their hardware.",
        "n/10-eth0.network:2:6",
        "Write `Address=10.0.0.5/16` into a file for `eno1` alone by hand.",
      ],
    },
    {
      name: "refuses a gateway where DHCP gives it",
      text: DHCP,
      edits: [ask.gateway("eth0", "10.40.0.1")],
      lines: [
        "Expected a value that is written in the files, found that `eth0` gets it by `dhcp`.",
        "n/10-eth0.network:5:1",
        "Set the gateway where the address comes from, or write the addresses of the link into the file.",
      ],
    },
  ])("$name", ({ text, edits, lines }) => {
    const files = { "n/10-eth0.network": text };
    expect(showEdit(editNetworkd, { files, path: "n" }, edits)).toEqual(lines);
  });

  it("edits the drop-in in which a value stands, and the `.netdev` file where that has the MTU", () => {
    const files = {
      "n/10-eth0.network": "[Match]\nName=eth0\n[Network]\nVLAN=v5\n",
      "n/10-eth0.network.d/a.conf": "[Network]\nAddress=10.0.0.5/24\n",
      "n/20-v5.netdev": "[NetDev]\nName=v5\nKind=vlan\nMTUBytes=1400\n[VLAN]\nId=5\n",
      "n/20-v5.network": "[Match]\nName=v5\n",
    };
    const edits = [ask.length("eth0", "10.0.0.5/24", 16), ask.mtu("v5", 1300)];
    expect(showEdit(editNetworkd, { files, path: "n" }, edits)).toEqual([
      "-Address=10.0.0.5/24",
      "+Address=10.0.0.5/16",
      "-MTUBytes=1400",
      "+MTUBytes=1300",
    ]);
  });
});
