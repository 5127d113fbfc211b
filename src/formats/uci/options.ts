import { optionValue, type UciDocument, type UciSection } from "./document.js";
import type { Draft } from "./draft.js";
import { unknownOptionIssue } from "./messages.js";

function words(text: string): ReadonlySet<string> {
  return new Set(text.split(/\s+/));
}

/** Options that are read, or that change nothing the model holds: names, DNS, DHCP client behaviour, offloads, snooping, IPv6 hints. */
const KNOWN: ReadonlyMap<string, ReadonlySet<string>> = new Map([
  [
    "interface",
    words(`device ifname type proto ipaddr netmask broadcast ptpaddr gateway metric mtu macaddr ip4table ip6table disabled auto
      dns dns_search dns_metric peerdns hostname clientid vendorid reqopts sendopts norelease leasetime defaultroute delegate
      classlessroute customroutes broadcast6 ip6addr ip6gw ip6prefix ip6assign ip6hint ip6ifaceid ip6class ip6deprecated ipv6
      reqaddress reqprefix noslaaconly forceprefix extendprefix iface_dslite iface_map iface_464xlat ifaceid userclass verbose
      force_link zone defaultreqopts sourcefilter keep_ra_dnslifetime soltimeout fakeroutes ra_holdoff noserverunicast noclientfqdn
      acceptra igmp_snooping multicast_querier bridge_empty stp isolate multipath nohostroute username password service ac keepalive
      demand pppd_options mesh private_key listen_port addresses fwmark apn pincode pdptype dialnumber delay modes`),
  ],
  [
    "device",
    words(`name type ifname ports vid mode macaddr mtu mtu6 ipv6 disabled bridge_empty stp forward_delay hello_time max_age ageing_time
      priority igmp_snooping multicast_querier multicast_to_unicast vlan_filtering txqueuelen promisc multicast acceptlocal isolate
      learning unicast_flood hash_max robustness query_interval last_member_interval query_response_interval speed duplex autoneg
      pause asym_pause rxpause txpause gro eee rps xps dadtransmits ip6segmentrouting neighreachabletime neighgcstaletime
      ingress_qos_mapping egress_qos_mapping has_vlans hash_elasticity multicast_fast_leave macvlan_mode sendredirects rpfilter arp_accept
      drop_v4_unicast_in_l2_multicast drop_v6_unicast_in_l2_multicast drop_gratuitous_arp drop_unsolicited_na`),
  ],
]);

/** Reports each option of interfaces and devices that no rule of this folder reads. Options that start with `_` are notes of other tools. */
export function reportUnknownOptions(document: UciDocument, draft: Draft): void {
  for (const section of document.sections) reportSection(section, draft);
}

function reportSection(section: UciSection, draft: Draft): void {
  const known = KNOWN.get(section.type);
  if (known === undefined) return;
  for (const { name } of section.options) {
    const value = optionValue(section, name);
    if (value === null || name.startsWith("_") || isHarmless(section, known, name, value.text)) continue;
    draft.issues.push(unknownOptionIssue(section, name, value));
  }
}

function isHarmless(section: UciSection, known: ReadonlySet<string>, name: string, text: string): boolean {
  // An isolated port hears no other isolated port of its bridge.
  if (name === "isolate") return text === "0";
  // Only interfaces of old files hold their bridge's settings, and only WireGuard has `addresses`.
  if (section.type === "interface" && name === "addresses")
    return optionValue(section, "proto")?.text === "wireguard";
  return known.has(name);
}
