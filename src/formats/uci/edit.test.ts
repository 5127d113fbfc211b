import { describe, expect, it } from "vitest";
import { ask, showEdit } from "../../../test/contract/edits.js";
import { editUci } from "./index.js";

const ROUTER = `config interface 'lan'
	option device 'br-lan'
	option proto 'static'
	option ipaddr '10.0.0.1' # the router
	option netmask '255.255.255.0'
	option broadcast '10.0.0.255'

config interface 'guest'
	option device 'eth1'
	option proto 'static'
	list ipaddr '10.7.0.1/24'
	list ipaddr '10.8.0.1/255.255.0.0'
	option metric '20'

config interface 'wan'
	option device 'eth0'
	option proto 'dhcp'

config device
	option name 'br-lan'
	option type 'bridge'

config route 'office'
	option interface 'lan'
	option target '172.16.0.0'
	option netmask '255.240.0.0'
	option gateway '10.0.0.2'

config route
	option interface 'guest'
	option target '192.168.0.0/16'
	option gateway '10.7.0.9'
	option onlink '1'
`;

const WITH_GATEWAY = ROUTER.replace("\toption netmask", "\toption gateway '10.0.0.254'\n\toption netmask");

const OLD = `config interface lan
  option type bridge
  option ifname "eth0 eth1"
  option proto static
  option ipaddr "192.168.1.1 192.168.2.1/24"
  option netmask 255.255.255.0
  option mtu 1400
`;

const ONE_LINE =
  "config interface x; option proto static\noption device e; option ipaddr 10.0.0.1; option gateway 10.0.0.2\n";

describe("editUci", () => {
  it.each([
    {
      name: "changes the netmask of a bare address and its broadcast address, and keeps the comment",
      text: ROUTER,
      edits: [ask.length("br-lan", "10.0.0.1/24", 16)],
      lines: [
        "-→option netmask '255.255.255.0'",
        "-→option broadcast '10.0.0.255'",
        "+→option netmask '255.255.0.0'",
        "+→option broadcast '10.0.255.255'",
      ],
    },
    {
      name: "changes lengths in a list, each in its own form, with the metric of the interface",
      text: ROUTER,
      edits: [ask.length("eth1", "10.7.0.1/24", 16), ask.length("eth1", "10.8.0.1/16", 20)],
      lines: [
        "-→list ipaddr '10.7.0.1/24'",
        "-→list ipaddr '10.8.0.1/255.255.0.0'",
        "+→list ipaddr '10.7.0.1/16'",
        "+→list ipaddr '10.8.0.1/255.255.240.0'",
      ],
    },
    {
      name: "changes the netmask that one of two words takes",
      text: OLD,
      edits: [ask.length("br-lan", "192.168.1.1/24", 16)],
      lines: ["-  option netmask 255.255.255.0", "+  option netmask 255.255.0.0"],
    },
    {
      name: "puts an added address in the place of a removed one",
      text: ROUTER,
      edits: [ask.remove("br-lan", "10.0.0.1/24"), ask.add("br-lan", "10.1.0.1/24")],
      lines: [
        "-→option ipaddr '10.0.0.1' # the router",
        "+→option ipaddr '10.1.0.1' # the router",
        "-→option broadcast '10.0.0.255'",
        "+→option broadcast '10.1.0.255'",
      ],
    },
    {
      name: "adds an address to a list",
      text: ROUTER,
      edits: [ask.add("eth1", "10.1.0.1/24")],
      lines: ["+→list ipaddr '10.1.0.1/24'"],
    },
    {
      name: "makes a list of an option",
      text: ROUTER.replace("\toption broadcast '10.0.0.255'\n", ""),
      edits: [ask.add("br-lan", "10.1.0.1/24")],
      lines: [
        "-→option ipaddr '10.0.0.1' # the router",
        "+→list ipaddr '10.0.0.1' # the router",
        "+→list ipaddr '10.1.0.1/24'",
      ],
    },
    {
      name: "adds a word to an option that holds several",
      text: OLD,
      edits: [ask.add("br-lan", "10.1.0.1/24")],
      lines: [
        '-  option ipaddr "192.168.1.1 192.168.2.1/24"',
        '+  option ipaddr "192.168.1.1 192.168.2.1/24 10.1.0.1/24"',
      ],
    },
    {
      name: "takes a word out of an option that holds several",
      text: OLD,
      edits: [ask.remove("br-lan", "192.168.2.1/24")],
      lines: ['-  option ipaddr "192.168.1.1 192.168.2.1/24"', '+  option ipaddr "192.168.1.1"'],
    },
    {
      name: "takes an address out of a list",
      text: ROUTER,
      edits: [ask.remove("eth1", "10.7.0.1/24")],
      lines: ["-→list ipaddr '10.7.0.1/24'"],
    },
    {
      name: "leaves an interface without its only address as `proto none`",
      text: ROUTER,
      edits: [ask.remove("br-lan", "10.0.0.1/24")],
      lines: [
        "-→option proto 'static'",
        "-→option ipaddr '10.0.0.1' # the router",
        "-→option netmask '255.255.255.0'",
        "-→option broadcast '10.0.0.255'",
        "+→option proto 'none'",
      ],
    },
    {
      name: "adds a gateway behind the netmask",
      text: ROUTER,
      edits: [ask.gateway("br-lan", "10.0.0.254")],
      lines: ["+→option gateway '10.0.0.254'"],
    },
    {
      name: "changes a gateway",
      text: WITH_GATEWAY,
      edits: [ask.gateway("br-lan", "10.0.0.253")],
      lines: ["-→option gateway '10.0.0.254'", "+→option gateway '10.0.0.253'"],
    },
    {
      name: "writes a gateway that is onlink as a route, since `gateway` never is",
      text: WITH_GATEWAY,
      edits: [ask.gateway("br-lan", "10.9.0.254", true)],
      lines: [
        "-→option gateway '10.0.0.254'",
        "+",
        "+config route",
        "+→option interface 'lan'",
        "+→option target '0.0.0.0/0'",
        "+→option gateway '10.9.0.254'",
        "+→option onlink '1'",
      ],
    },
    {
      name: "takes the gateway away",
      text: WITH_GATEWAY,
      edits: [ask.gateway("br-lan", null)],
      lines: ["-→option gateway '10.0.0.254'"],
    },
    {
      name: "adds a route behind the last one",
      text: ROUTER,
      edits: [ask.routeAdd("10.64.0.0/10 via 10.7.0.3 dev eth1 metric 5")],
      lines: [
        "+",
        "+config route",
        "+→option interface 'guest'",
        "+→option target '10.64.0.0/10'",
        "+→option gateway '10.7.0.3'",
        "+→option metric '5'",
      ],
    },
    {
      name: "writes the netmask of a new route as the last one does",
      text: ROUTER.slice(0, ROUTER.lastIndexOf("\nconfig route")),
      edits: [ask.routeAdd("10.64.0.0/10 via 10.0.0.3 dev br-lan")],
      lines: [
        "+",
        "+config route",
        "+→option interface 'lan'",
        "+→option target '10.64.0.0'",
        "+→option netmask '255.192.0.0'",
        "+→option gateway '10.0.0.3'",
      ],
    },
    {
      name: "changes the next hop of a route and makes it onlink",
      text: ROUTER,
      edits: [
        ask.routeRemove("172.16.0.0/12 via 10.0.0.2 dev br-lan"),
        ask.routeAdd("172.16.0.0/12 via 10.9.0.2 dev br-lan onlink"),
      ],
      lines: ["-→option gateway '10.0.0.2'", "+→option gateway '10.9.0.2'", "+→option onlink '1'"],
    },
    {
      name: "changes the destination of a route in its own form",
      text: ROUTER,
      edits: [
        ask.routeRemove("172.16.0.0/12 via 10.0.0.2 dev br-lan"),
        ask.routeAdd("172.24.0.0/13 via 10.0.0.2 dev br-lan"),
      ],
      lines: [
        "-→option target '172.16.0.0'",
        "-→option netmask '255.240.0.0'",
        "+→option target '172.24.0.0'",
        "+→option netmask '255.248.0.0'",
      ],
    },
    {
      name: "takes the section of a route out with the blank line behind it",
      text: ROUTER,
      edits: [ask.routeRemove("172.16.0.0/12 via 10.0.0.2 dev br-lan")],
      lines: [
        "-config route 'office'",
        "-→option interface 'lan'",
        "-→option target '172.16.0.0'",
        "-→option netmask '255.240.0.0'",
        "-→option gateway '10.0.0.2'",
        "-",
      ],
    },
    {
      name: "takes the last section out with the blank line before it",
      text: ROUTER,
      edits: [ask.routeRemove("192.168.0.0/16 via 10.7.0.9 dev eth1 onlink")],
      lines: [
        "-",
        "-config route",
        "-→option interface 'guest'",
        "-→option target '192.168.0.0/16'",
        "-→option gateway '10.7.0.9'",
        "-→option onlink '1'",
      ],
    },
    {
      name: "adds an MTU to the section of the device",
      text: ROUTER,
      edits: [ask.mtu("br-lan", 9000)],
      lines: ["+→option mtu '9000'"],
    },
    {
      name: "makes a section for a device that has none, behind the last of its kind",
      text: ROUTER,
      edits: [ask.mtu("eth1", 9000)],
      lines: ["+config device", "+→option name 'eth1'", "+→option mtu '9000'", "+"],
    },
    {
      name: "changes the MTU that an old file gives to its interface",
      text: OLD,
      edits: [ask.mtu("br-lan", 9000)],
      lines: ["-  option mtu 1400", "+  option mtu 9000"],
    },
    {
      name: "keeps the line breaks of DOS",
      text: ROUTER.replaceAll("\n", "\r\n"),
      edits: [ask.length("br-lan", "10.0.0.1/24", 16), ask.routeAdd("10.64.0.0/10 via 10.0.0.3 dev br-lan")],
      lines: [
        "-→option netmask '255.255.255.0'␍",
        "-→option broadcast '10.0.0.255'␍",
        "+→option netmask '255.255.0.0'␍",
        "+→option broadcast '10.0.255.255'␍",
        "+␍",
        "+config route␍",
        "+→option interface 'lan'␍",
        "+→option target '10.64.0.0/10'␍",
        "+→option gateway '10.0.0.3'␍",
      ],
    },
    {
      name: "changes nothing that is there",
      text: ROUTER,
      edits: [
        ask.length("br-lan", "10.0.0.1/16", 24),
        ask.add("eth1", "10.8.0.1/16"),
        ask.gateway("eth1", null),
        ask.mtu("br-lan", 1500),
      ],
      lines: [],
    },
    {
      name: "refuses a second address where a broadcast address is written for both",
      text: ROUTER,
      edits: [ask.add("br-lan", "10.1.0.1/24")],
      lines: [
        "Expected an edit that changes `10.1.0.1/24 on br-lan` alone, found that it changes more of the address.",
        "nowhere",
        "Write `list ipaddr '10.1.0.1/24'` into the `interface` section of `br-lan` by hand.",
      ],
    },
    {
      name: "refuses an address where DHCP gives it",
      text: ROUTER,
      edits: [ask.add("eth0", "10.1.0.1/24")],
      lines: [
        "Expected a plain line for `10.1.0.1/24 on eth0`, found `proto` `dhcp` on `eth0`.",
        "network:15:1",
        "Write `list ipaddr '10.1.0.1/24'` into the `interface` section of `eth0` by hand.",
      ],
    },
    {
      name: "refuses a gateway where DHCP gives it",
      text: ROUTER,
      edits: [ask.gateway("eth0", "10.1.0.1")],
      lines: [
        "Expected a value that is written in the files, found that `eth0` gets it by `dhcp`.",
        "network:17:15",
        "Set the gateway where the address comes from, or write the addresses of the link into the file.",
      ],
    },
    {
      name: "refuses the name of an interface: edits name links",
      text: ROUTER,
      edits: [ask.length("lan", "10.0.0.1/24", 16)],
      lines: [
        "Expected the link `lan` in the files, found none.",
        "nowhere",
        "Write `list ipaddr '10.0.0.1/16'` into the `interface` section of `lan` by hand.",
      ],
    },
    {
      name: "refuses to take out of a line that holds several commands",
      text: ONE_LINE,
      edits: [ask.gateway("e", null)],
      lines: [
        "Expected an edit that changes `default via 10.0.0.2 dev e` alone, found that it leaves the route in another place.",
        "network:2:57",
        "Take the `route` section of `default via 10.0.0.2 dev e` out by hand.",
      ],
    },
  ])("$name", ({ text, edits, lines }) => {
    expect(showEdit(editUci, { files: { network: text }, path: "network" }, edits)).toEqual(lines);
  });
});
