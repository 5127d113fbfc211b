import { formatIPv4, formatPrefix } from "#ip/index.js";
import { compareRoutes, type Host, linkSysctl, type Operation, readSysctl } from "#model/index.js";

/** The state of a host as lines in an order of their own, so that two states are equal when their lines are. */
function comparable(host: Host): readonly string[] {
  return [
    ...links(host),
    ...addresses(host),
    ...routes(host),
    ...rules(host),
    ...neighbours(host),
    ...fdb(host),
    ...sysctls(host),
  ];
}

/** The lines that only one of the two states has, marked with whose they are. */
export function differences(model: Host, kernel: Host): readonly string[] {
  const left = comparable(model);
  const right = comparable(kernel);
  if (JSON.stringify(left) === JSON.stringify(right)) return [];
  const onlyModel = left.filter((line) => !right.includes(line)).map((line) => `model only:  ${line}`);
  const onlyKernel = right.filter((line) => !left.includes(line)).map((line) => `kernel only: ${line}`);
  const both = [...onlyModel, ...onlyKernel];
  return both.length > 0 ? both : [`another order: ${left.join(" | ")} <> ${right.join(" | ")}`];
}

/** Whether the kernel's words are the model's; which tables exist is history that a state does not show. */
export function isSameAnswer(operation: Operation, model: string | null, kernel: string | null): boolean {
  if (operation.kind === "route-delete" && operation.route.table < 253)
    return (model === null) === (kernel === null);
  return (model?.trim() ?? null) === kernel;
}

function links(host: Host): string[] {
  return host.links.map((link) => {
    const mac = link.type.kind === "bridge" || link.type.kind === "vxlan" ? "" : ` ${link.mac}`;
    return `link ${link.name} ${link.type.kind}${mac} mtu ${link.mtu} up ${link.isUp} carrier ${link.hasCarrier} master ${link.master}`;
  });
}

function addresses(host: Host): string[] {
  return host.addresses.map((address) => {
    const peer = address.peer === null ? "" : ` peer ${formatIPv4(address.peer)}`;
    const broadcast = address.broadcast === null ? "" : ` brd ${formatIPv4(address.broadcast)}`;
    const flags = `${address.isSecondary ? " secondary" : ""}${address.hasNoPrefixRoute ? " noprefixroute" : ""}`;
    return `address ${address.link} ${formatIPv4(address.ip)}/${address.length}${peer}${broadcast} ${address.scope}${flags}`;
  });
}

function routes(host: Host): string[] {
  return [...host.routes].sort(compareRoutes).map((route) => {
    const gateway = route.gateway === null ? "" : ` via ${formatIPv4(route.gateway)}`;
    const source = route.preferredSource === null ? "" : ` src ${formatIPv4(route.preferredSource)}`;
    const rest = `${route.protocol} scope ${route.scope} metric ${route.metric} onlink ${route.isOnlink}`;
    return `route ${route.table} ${route.type} ${formatPrefix(route.destination)}${gateway} dev ${route.link}${source} ${rest}`;
  });
}

function rules(host: Host): string[] {
  return host.rules.map(
    (rule) =>
      `rule ${JSON.stringify(rule, Object.keys(rule).sort().concat("kind", "table", "address", "length", "value", "mask"))}`,
  );
}

/** 224.0.0.0/4 and the like come and go by themselves. */
function neighbours(host: Host): string[] {
  return host.neighbours
    .filter((entry) => entry.ip >>> 24 === 10)
    .map(
      (entry) =>
        `neighbour ${entry.link} ${formatIPv4(entry.ip)} ${entry.mac} ${entry.state} proxy ${entry.isProxy}`,
    )
    .sort();
}

/** A bridge makes entries for its own ports; those of this test have addresses of their own. */
function fdb(host: Host): string[] {
  return host.fdb
    .filter((entry) => entry.mac.startsWith("02:fd:") || entry.mac === "00:00:00:00:00:00")
    .map((entry) => `fdb ${entry.mac} ${entry.link} ${entry.master} ${entry.remote} ${entry.isPermanent}`)
    .sort();
}

function sysctls(host: Host): string[] {
  const keys = ["forwarding", "promote_secondaries", "rp_filter"];
  const shared = ["ip_forward", ...keys.flatMap((key) => [`conf.all.${key}`, `conf.default.${key}`])];
  return [
    ...shared.map((key) => `sysctl ${key} ${readSysctl(host.sysctls, key)}`),
    ...host.links.flatMap(({ name }) =>
      keys.map((key) => `sysctl ${name} ${key} ${linkSysctl(host.sysctls, name, key)}`),
    ),
  ];
}
