/**
 * The words of the product as types: fleet, snapshot, host, link, address, route, neighbour, segment, cluster,
 * kernel operation, issue; and what the kernel does with one operation or with a boot.
 *
 * For: every folder that reads or changes a network as a value.
 * Not for: packets (`dataplane`), files (`formats`), or anything that does I/O.
 * Law: a value is never mutated; `applyOperation` gives a new host that shares what did not change, or the kernel's refusal.
 */
export { companionSteps } from "./address-companions.js";
export type {
  BootStep,
  DhcpRange,
  DynamicLink,
  HostConfiguration,
  Ipv6Fact,
  K3sConfiguration,
  K3sSetting,
} from "./configuration.js";
export { emptyConfiguration, mergeConfigurations } from "./configuration.js";
export type {
  ConfigurationEdit,
  ConfigurationEditor,
  EditedFile,
  EditedRoute,
  EditRefusal,
} from "./configuration-edit.js";
export type { ConfigurationFacts } from "./configuration-facts.js";
export { configurationFacts, isDefaultRoute } from "./configuration-facts.js";
export type { ConfigurationTree } from "./configuration-tree.js";
export type { FactDifference } from "./edited-facts.js";
export { compareEdited, editedRouteText, matchesRoute } from "./edited-facts.js";
export type {
  Cluster,
  ClusterMember,
  ConfigurationFile,
  Dialect,
  FlannelBackend,
  Fleet,
  FleetHost,
  FleetSegment,
  FlowSource,
  FlowTarget,
  HostRole,
  Invariant,
  OperatingSystem,
  Zone,
} from "./fleet.js";
export type {
  Address,
  FdbEntry,
  Host,
  Link,
  LinkType,
  Neighbour,
  PortVlans,
  Route,
  RouteType,
  Rule,
  RuleAction,
  Scope,
} from "./host.js";
export { DEFAULT_RULES, DEFAULT_TABLE, LOCAL_TABLE, linkOf, MAIN_TABLE } from "./host.js";
export type { HostId, LinkName, SegmentId } from "./identifiers.js";
export { hostId, linkName, segmentId } from "./identifiers.js";
export { parseIpCommand } from "./ip-command.js";
export type { Issue, Severity, Source } from "./issue.js";
export { formatSource } from "./issue.js";
export type { K3sFlags, K3sFlagWord } from "./k3s-flags.js";
export { readK3sFlags } from "./k3s-flags.js";
export { localRoutes } from "./kernel/address-routes.js";
export { applyOperation } from "./kernel/apply.js";
export type { BootResult } from "./kernel/boot.js";
export { bootHost } from "./kernel/boot.js";
export type { Operation, RouteKey } from "./kernel/operation.js";
export { operation } from "./kernel/operation.js";
export type { Refusal } from "./kernel/refusal.js";
export { compareRoutes } from "./kernel/route-order.js";
export type { Result } from "./result.js";
export { err, ok } from "./result.js";
export type { Port, Segment, Snapshot } from "./snapshot.js";
export type { Sysctls } from "./sysctl.js";
export { linkSysctl, readSysctl } from "./sysctl.js";
