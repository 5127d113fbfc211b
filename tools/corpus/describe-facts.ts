import { formatIPv4, formatPrefix } from "#ip/index.js";
import type {
  Address,
  HostConfiguration,
  K3sConfiguration,
  LinkType,
  Operation,
  Route,
  Rule,
} from "#model/index.js";

/** The facts of a configuration as text, one a line, in their order. What is only reported is in the issues, not here. */
export function describeFacts(configuration: HostConfiguration): readonly string[] {
  return [
    ...configuration.steps.map((step) => describeOperation(step.operation)),
    ...configuration.dynamicLinks.map(
      ({ link, protocol, metric }) =>
        `dynamic ${link} ${protocol}${metric === undefined ? "" : ` metric ${metric}`}`,
    ),
    ...configuration.ipv6.map(
      ({ link, kind, text }) => `ipv6 ${kind} ${text}${link === null ? "" : ` dev ${link}`}`,
    ),
    ...configuration.dhcpRanges.map(
      ({ link, network, first, last }) =>
        `dhcp-range ${formatIPv4(first)}-${formatIPv4(last)}${network === null ? "" : ` in ${formatPrefix(network)}`}${link === null ? "" : ` dev ${link}`}`,
    ),
    ...(configuration.k3s === null ? [] : describeK3s(configuration.k3s)),
  ];
}

function describeOperation(operation: Operation): string {
  switch (operation.kind) {
    case "link-add": {
      const { name, type, mtu, mac } = operation.link;
      return `link ${name} ${describeType(type)} mtu ${mtu}${mac === null ? "" : ` mac ${mac}`}`;
    }
    case "link-delete":
    case "link-up":
    case "link-down":
      return `${operation.kind} ${operation.link}`;
    case "link-mtu":
      return `link-mtu ${operation.link} mtu ${operation.mtu}`;
    case "link-mac":
      return `link-mac ${operation.link} mac ${operation.mac}`;
    case "link-master":
      return `link-master ${operation.link} master ${operation.master ?? "none"}`;
    case "address-add":
      return describeAddress(operation.address);
    case "address-delete":
      return `address-delete ${formatPrefix({ address: operation.ip, length: operation.length })} dev ${operation.link}`;
    case "etcd-peer":
      return `etcd-peer ${formatIPv4(operation.ip)}`;
    case "route-add":
    case "route-append":
    case "route-replace":
      return describeRoute(operation.route);
    case "route-delete":
      return `route-delete ${formatPrefix(operation.route.destination)}`;
    case "rule-add":
      return describeRule(operation.rule);
    case "rule-delete":
      return `rule-delete ${describeRule(operation.rule)}`;
    case "neighbour-replace":
      return `neighbour ${formatIPv4(operation.neighbour.ip)} dev ${operation.neighbour.link} mac ${operation.neighbour.mac ?? "none"}`;
    case "neighbour-delete":
      return `neighbour-delete ${formatIPv4(operation.ip)} dev ${operation.link}`;
    case "neighbour-flush":
      return `neighbour-flush ${operation.link ?? "all"}`;
    case "route-cache-flush":
      return operation.kind;
    case "fdb-flush":
      return `fdb-flush ${operation.link}`;
    case "fdb-append":
    case "fdb-delete":
      return `${operation.kind} ${operation.entry.mac} dev ${operation.entry.link}`;
    case "bridge-vlan-add":
    case "bridge-vlan-delete":
      return `${operation.kind} ${operation.vlan}-${operation.lastVlan} dev ${operation.link}`;
    case "sysctl":
      return `sysctl net.ipv4.${operation.key} = ${operation.value}`;
  }
}

function describeType(type: LinkType): string {
  switch (type.kind) {
    case "loopback":
    case "ethernet":
    case "dummy":
      return type.kind;
    case "bridge":
      return type.isVlanAware ? "bridge vlan-aware" : "bridge";
    case "vlan":
      return `vlan id ${type.id} on ${type.lower}`;
    case "bond":
      return `bond mode ${type.mode}`;
    case "vxlan":
      return `vxlan id ${type.id} port ${type.port}${type.local === null ? "" : ` local ${formatIPv4(type.local)}`}${type.lower === null ? "" : ` on ${type.lower}`}`;
    case "other":
      return type.name;
  }
}

function describeAddress(address: Address): string {
  const peer = address.peer === null ? "" : ` peer ${formatIPv4(address.peer)}/${address.length}`;
  return `address ${formatIPv4(address.ip)}/${address.length}${peer} dev ${address.link}`;
}

function describeRoute(route: Route): string {
  return [
    "route",
    route.type === "unicast" ? "" : route.type,
    route.destination.length === 0 ? "default 0.0.0.0/0" : formatPrefix(route.destination),
    route.gateway === null ? "" : `via ${formatIPv4(route.gateway)}`,
    route.link === null ? "" : `dev ${route.link}`,
    route.isOnlink ? "onlink" : "",
    route.metric === 0 ? "" : `metric ${route.metric}`,
    route.table === 254 ? "" : `table ${route.table}`,
    route.preferredSource === null ? "" : `src ${formatIPv4(route.preferredSource)}`,
  ]
    .filter((part) => part !== "")
    .join(" ");
}

function describeRule(rule: Rule): string {
  const { action } = rule;
  const hex = (value: number): string => `0x${value.toString(16)}`;
  return [
    `rule priority ${rule.priority}`,
    rule.isInverted ? "not" : "",
    rule.from === null ? "" : `from ${formatPrefix(rule.from)}`,
    rule.to === null ? "" : `to ${formatPrefix(rule.to)}`,
    rule.incoming === null ? "" : `iif ${rule.incoming}`,
    rule.outgoing === null ? "" : `oif ${rule.outgoing}`,
    rule.mark === null ? "" : `mark ${hex(rule.mark.value)}/${hex(rule.mark.mask)}`,
    action.kind === "lookup" ? `table ${action.table}` : action.kind,
    action.kind === "unmodelled" ? action.text : "",
  ]
    .filter((part) => part !== "")
    .join(" ");
}

function describeK3s(k3s: K3sConfiguration): readonly string[] {
  return [
    `k3s role ${k3s.role ?? "not stated"}`,
    k3s.nodeIp === null ? "" : `k3s node-ip ${formatIPv4(k3s.nodeIp)}`,
    k3s.flannelBackend === null ? "" : `k3s flannel-backend ${k3s.flannelBackend}`,
    k3s.flannelLink === null ? "" : `k3s flannel-iface ${k3s.flannelLink}`,
    k3s.podCidr === null ? "" : `k3s cluster-cidr ${formatPrefix(k3s.podCidr)}`,
    k3s.serviceCidr === null ? "" : `k3s service-cidr ${formatPrefix(k3s.serviceCidr)}`,
    k3s.server === null ? "" : `k3s server ${k3s.server}`,
    ...k3s.tlsSans.map((name) => `k3s tls-san ${name}`),
    k3s.isClusterInit ? "k3s cluster-init" : "",
    ...(k3s.otherSettings ?? []).map(({ key, value }) => `k3s ${key} ${value}`),
  ].filter((line) => line !== "");
}
