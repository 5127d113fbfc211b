import type { InterfaceOption } from "./document.js";
import { canonicalName } from "./interfaces.js";

/** What the conversion reads, and lines of the way down, which no boot runs. */
const READ: ReadonlySet<string> = new Set(
  `address netmask broadcast gateway metric pointopoint scope mtu hwaddress pre-up up post-up down pre-down post-down
  bridge-ports bridge-vlan-aware bridge-vids bridge-pvid bridge-access bridge-allow-untagged bridge-hw bridge-learning
  bond-slaves bond-mode bond-master bond-primary vlan-raw-device vlan-id vxlan-id vxlan-local-tunnelip vxlan-port vxlan-physdev
  vxlan-remoteip vxlan-learning vrf vrf-table link-type ovs-type ovs-ports ovs-bonds ovs-bridge ip-forward arp-accept`.split(
    /\s+/,
  ),
);

/** What changes nothing the model holds: names, DNS, DHCP client behaviour, spanning tree timers, IPv6 hints, Wi-Fi keys. */
const SILENT =
  /^(?:dns-.*|bond-.*|bridge-(?:stp|fd|maxwait|waitport|ageing|hello|maxage|bridgeprio|portprio|pathcost|gcint|disabled|mcsnoop|mcquerier|mcqifaddr|igmp.*|ports-condone.*|vlan-protocol)|mstpctl-.*|wpa-.*|wireless-.*|link-(?:speed|duplex|autoneg|fec|down)|ethernet-.*|offload-.*|hardware-.*|network|hostname|alias|comments?|description|leasehours|leasetime|vendor|client|provider|unit|options|accept-ra|autoconf|privext|use-tempaddr|dad-.*|preferred-lifetime|request-prefix|ip6-forward|ipv6-addrgen|txqueuelen|class|ifupdown2-.*|clagd-.*|clag-id|ovs-mtu|endpoint|local|mode|ttl)$/;

/** Whether the line is read by the conversion, or may be passed over without a word. */
export function isKnownOption(option: InterfaceOption): boolean {
  const name = canonicalName(option);
  return READ.has(name) || SILENT.test(name);
}

const IFUPDOWN2 =
  /^(?:bridge-(?:vlan-aware|vids|pvid|access|learning|arp-nd-suppress)|vrf|vrf-table|vxlan-.*|vlan-id|address-virtual|mstpctl-.*|link-.*|clagd-.*)$/;

/** Whether only ifupdown2 knows an option of that name. */
export function isIfupdown2Option(option: InterfaceOption): boolean {
  return IFUPDOWN2.test(canonicalName(option));
}
