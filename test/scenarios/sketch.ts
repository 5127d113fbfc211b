import { parseIPv4, parseMac } from "#ip/index.js";
import {
  DEFAULT_RULES,
  type FdbEntry,
  type LinkType,
  linkName,
  parseIpCommand,
  type Rule,
} from "#model/index.js";
import { type HostSketch, ip, type LinkSketch, type SnapshotSketch } from "../fleet-builder.js";
import type { HostChangeDocument, HostDocument, LinkDocument } from "./format.js";

/** The hosts of `before` as `buildSnapshot` takes them. */
export function sketchOf(hosts: Readonly<Record<string, HostDocument>>): SnapshotSketch {
  return Object.fromEntries(Object.entries(hosts).map(([name, host]) => [name, hostSketch(host)]));
}

/** `before` with the changes of `after`: lists replaced, links and sysctls key by key, what is null taken away. */
export function changedHosts(
  before: Readonly<Record<string, HostDocument>>,
  after: Readonly<Record<string, HostChangeDocument>>,
): Readonly<Record<string, HostDocument>> {
  const stranger = Object.keys(after).find((name) => before[name] === undefined);
  if (stranger !== undefined)
    throw new RangeError(`\`after\` changes \`${stranger}\`, which \`before\` has not`);
  return Object.fromEntries(
    Object.entries(before).map(([name, host]) => {
      const change = after[name];
      return [name, change === undefined ? host : changedHost(host, change)];
    }),
  );
}

function changedHost(host: HostDocument, { links, sysctls, ...lists }: HostChangeDocument): HostDocument {
  return {
    ...host,
    ...lists,
    links: merged(host.links, links, (old, next) => ({ ...old, ...next })),
    sysctls: merged(host.sysctls, sysctls, (_, next) => next),
  };
}

/** Entries keep their places, since Ethernet addresses are counted by them; new ones come behind. */
function merged<Value, Change>(
  old: Readonly<Record<string, Value>> | undefined,
  changes: Readonly<Record<string, Change | null>> | undefined,
  merge: (old: Value | undefined, change: Change) => Value,
): Record<string, Value> {
  const result = new Map(Object.entries(old ?? {}));
  for (const [key, change] of Object.entries(changes ?? {})) {
    if (change !== null) result.set(key, merge(result.get(key), change));
    else if (!result.delete(key)) throw new RangeError(`\`after\` takes \`${key}\` away, which is not there`);
  }
  return Object.fromEntries(result);
}

function hostSketch({ links, fdb, rules, ...rest }: HostDocument): HostSketch {
  const sketched = Object.entries(links ?? {}).map(([name, link]) => [name, linkSketch(link)] as const);
  const { routes, sysctls, neighbours, etcdPeer } = rest;
  return {
    links: Object.fromEntries(sketched),
    ...(routes === undefined ? {} : { routes }),
    ...(sysctls === undefined ? {} : { sysctls }),
    ...(neighbours === undefined ? {} : { neighbours }),
    ...(etcdPeer === undefined ? {} : { etcdPeer }),
    ...(fdb === undefined ? {} : { fdb: fdb.map(readFdb) }),
    ...(rules === undefined ? {} : { rules: [...rules.map(readRule), ...DEFAULT_RULES].sort(byPriority) }),
  };
}

function byPriority(a: Rule, b: Rule): number {
  return a.priority - b.priority;
}

function linkSketch({ type, vlans, on, addresses, mac, mtu, isUp, master }: LinkDocument): LinkSketch {
  return {
    ...(on === undefined ? {} : { on }),
    ...(addresses === undefined ? {} : { addresses }),
    ...(mac === undefined ? {} : { mac }),
    ...(mtu === undefined ? {} : { mtu }),
    ...(isUp === undefined ? {} : { isUp }),
    ...(master === undefined ? {} : { master }),
    ...(type === undefined ? {} : { type: linkType(type) }),
    ...(vlans === undefined ? {} : { bridgeVlans: vlans }),
  };
}

function linkType(type: NonNullable<LinkDocument["type"]>): LinkType {
  if (type === "bridge") return { kind: "bridge", isVlanAware: false };
  if (typeof type === "string") return { kind: type };
  if ("bridge" in type) return { kind: "bridge", isVlanAware: true };
  if ("vlan" in type) return { kind: "vlan", id: type.vlan, lower: linkName(type.lower) };
  const { vxlan, local, lower } = type;
  return {
    kind: "vxlan",
    id: vxlan,
    local: ip(local),
    lower: linkName(lower),
    port: 8472,
    isLearning: false,
  };
}

function readRule(text: string): Rule {
  const parsed = parseIpCommand(`ip rule add ${text}`.split(" "));
  if (!parsed.ok) throw new RangeError(`rule \`${text}\`: ${parsed.error}`);
  const [step] = parsed.value;
  if (step?.kind !== "rule-add") throw new RangeError(`\`${text}\` is no rule`);
  return step.rule;
}

const FDB_ENTRY = /^(\S+) dev (\S+)(?: dst (\S+))?( master \S+)?(?: vlan (\d+))?( static| dynamic)?$/;

/** `MAC dev LINK dst VTEP`, or `MAC dev PORT master BRIDGE [vlan N] static|dynamic`. */
function readFdb(text: string): FdbEntry {
  const [, macText = "", link = "", remote, bridge, vlan, kind] = FDB_ENTRY.exec(text) ?? [];
  const mac = parseMac(macText);
  const dst = remote === undefined ? null : parseIPv4(remote);
  if (mac === null || (remote !== undefined && dst === null))
    throw new RangeError(
      `forwarding entry \`${text}\`: expected \`MAC dev LINK [dst ADDRESS] [master BRIDGE]\``,
    );
  const master = bridge === undefined ? null : linkName(bridge.replace(" master ", ""));
  return {
    mac,
    link: linkName(link),
    master,
    vlan: vlan === undefined ? null : Number(vlan),
    remote: dst,
    isPermanent: kind !== " dynamic",
    ...(kind === " static" ? { isStatic: true } : {}),
  };
}
