import { describe, expect, it } from "vitest";
import { ask, showEdit } from "../../../test/contract/edits.js";
import { editNetplan } from "./index.js";

const PATH = "etc/netplan/50.yaml";

const SERVER = `network:
  version: 2
  ethernets:
    eth0:
      match: {macaddress: "54:e1:ad:a5:1d:0f"}
      set-name: lan0
      addresses:
        - 10.10.0.2/16   # the node
        # storage
        - "10.20.0.2/24"
      routes:
        - to: default
          via: 10.10.0.1
        - to: 172.16.0.0/12
          via: 10.10.0.9
    eth1:
      dhcp4: true
    eth2:
      addresses: [10.40.0.2/24, "10.41.0.2/24"]
      gateway4: 10.40.0.1   # of old
  vlans:
    v5: {id: 5, link: eth2, addresses: [10.5.0.2/24], routes: [{to: 192.168.0.0/16, via: 10.5.0.1}]}
  bridges:
    br0:
      interfaces: [eth1]
`;

const ONE_DEFAULT = SERVER.replace("      gateway4: 10.40.0.1   # of old\n", "");
const OLD_DEFAULT = SERVER.replace("        - to: default\n          via: 10.10.0.1\n", "");

describe("editNetplan", () => {
  it.each([
    {
      name: "changes a length and keeps comment and quotes",
      text: SERVER,
      edits: [ask.length("lan0", "10.10.0.2/16", 8), ask.length("lan0", "10.20.0.2/24", 25)],
      lines: [
        "-        - 10.10.0.2/16   # the node",
        "+        - 10.10.0.2/8   # the node",
        '-        - "10.20.0.2/24"',
        '+        - "10.20.0.2/25"',
      ],
    },
    {
      name: "changes a length between brackets",
      text: SERVER,
      edits: [ask.length("eth2", "10.41.0.2/24", 16)],
      lines: [
        '-      addresses: [10.40.0.2/24, "10.41.0.2/24"]',
        '+      addresses: [10.40.0.2/24, "10.41.0.2/16"]',
      ],
    },
    {
      name: "puts an added address in the place of a removed one",
      text: SERVER,
      edits: [ask.remove("lan0", "10.10.0.2/16"), ask.add("lan0", "10.11.0.2/16")],
      lines: ["-        - 10.10.0.2/16   # the node", "+        - 10.11.0.2/16   # the node"],
    },
    {
      name: "adds an address behind the last, set in as that is",
      text: SERVER,
      edits: [ask.add("lan0", "10.30.0.2/24")],
      lines: ["+        - 10.30.0.2/24"],
    },
    {
      name: "adds an address between brackets",
      text: SERVER,
      edits: [ask.add("eth2", "10.30.0.2/24"), ask.add("v5", "10.31.0.2/24")],
      lines: [
        '-      addresses: [10.40.0.2/24, "10.41.0.2/24"]',
        '+      addresses: [10.40.0.2/24, "10.41.0.2/24", 10.30.0.2/24]',
        "-    v5: {id: 5, link: eth2, addresses: [10.5.0.2/24], routes: [{to: 192.168.0.0/16, via: 10.5.0.1}]}",
        "+    v5: {id: 5, link: eth2, addresses: [10.5.0.2/24, 10.31.0.2/24], routes: [{to: 192.168.0.0/16, via: 10.5.0.1}]}",
      ],
    },
    {
      name: "adds the first address to a definition",
      text: SERVER,
      edits: [ask.add("br0", "10.30.0.2/24")],
      lines: ["+      addresses:", "+        - 10.30.0.2/24"],
    },
    {
      name: "takes an address out, and the key with the last one",
      text: SERVER,
      edits: [
        ask.remove("lan0", "10.20.0.2/24"),
        ask.remove("eth2", "10.40.0.2/24"),
        ask.remove("v5", "10.5.0.2/24"),
      ],
      lines: [
        '-        - "10.20.0.2/24"',
        '-      addresses: [10.40.0.2/24, "10.41.0.2/24"]',
        '+      addresses: ["10.41.0.2/24"]',
        "-    v5: {id: 5, link: eth2, addresses: [10.5.0.2/24], routes: [{to: 192.168.0.0/16, via: 10.5.0.1}]}",
        "+    v5: {id: 5, link: eth2, routes: [{to: 192.168.0.0/16, via: 10.5.0.1}]}",
      ],
    },
    {
      name: "changes the gateway of a default route",
      text: ONE_DEFAULT,
      edits: [ask.gateway("lan0", "10.10.0.254")],
      lines: ["-          via: 10.10.0.1", "+          via: 10.10.0.254"],
    },
    {
      name: "says on-link where the default route was not",
      text: ONE_DEFAULT,
      edits: [ask.gateway("lan0", "10.99.0.254", true)],
      lines: ["-          via: 10.10.0.1", "+          via: 10.99.0.254", "+          on-link: true"],
    },
    {
      name: "keeps `gateway4` and changes its address",
      text: OLD_DEFAULT,
      edits: [ask.gateway("eth2", "10.40.0.254")],
      lines: ["-      gateway4: 10.40.0.1   # of old", "+      gateway4: 10.40.0.254   # of old"],
    },
    {
      name: "writes a gateway that is on-link as a route, since `gateway4` cannot be",
      text: OLD_DEFAULT,
      edits: [ask.gateway("eth2", "10.99.0.254", true)],
      lines: [
        "-      gateway4: 10.40.0.1   # of old",
        "+      routes:",
        "+        - to: default",
        "+          via: 10.99.0.254",
        "+          on-link: true",
      ],
    },
    {
      name: "moves the only default route to another link",
      text: ONE_DEFAULT,
      edits: [ask.gateway("eth2", "10.40.0.254")],
      lines: [
        "-        - to: default",
        "-          via: 10.10.0.1",
        "+      routes:",
        "+        - to: default",
        "+          via: 10.40.0.254",
      ],
    },
    {
      name: "adds a route with a metric, a line for each key",
      text: SERVER,
      edits: [ask.routeAdd("192.168.0.0/16 via 10.20.0.9 dev lan0 metric 7 onlink")],
      lines: [
        "+        - to: 192.168.0.0/16",
        "+          via: 10.20.0.9",
        "+          metric: 7",
        "+          on-link: true",
      ],
    },
    {
      name: "adds a route to a network that is on the link",
      text: SERVER,
      edits: [ask.routeAdd("192.168.0.0/16 dev br0")],
      lines: ["+      routes:", "+        - to: 192.168.0.0/16", "+          scope: link"],
    },
    {
      name: "adds a route between brackets",
      text: SERVER,
      edits: [ask.routeAdd("10.99.0.0/16 via 10.5.0.9 dev v5")],
      lines: [
        "-    v5: {id: 5, link: eth2, addresses: [10.5.0.2/24], routes: [{to: 192.168.0.0/16, via: 10.5.0.1}]}",
        "+    v5: {id: 5, link: eth2, addresses: [10.5.0.2/24], routes: [{to: 192.168.0.0/16, via: 10.5.0.1}, {to: 10.99.0.0/16, via: 10.5.0.9}]}",
      ],
    },
    {
      name: "takes routes out",
      text: SERVER,
      edits: [
        ask.routeRemove("172.16.0.0/12 via 10.10.0.9 dev lan0"),
        ask.routeRemove("192.168.0.0/16 via 10.5.0.1 dev v5"),
      ],
      lines: [
        "-        - to: 172.16.0.0/12",
        "-          via: 10.10.0.9",
        "-    v5: {id: 5, link: eth2, addresses: [10.5.0.2/24], routes: [{to: 192.168.0.0/16, via: 10.5.0.1}]}",
        "+    v5: {id: 5, link: eth2, addresses: [10.5.0.2/24]}",
      ],
    },
    {
      name: "adds an MTU",
      text: SERVER,
      edits: [ask.mtu("lan0", 9000), ask.mtu("v5", 1400)],
      lines: [
        "+      mtu: 9000",
        "-    v5: {id: 5, link: eth2, addresses: [10.5.0.2/24], routes: [{to: 192.168.0.0/16, via: 10.5.0.1}]}",
        "+    v5: {id: 5, link: eth2, addresses: [10.5.0.2/24], routes: [{to: 192.168.0.0/16, via: 10.5.0.1}], mtu: 1400}",
      ],
    },
    {
      name: "keeps the line breaks of DOS",
      text: SERVER.replaceAll("\n", "\r\n"),
      edits: [ask.mtu("lan0", 9000), ask.add("lan0", "10.30.0.2/24")],
      lines: ["+        - 10.30.0.2/24␍", "+      mtu: 9000␍"],
    },
    {
      name: "changes nothing that is there",
      text: SERVER,
      edits: [
        ask.add("lan0", "10.20.0.2/24"),
        ask.gateway("br0", null),
        ask.routeAdd("172.16.0.0/12 via 10.10.0.9 dev lan0"),
        ask.routeRemove("172.16.0.0/12 via 10.10.0.8 dev lan0"),
      ],
      lines: [],
    },
    {
      name: "refuses what an anchor gives to two links",
      text: "network:\n  ethernets:\n    eth0: {addresses: &both [10.0.0.5/24]}\n    eth1: {addresses: *both}\n",
      edits: [ask.length("eth0", "10.0.0.5/24", 16)],
      lines: [
        "Expected an edit that changes `10.0.0.5/16 on eth0` alone, found that it also changes `address-add` of `eth1`.",
        "etc/netplan/50.yaml:3:30",
        "Write `10.0.0.5/16` into the `addresses` of `eth0` by hand.",
      ],
    },
    {
      name: "refuses a link that only a pattern matches",
      text: "network:\n  ethernets:\n    all: {match: {name: en*}, addresses: [10.0.0.5/24]}\n",
      edits: [ask.length("eno1", "10.0.0.5/24", 16)],
      lines: [
        "Expected the link `eno1` in the files, found links that are named by a pattern or by their hardware.",
        "etc/netplan/50.yaml:3:25",
        "Write `10.0.0.5/16` into the `addresses` of `eno1` by hand.",
      ],
    },
    {
      name: "refuses a gateway where DHCP gives it",
      text: SERVER,
      edits: [ask.gateway("eth1", null)],
      lines: [
        "Expected a value that is written in the files, found that `eth1` gets it by `dhcp`.",
        "etc/netplan/50.yaml:17:14",
        "Set the gateway where the address comes from, or write the addresses of the link into the file.",
      ],
    },
    {
      name: "refuses to choose between two default routes of one link",
      text: SERVER.replace("to: 172.16.0.0/12", "to: 0.0.0.0/0"),
      edits: [ask.gateway("lan0", "10.10.0.254")],
      lines: [
        "Expected one default route to change for `lan0`, found 2.",
        "etc/netplan/50.yaml:12:11",
        "Name the routes: remove the one and add the other instead of setting the gateway.",
      ],
    },
  ])("$name", ({ text, edits, lines }) => {
    expect(showEdit(editNetplan, { files: { [PATH]: text }, path: PATH }, edits)).toEqual(lines);
  });

  it("edits, of several files, the one whose MTU counts and the one in which an address stands", () => {
    const files = {
      "n/01.yaml": "network:\n  ethernets:\n    eth0:\n      addresses: [10.0.0.5/24]\n      mtu: 1400\n",
      "n/02.yaml": "network:\n  ethernets:\n    eth0:\n      mtu: 1500\n",
    };
    expect(
      showEdit(editNetplan, { files, path: "n" }, [
        ask.mtu("eth0", 9000),
        ask.length("eth0", "10.0.0.5/24", 16),
      ]),
    ).toEqual([
      "-      addresses: [10.0.0.5/24]",
      "+      addresses: [10.0.0.5/16]",
      "-      mtu: 1500",
      "+      mtu: 9000",
    ]);
  });
});
