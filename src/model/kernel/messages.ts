import type { Refusal } from "./refusal.js";

function refusal(kind: Refusal["kind"], kernelMessage: string): Refusal {
  return { kind, kernelMessage };
}

/**
 * What `ip`, `bridge` and `sysctl` print when the kernel refuses. Texts that begin with `Error:` are the kernel's own (netlink extended
 * acknowledgement); `RTNETLINK answers:` is strerror(3); the others are the tool's, which never asked the kernel.
 */
export const refuse = {
  noSuchLink: (name: string): Refusal => refusal("no-such-link", `Cannot find device "${name}"`),
  noSuchMaster: (name: string): Refusal =>
    refusal("no-such-link", `Error: argument "${name}" is wrong: Device does not exist`),
  linkExists: (): Refusal => refusal("link-exists", "RTNETLINK answers: File exists"),
  linkNotDeletable: (): Refusal => refusal("invalid-value", "RTNETLINK answers: Operation not supported"),
  lowerLinkIsDown: (): Refusal => refusal("link-is-down", "RTNETLINK answers: Network is down"),
  mtuTooSmall: (): Refusal => refusal("invalid-value", "Error: mtu less than device minimum."),
  mtuTooLarge: (): Refusal => refusal("invalid-value", "Error: mtu greater than device maximum."),
  mtuAboveLower: (): Refusal => refusal("invalid-value", "RTNETLINK answers: Numerical result out of range"),
  mtuAboveVxlanLower: (): Refusal => refusal("invalid-value", "RTNETLINK answers: Invalid argument"),
  macNotUnicast: (): Refusal =>
    refusal("invalid-value", "RTNETLINK answers: Cannot assign requested address"),
  notAMaster: (): Refusal => refusal("invalid-value", "RTNETLINK answers: Operation not supported"),
  bridgeInBridge: (): Refusal => refusal("invalid-value", "Error: Can not enslave a bridge to a bridge."),
  loopbackInBridge: (): Refusal => refusal("invalid-value", "RTNETLINK answers: Invalid argument"),
  addressExists: (): Refusal => refusal("address-exists", "Error: ipv4: Address already assigned."),
  addressScope: (): Refusal => refusal("invalid-value", "Error: ipv4: Invalid scope value."),
  noSuchAddress: (): Refusal => refusal("no-such-address", "Error: ipv4: Address not found."),
  routeExists: (): Refusal => refusal("route-exists", "RTNETLINK answers: File exists"),
  noSuchRoute: (): Refusal => refusal("no-such-route", "RTNETLINK answers: No such process"),
  noSuchTable: (): Refusal => refusal("no-such-route", "Error: FIB table does not exist."),
  invalidGateway: (): Refusal => refusal("invalid-gateway", "Error: Nexthop has invalid gateway."),
  gatewayScope: (): Refusal => refusal("invalid-gateway", "Error: Nexthop has invalid scope."),
  gatewayLinkIsDown: (): Refusal => refusal("link-is-down", "RTNETLINK answers: Network is down"),
  onlinkWithoutLink: (): Refusal => refusal("no-link", "Error: Nexthop device required for onlink."),
  onlinkLinkIsDown: (): Refusal => refusal("link-is-down", "Error: Nexthop device is not up."),
  routeLinkIsDown: (): Refusal => refusal("link-is-down", "Error: Device for nexthop is not up."),
  onlinkWithoutGateway: (): Refusal =>
    refusal("invalid-gateway", "Error: Invalid flags for nexthop - PERVASIVE and ONLINK can not be set."),
  noLink: (): Refusal => refusal("no-link", "RTNETLINK answers: No such device"),
  routeScope: (): Refusal => refusal("invalid-value", "Error: Invalid scope."),
  hostScopeWithGateway: (): Refusal =>
    refusal("invalid-gateway", "Error: Route with host scope can not have a gateway."),
  discardWithNextHop: (): Refusal =>
    refusal(
      "invalid-value",
      "Error: Gateway, device and multipath can not be specified for this route type.",
    ),
  sourceNotOwn: (): Refusal => refusal("source-not-own", "Error: Invalid prefsrc address."),
  ruleExists: (): Refusal => refusal("rule-exists", "RTNETLINK answers: File exists"),
  noSuchRule: (): Refusal => refusal("no-such-rule", "RTNETLINK answers: No such file or directory"),
  noSuchNeighbour: (): Refusal =>
    refusal("no-such-neighbour", "RTNETLINK answers: No such file or directory"),
  neighbourWithoutMac: (): Refusal => refusal("invalid-value", "RTNETLINK answers: Invalid argument"),
  noSuchFdbEntry: (): Refusal => refusal("no-such-fdb-entry", "RTNETLINK answers: No such file or directory"),
  fdbWithoutRemote: (): Refusal => refusal("invalid-value", "RTNETLINK answers: Invalid argument"),
  noSuchBridgePort: (name: string): Refusal => refusal("no-such-link", `Cannot find bridge device "${name}"`),
  vlanRange: (): Refusal => refusal("invalid-value", "RTNETLINK answers: Invalid argument"),
  noSuchVlan: (): Refusal => refusal("no-such-vlan", "RTNETLINK answers: No such file or directory"),
  notABridgePort: (): Refusal => refusal("invalid-value", "RTNETLINK answers: Operation not supported"),
  noSuchSysctl: (key: string): Refusal =>
    refusal(
      "invalid-value",
      `sysctl: cannot stat /proc/sys/net/ipv4/${key.replaceAll(/[./]/g, (sign) => (sign === "." ? "/" : "."))}: No such file or directory`,
    ),
} as const;
