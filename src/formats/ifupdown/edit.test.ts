import { describe, expect, it } from "vitest";
import type { ConfigurationEdit } from "#model/index.js";
import { ask, showEdit } from "../../../test/contract/edits.js";
import { editIfupdown } from "./index.js";

const PATH = "h/etc/network/interfaces";

const DEBIAN = `auto eth0
iface eth0 inet static
	address 10.0.0.5
	netmask 255.255.255.0
	broadcast 10.0.0.255
	network 10.0.0.0
	gateway 10.0.0.1
	# to the office
	post-up ip route add 172.16.0.0/12 via 10.0.0.2 dev eth0 || true
	pre-down ip route del 172.16.0.0/12 via 10.0.0.2
	dns-nameservers 10.0.0.1

auto eth1
iface eth1 inet dhcp

auto eth2
iface eth2 inet manual
	up ip addr add 10.3.0.1/24 dev eth2
	up ip link set eth2 mtu 9000
`;

const PROXMOX = `auto vmbr0
iface vmbr0 inet static
        address 10.10.0.4/16
        gateway 10.10.0.1
        bridge-ports eno1
        bridge-stp off
        bridge-fd 0
#uplink
auto vmbr1
iface vmbr1 inet manual
        bridge-ports none`;

function show(text: string, ...edits: readonly ConfigurationEdit[]): readonly string[] {
  return showEdit(editIfupdown, { files: { [PATH]: text }, path: PATH }, edits);
}

describe("editIfupdown", () => {
  it.each([
    {
      name: "changes the netmask of a bare address, its broadcast address and its network, each in its own form",
      text: DEBIAN,
      edits: [ask.length("eth0", "10.0.0.5/24", 16)],
      lines: [
        "-→netmask 255.255.255.0",
        "-→broadcast 10.0.0.255",
        "+→netmask 255.255.0.0",
        "+→broadcast 10.0.255.255",
      ],
    },
    {
      name: "changes a netmask that is written as a number",
      text: "auto e\niface e inet static\n  address  10.0.0.5\n  netmask  24\n",
      edits: [ask.length("e", "10.0.0.5/24", 8)],
      lines: ["-  netmask  24", "+  netmask  8"],
    },
    {
      name: "changes the length behind the slash",
      text: PROXMOX,
      edits: [ask.length("vmbr0", "10.10.0.4/16", 24)],
      lines: ["-        address 10.10.0.4/16", "+        address 10.10.0.4/24"],
    },
    {
      name: "puts an added address in the place of a removed one",
      text: DEBIAN,
      edits: [ask.add("eth0", "10.0.1.9/24"), ask.remove("eth0", "10.0.0.5/24")],
      lines: [
        "-→address 10.0.0.5",
        "+→address 10.0.1.9",
        "-→broadcast 10.0.0.255",
        "-→network 10.0.0.0",
        "+→broadcast 10.0.1.255",
        "+→network 10.0.1.0",
      ],
    },
    {
      name: "gives Debian's ifupdown a second address in a stanza of its own",
      text: DEBIAN,
      edits: [ask.add("eth0", "10.0.1.9/24")],
      lines: ["+iface eth0 inet static", "+→address 10.0.1.9", "+→netmask 255.255.255.0", "+"],
    },
    {
      name: "gives ifupdown2 a second address behind the first",
      text: PROXMOX,
      edits: [ask.add("vmbr0", "10.20.0.4/16")],
      lines: ["+        address 10.20.0.4/16"],
    },
    {
      name: "makes a manual stanza static for its first address",
      text: PROXMOX,
      edits: [ask.add("vmbr1", "10.20.0.4/16")],
      lines: ["-iface vmbr1 inet manual", "+iface vmbr1 inet static", "+        address 10.20.0.4/16"],
    },
    {
      name: "takes the stanza of a second address away",
      text: `${DEBIAN}\niface eth0 inet static\n\taddress 10.9.0.5/24\n\n# the end\n`,
      edits: [ask.remove("eth0", "10.9.0.5/24")],
      lines: ["-iface eth0 inet static", "-→address 10.9.0.5/24", "-"],
    },
    {
      name: "makes the stanza of an only address manual",
      text: "auto e\niface e inet static\n\taddress 10.0.0.5\n\tnetmask 255.0.0.0\n\tmtu 1400\n",
      edits: [ask.remove("e", "10.0.0.5/8")],
      lines: ["-iface e inet static", "-→address 10.0.0.5", "-→netmask 255.0.0.0", "+iface e inet manual"],
    },
    {
      name: "changes the gateway that is onlink",
      text: PROXMOX,
      edits: [ask.gateway("vmbr0", "10.10.255.254", true)],
      lines: ["-        gateway 10.10.0.1", "+        gateway 10.10.255.254"],
    },
    {
      name: "writes a default route that is not onlink as a command, since `gateway` means onlink",
      text: PROXMOX,
      edits: [ask.gateway("vmbr0", "10.10.255.254", false)],
      lines: [
        "-        gateway 10.10.0.1",
        "+        up ip route add default via 10.10.255.254 dev vmbr0",
        "+        down ip route del default via 10.10.255.254 dev vmbr0",
      ],
    },
    {
      name: "takes the gateway away",
      text: DEBIAN,
      edits: [ask.gateway("eth0", null)],
      lines: ["-→gateway 10.0.0.1"],
    },
    {
      name: "adds a gateway behind the address",
      text: "auto e\niface e inet static\n\taddress 10.0.0.5/24\n\tmtu 1400\n",
      edits: [ask.gateway("e", "10.0.0.1", true)],
      lines: ["+→gateway 10.0.0.1"],
    },
    {
      name: "adds a route with the keywords of the stanza, and takes it away on the way down",
      text: DEBIAN,
      edits: [ask.routeAdd("192.168.0.0/16 via 10.0.0.3 dev eth0 metric 5 onlink")],
      lines: [
        "+→post-up ip route add 192.168.0.0/16 via 10.0.0.3 dev eth0 metric 5 onlink",
        "+→pre-down ip route del 192.168.0.0/16 via 10.0.0.3 dev eth0 metric 5",
      ],
    },
    {
      name: "changes the next hop of a route on the way up and on the way down",
      text: DEBIAN,
      edits: [
        ask.routeRemove("172.16.0.0/12 via 10.0.0.2 dev eth0"),
        ask.routeAdd("172.16.0.0/12 via 10.0.0.7 dev eth0 onlink"),
      ],
      lines: [
        "-→post-up ip route add 172.16.0.0/12 via 10.0.0.2 dev eth0 || true",
        "-→pre-down ip route del 172.16.0.0/12 via 10.0.0.2",
        "+→post-up ip route add 172.16.0.0/12 via 10.0.0.7 dev eth0 onlink || true",
        "+→pre-down ip route del 172.16.0.0/12 via 10.0.0.7",
      ],
    },
    {
      name: "takes a route away with its line of the way down",
      text: DEBIAN,
      edits: [ask.routeRemove("172.16.0.0/12 via 10.0.0.2 dev eth0")],
      lines: [
        "-→post-up ip route add 172.16.0.0/12 via 10.0.0.2 dev eth0 || true",
        "-→pre-down ip route del 172.16.0.0/12 via 10.0.0.2",
      ],
    },
    {
      name: "replaces a route of net-tools, which has no `onlink`",
      text: "auto e\niface e inet static\n\taddress 10.0.0.5/24\n\tup route add -net 10.0.0.0 netmask 255.0.0.0 gw 10.0.0.2 dev e\n",
      edits: [
        ask.routeRemove("10.0.0.0/8 via 10.0.0.2 dev e"),
        ask.routeAdd("10.0.0.0/8 via 10.9.0.2 dev e onlink"),
      ],
      lines: [
        "-→up route add -net 10.0.0.0 netmask 255.0.0.0 gw 10.0.0.2 dev e",
        "+→up ip route add 10.0.0.0/8 via 10.9.0.2 dev e onlink",
        "+→down ip route del 10.0.0.0/8 via 10.9.0.2 dev e",
      ],
    },
    {
      name: "adds an MTU at the end of a file without a last line break",
      text: PROXMOX,
      edits: [ask.mtu("vmbr1", 9000)],
      lines: ["-        bridge-ports none", "+        bridge-ports none", "+        mtu 9000"],
    },
    {
      name: "keeps the line breaks of DOS",
      text: PROXMOX.replaceAll("\n", "\r\n"),
      edits: [ask.mtu("vmbr0", 9000), ask.length("vmbr0", "10.10.0.4/16", 8)],
      lines: ["-        address 10.10.0.4/16␍", "+        address 10.10.0.4/8␍", "+        mtu 9000␍"],
    },
    {
      name: "changes nothing that is there",
      text: DEBIAN,
      edits: [
        ask.length("eth0", "10.0.0.5/8", 24),
        ask.add("eth0", "10.0.0.5/24"),
        ask.remove("eth0", "10.0.0.6/24"),
        ask.gateway("eth0", "10.0.0.1", true),
        ask.routeAdd("172.16.0.0/12 via 10.0.0.2 dev eth0"),
        ask.mtu("eth2", 9000),
      ],
      lines: [],
    },
    {
      name: "refuses an address that a command gives",
      text: DEBIAN,
      edits: [ask.mtu("eth0", 1400), ask.length("eth2", "10.3.0.1/24", 16)],
      lines: [
        "Expected a plain line for `10.3.0.1/16 on eth2`, found a command that sets it, `up`.",
        `${PATH}:18:5`,
        "Write `address 10.3.0.1/16` into a static stanza of `eth2` by hand.",
      ],
    },
    {
      name: "refuses an MTU that a command sets",
      text: DEBIAN,
      edits: [ask.mtu("eth2", 1400)],
      lines: [
        "Expected a plain line for `MTU 1400 of eth2`, found a command that sets it, `up`.",
        `${PATH}:19:5`,
        "Write `mtu 1400` into the stanza of `eth2` by hand.",
      ],
    },
    {
      name: "refuses an address for a link of DHCP",
      text: DEBIAN,
      edits: [ask.add("eth1", "10.0.0.7/24")],
      lines: [
        "Expected a plain line for `10.0.0.7/24 on eth1`, found the method `dhcp` of `eth1`.",
        `${PATH}:14:1`,
        "Write `address 10.0.0.7/24` into a static stanza of `eth1` by hand.",
      ],
    },
    {
      name: "refuses to take an address away whose stanza holds the gateway",
      text: DEBIAN,
      edits: [ask.remove("eth0", "10.0.0.5/24")],
      lines: [
        "Expected an edit that changes `10.0.0.5/24 on eth0` alone, found that it also changes `route-add` of `eth0`.",
        `${PATH}:3:10`,
        "Take `10.0.0.5/24` out of what sets up `eth0` by hand.",
      ],
    },
    {
      name: "refuses a value that another interface inherits",
      text: "auto a b\niface a inet static\n\taddress 10.0.0.5/24\niface b inet static inherits a\n",
      edits: [ask.length("a", "10.0.0.5/24", 16)],
      lines: [
        "Expected an edit that changes `10.0.0.5/16 on a` alone, found that it also changes `address-add` of `b`.",
        `${PATH}:3:10`,
        "Write `address 10.0.0.5/16` into a static stanza of `a` by hand.",
      ],
    },
    {
      name: "refuses a route whose line does more",
      text: "auto e\niface e inet static\n\taddress 10.0.0.5/24\n\tup ip route add 10.1.0.0/16 dev e && ip route add 10.2.0.0/16 dev e\n",
      edits: [ask.routeRemove("10.1.0.0/16 dev e")],
      lines: [
        "Expected an edit that changes `10.1.0.0/16 dev e` alone, found that it cannot be written there.",
        `${PATH}:4:5`,
        "Take `10.1.0.0/16 dev e` out of what sets up the link by hand.",
      ],
    },
    {
      name: "refuses a length of an address that is not there",
      text: DEBIAN,
      edits: [ask.length("eth0", "10.0.0.6/24", 16)],
      lines: [
        "Expected `10.0.0.6/24 on eth0` in the files, found none.",
        "nowhere",
        "Write `address 10.0.0.6/16` into a static stanza of `eth0` by hand.",
      ],
    },
    {
      name: "refuses an address that stands twice",
      text: "auto e\niface e inet static\n\taddress 10.0.0.5/24\n\niface e inet static\n\taddress 10.0.0.5/24\n",
      edits: [ask.length("e", "10.0.0.5/24", 16)],
      lines: [
        "Expected `10.0.0.5/24 on e` once, found it in 2 places; the first is here.",
        `${PATH}:3:10`,
        "Remove all but one of them, then ask again.",
      ],
    },
    {
      name: "refuses flags of k3s",
      text: DEBIAN,
      edits: [{ kind: "flannel-backend", backend: "host-gw" } as const],
      lines: [
        `Expected an edit of addresses, routes or an MTU in \`${PATH}\`, found \`flannel-backend\`.`,
        "nowhere",
        "Give the edit to the file that holds the flags of k3s.",
      ],
    },
  ])("$name", ({ text, edits, lines }) => {
    expect(show(text, ...edits)).toEqual(lines);
  });

  it("edits the sourced file in which the stanza stands, and gives no other", () => {
    const files = {
      [PATH]: "source /etc/network/interfaces.d/*\n",
      "h/etc/network/interfaces.d/e": "auto e\niface e inet static\n\taddress 10.0.0.5/24\n",
    };
    expect(showEdit(editIfupdown, { files, path: PATH }, [ask.length("e", "10.0.0.5/24", 16)])).toEqual([
      "-→address 10.0.0.5/24",
      "+→address 10.0.0.5/16",
    ]);
  });
});
