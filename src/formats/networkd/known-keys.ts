function words(text: string): ReadonlySet<string> {
  return new Set(text.split(/\s+/).filter((word) => word !== ""));
}

/** Keys without effect on the IPv4 state of a cold boot, and keys that are known and not modelled, by section; systemd.network(5). */
export const NETWORK_KEYS = {
  harmless:
    words(`Description DNS Domains DNSDefaultRoute DNSOverTLS DNSSEC DNSSECNegativeTrustAnchors NTP LLMNR MulticastDNS LLDP EmitLLDP
    IPv6AcceptRA IPv6SendRA IPv6PrivacyExtensions IPv6DuplicateAddressDetection IPv6HopLimit IPv6RetransmissionTimeSec IPv6MTUBytes
    IPv6LinkLocalAddressGenerationMode IPv6StableSecretAddress IPv6Token IPv6ProxyNDP IPv6ProxyNDPAddress IPv6Forwarding IPv6AcceptRouterAdvertisements
    ConfigureWithoutCarrier IgnoreCarrierLoss KeepConfiguration RequiredForOnline ActiveSlave PrimarySlave BindCarrier
    DHCPPrefixDelegation DHCPv6PrefixDelegation UseDomains NFTSet KeepMaster MPLSRouting`),
  unmodelled: words(`IPv4DuplicateAddressDetectionTimeoutSec MACsec Xfrm IPoIB Tunnel
    BatmanAdvanced IPVLAN IPVTAP MACVTAP DHCPv4`),
} as const;

export const LINK_KEYS = {
  harmless: words(`RequiredForOnline RequiredFamilyForOnline Group Multicast AllMulticast Promiscuous`),
  unmodelled: words("ARP"),
} as const;

export const ADDRESS_KEYS = {
  harmless: words(
    "Label DuplicateAddressDetection HomeAddress ManageTemporaryAddress AutoJoin NetLabel NFTSet",
  ),
  unmodelled: words("PreferredLifetime PrefixRoute RouteMetric"),
} as const;

export const ROUTE_KEYS = {
  harmless:
    words(`InitialCongestionWindow InitialAdvertisedReceiveWindow QuickAck FastOpenNoCookie TTLPropagate TCPAdvertisedMaximumSegmentSize
    TCPCongestionControlAlgorithm TCPRetransmissionTimeoutSec HopLimit IPv6Preference Protocol IPServiceType`),
  unmodelled: words("MTUBytes Source NextHop TypeOfService"),
} as const;

export const RULE_KEYS = {
  harmless: words("User"),
  unmodelled: words(""),
} as const;

export const DHCP_SERVER_KEYS = {
  harmless:
    words(`DefaultLeaseTimeSec MaxLeaseTimeSec UplinkInterface EmitDNS DNS EmitNTP NTP EmitSIP SIP EmitPOP3 POP3 EmitSMTP SMTP EmitLPR LPR
    EmitRouter Router EmitTimezone Timezone BootServerAddress BootServerName BootFilename SendOption SendVendorOption BindToInterface
    RapidCommit PersistLeases LocalLeaseDomain IPv6OnlyPreferredSec EmitDomain Domain`),
  unmodelled: words("RelayTarget RelayAgentCircuitId RelayAgentRemoteId"),
} as const;

export const BRIDGE_PORT_KEYS = {
  harmless:
    words(`HairPin UseBPDU FastLeave AllowPortToBeRoot UnicastFlood MulticastFlood MulticastToUnicast MulticastRouter Learning Cost Priority
    Locked MACAuthenticationBypass VLANTunnel`),
  unmodelled: words("Isolated ProxyARP ProxyARPWiFi NeighborSuppression"),
} as const;

export const MATCH_KEYS = {
  harmless: words(""),
  unmodelled:
    words(`PermanentMACAddress Path Driver Type Kind Property WLANInterfaceType SSID BSSID Host Virtualization KernelCommandLine
    KernelVersion Credential Architecture Firmware OriginalName`),
} as const;

/** Sections of a `.network` file whose settings do not change the IPv4 state of a cold boot. */
export const HARMLESS_NETWORK_SECTIONS: ReadonlySet<string> =
  words(`DHCPv6 DHCPv4 DHCP IPv6AcceptRA IPv6SendRA IPv6Prefix IPv6RoutePrefix IPv6PREF64Prefix
  IPv6AddressLabel DHCPPrefixDelegation DHCPServerStaticLease LLDP MobileNetwork SR-IOV CAN IPoIB QDisc NetworkEmulator TokenBucketFilter
  PIE FlowQueuePIE StochasticFairBlue StochasticFairnessQueueing BFIFO PFIFO PFIFOHeadDrop PFIFOFast CAKE ControlledDelay DeficitRoundRobinScheduler
  DeficitRoundRobinSchedulerClass EnhancedTransmissionSelection GenericRandomEarlyDetection FairQueueingControlledDelay FairQueueing
  TrivialLinkEqualizer HierarchyTokenBucket HierarchyTokenBucketClass HeavyHitterFilter QuickFairQueueing QuickFairQueueingClass`);

/** Sections of a `.netdev` file that tune and do not change who reaches whom. */
export const HARMLESS_NETDEV_SECTIONS: ReadonlySet<string> = words(
  "Match NetDev Bridge Bond VLAN VXLAN VRF Peer Dummy MACVLAN",
);
