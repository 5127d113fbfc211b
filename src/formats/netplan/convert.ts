import {
  bootSteps,
  type DeclaredLink,
  networkdAddress,
  networkdRoute,
  type Placed,
  rankRules,
  type UnrankedRule,
} from "#formats/systemd/index.js";
import {
  emptyConfiguration,
  type HostConfiguration,
  type Issue,
  type LinkName,
  type LinkType,
  linkName,
  MAIN_TABLE,
} from "#model/index.js";
import type { NetplanDevice, NetplanDocument, NetplanRule } from "./document.js";
import { netplanIssue } from "./messages.js";
import { nameDevices } from "./names.js";
import { findMasters, type Master } from "./ports.js";

interface Converting {
  readonly names: ReadonlyMap<string, LinkName>;
  readonly masters: ReadonlyMap<string, Master>;
  readonly issues: Issue[];
}

/** Turns the document into what a cold boot with networkd behind netplan does. */
export function convertNetplan(document: NetplanDocument): HostConfiguration {
  const issues: Issue[] = [...document.issues];
  const devices = document.devices.filter(({ own }) => own.kind !== "incomplete");
  const names = nameDevices(devices, issues);
  const converting = { names, masters: findMasters(devices, issues), issues };
  const links = devices.flatMap((device) => convertDevice(device, converting) ?? []);
  const rules = rankRules(
    devices.flatMap((device) => device.rules.map((rule) => convertRule(rule, tableOf(device, converting)))),
  );
  return {
    ...emptyConfiguration(),
    steps: bootSteps({ links, rules, sysctls: [] }),
    dynamicLinks: devices.flatMap((device) => dynamicLinks(device, nameOf(device, converting))),
    ipv6: devices.flatMap((device) =>
      device.ipv6.map((fact) => ({ ...fact, link: nameOf(device, converting) })),
    ),
    issues,
  };
}

function nameOf(device: NetplanDevice, { names }: Converting): LinkName {
  return names.get(device.id) ?? linkName(device.id);
}

function dynamicLinks(device: NetplanDevice, link: LinkName): HostConfiguration["dynamicLinks"] {
  const modem = device.kind === "modems" ? [{ link, protocol: "modem", source: device.source }] : [];
  return [
    ...modem,
    ...device.dynamic.map(({ protocol, metric, source }) => ({
      link,
      protocol,
      source,
      ...(metric === null ? {} : { metric }),
    })),
  ];
}

function convertDevice(device: NetplanDevice, converting: Converting): DeclaredLink | null {
  reportKind(device, converting.issues);
  if (device.kind === "modems" || device.kind === "nm-devices") return null;
  const name = nameOf(device, converting);
  const master = converting.masters.get(device.id);
  return {
    name,
    unit: `netplan ${device.id}`,
    source: device.source,
    created: linkTypeOf(device, converting),
    mtu: device.mtu,
    mac: device.mac,
    master: master === undefined ? null : { value: master.name, source: master.source },
    activation: device.activation,
    sysctls: [],
    addresses: device.addresses.map(({ ip, length, source }) =>
      networkdAddress({ address: { link: name, ip, length, source }, broadcast: "default", scope: null }),
    ),
    routes: device.routes.map(({ type, table, scope, ...route }) =>
      networkdRoute({
        route: { ...route, link: WITHOUT_DEVICE.has(type) ? null : name },
        type,
        table: table ?? tableOf(device, converting),
        scope,
      }),
    ),
  };
}

const WITHOUT_DEVICE: ReadonlySet<string> = new Set(["blackhole", "unreachable", "prohibit", "throw"]);

/** networkd puts the routes of a VRF, and of its ports, into the VRF's table unless they name one. */
function tableOf(device: NetplanDevice, { masters }: Converting): number | null {
  if (device.own.kind === "vrf") return device.own.table;
  return masters.get(device.id)?.vrfTable ?? null;
}

function reportKind(device: NetplanDevice, issues: Issue[]): void {
  const { own, kind, id, source } = device;
  if (own.kind === "veth") {
    issues.push(netplanIssue("virtual-ethernet", source, [id, own.peer]));
    return;
  }
  const found =
    own.kind === "tunnel"
      ? [own.mode, own.ends]
      : own.kind === "vrf"
        ? ["vrf", ` with table \`${own.table}\``]
        : kind === "wifis" || kind === "modems" || kind === "nm-devices"
          ? [kind, ""]
          : null;
  if (found !== null)
    issues.push(netplanIssue("device-kind", source, [found[0] ?? "", `${kind}.${id}`, found[1] ?? ""]));
}

function linkTypeOf(device: NetplanDevice, converting: Converting): LinkType | null {
  const { own, kind } = device;
  switch (own.kind) {
    case "bond":
      return { kind: "bond", mode: own.mode };
    case "vlan":
      return { kind: "vlan", id: own.id, lower: lowerOf(own.lower, converting) };
    case "vrf":
      return { kind: "other", name: "vrf" };
    case "vxlan":
      return { ...own, lower: own.lower === null ? null : lowerOf(own.lower, converting) };
    case "tunnel":
      return { kind: "other", name: own.mode };
    case "veth":
      return { kind: "ethernet" };
    case "plain":
    case "incomplete":
      if (kind === "bridges") return { kind: "bridge", isVlanAware: false };
      return kind === "dummy-devices" ? { kind: "dummy" } : null;
  }
}

function lowerOf(lower: Placed<string>, { names, issues }: Converting): LinkName {
  const name = names.get(lower.value);
  if (name === undefined)
    issues.push(netplanIssue("undefined-interface", lower.source, [lower.value, lower.value]));
  return name ?? linkName(lower.value);
}

function convertRule(rule: NetplanRule, ownTable: number | null): Placed<UnrankedRule> {
  const table = rule.table ?? ownTable ?? MAIN_TABLE;
  const value: UnrankedRule = {
    priority: rule.priority,
    isInverted: false,
    from: rule.from,
    to: rule.to,
    incoming: null,
    outgoing: null,
    mark: rule.mark === null ? null : { value: rule.mark, mask: 0xffffffff },
    action:
      rule.typeOfService === null
        ? { kind: "lookup", table, suppressPrefixLength: null }
        : { kind: "unmodelled", text: `tos ${rule.typeOfService} lookup ${table}` },
  };
  return { value, source: rule.source };
}
