import type { Rule } from "./rule.js";
import { addressOutsideZone } from "./rules/address-outside-zone.js";
import { asymmetricPath } from "./rules/asymmetric-path.js";
import { blackHole } from "./rules/black-hole.js";
import { bootRefused } from "./rules/boot-refused.js";
import { dhcpRangeOverStatic } from "./rules/dhcp-range-over-static.js";
import { duplicateAddress } from "./rules/duplicate-address.js";
import { duplicateMac } from "./rules/duplicate-mac.js";
import { etcdEvenMembers } from "./rules/etcd-even-members.js";
import { flannelLinkAmbiguous } from "./rules/flannel-link-ambiguous.js";
import { hostGwAcrossSegments } from "./rules/host-gw-across-segments.js";
import { loop } from "./rules/loop.js";
import { mtuDiffers } from "./rules/mtu-differs.js";
import { mtuTooSmallForOverlay } from "./rules/mtu-too-small-for-overlay.js";
import { neighbourNotOwner } from "./rules/neighbour-not-owner.js";
import { nextHopDoesNotForward } from "./rules/next-hop-does-not-forward.js";
import { nextHopNotOnlink } from "./rules/next-hop-not-onlink.js";
import { nextHopUnowned } from "./rules/next-hop-unowned.js";
import { nodeIpAmbiguous } from "./rules/node-ip-ambiguous.js";
import { oneMacManyAddresses } from "./rules/one-mac-many-addresses.js";
import { overlappingConnectedPrefixes } from "./rules/overlapping-connected-prefixes.js";
import { prefixCoversPodCidr } from "./rules/prefix-covers-pod-cidr.js";
import { prefixCoversServiceCidr } from "./rules/prefix-covers-service-cidr.js";
import { prefixLengthDiffers } from "./rules/prefix-length-differs.js";
import { proxyArpSharedPrefix } from "./rules/proxy-arp-shared-prefix.js";
import { redirectsExpected } from "./rules/redirects-expected.js";
import { routeNotFromColdBoot } from "./rules/route-not-from-cold-boot.js";
import { rpFilterDrop } from "./rules/rp-filter-drop.js";
import { singleControlPlaneEndpoint } from "./rules/single-control-plane-endpoint.js";
import { twoDefaultRoutes } from "./rules/two-default-routes.js";
import { unmodelled } from "./rules/unmodelled.js";
import { unreadableInput } from "./rules/unreadable-input.js";

/** Every rule, in the order in which docs/checks/README.md lists them: addresses, routes, neighbours, MTU, paths, cluster, input. */
export const RULES: readonly Rule[] = [
  prefixLengthDiffers,
  prefixCoversPodCidr,
  prefixCoversServiceCidr,
  overlappingConnectedPrefixes,
  duplicateAddress,
  duplicateMac,
  dhcpRangeOverStatic,
  addressOutsideZone,
  nextHopNotOnlink,
  nextHopUnowned,
  nextHopDoesNotForward,
  twoDefaultRoutes,
  routeNotFromColdBoot,
  oneMacManyAddresses,
  proxyArpSharedPrefix,
  neighbourNotOwner,
  mtuDiffers,
  mtuTooSmallForOverlay,
  loop,
  blackHole,
  asymmetricPath,
  redirectsExpected,
  rpFilterDrop,
  hostGwAcrossSegments,
  nodeIpAmbiguous,
  flannelLinkAmbiguous,
  etcdEvenMembers,
  singleControlPlaneEndpoint,
  bootRefused,
  unreadableInput,
  unmodelled,
];
