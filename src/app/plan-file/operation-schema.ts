import { z } from "zod";
import { type IPv4, type Mac, type Prefix, parseIPv4, parseMac, parsePrefix } from "#ip/index.js";
import { type LinkName, linkName, type Operation } from "#model/index.js";

/** A text that one of the parsers of `ip` reads, or an issue that names what was expected. */
function parsed<T>(what: string, parse: (text: string) => T | null): z.ZodType<T> {
  return z.string().transform((text, context) => {
    const value = parse(text);
    if (value !== null) return value;
    context.addIssue({ code: "custom", message: `expected ${what}, found \`${text}\`` });
    return z.NEVER;
  });
}

const ip: z.ZodType<IPv4> = parsed("an IPv4 address", parseIPv4);
const network: z.ZodType<Prefix> = parsed("a prefix", parsePrefix);
const macAddress: z.ZodType<Mac> = parsed("a MAC address", parseMac);
const name: z.ZodType<LinkName> = parsed("a link name", (text) => (text === "" ? null : linkName(text)));
const count = z.number().int().min(0);
const scope = z.enum(["global", "site", "link", "host", "nowhere"]);
const source = z.null().default(null);

const linkType = z.discriminatedUnion("kind", [
  z.strictObject({ kind: z.literal("loopback") }),
  z.strictObject({ kind: z.literal("ethernet") }),
  z.strictObject({ kind: z.literal("bridge"), isVlanAware: z.boolean() }),
  z.strictObject({ kind: z.literal("vlan"), id: count, lower: name }),
  z.strictObject({ kind: z.literal("bond"), mode: z.string() }),
  z.strictObject({ kind: z.literal("dummy") }),
  z.strictObject({
    kind: z.literal("vxlan"),
    id: count,
    local: ip.nullable(),
    lower: name.nullable(),
    port: count,
    isLearning: z.boolean(),
  }),
  z.strictObject({ kind: z.literal("other"), name: z.string() }),
]);

const portVlans = z.strictObject({
  pvid: count.nullable(),
  untagged: z.array(count),
  tagged: z.array(count),
});

const link = z.strictObject({
  name,
  type: linkType,
  mac: macAddress.nullable(),
  mtu: count,
  isUp: z.boolean(),
  hasCarrier: z.boolean(),
  master: name.nullable(),
  isNoArp: z.boolean(),
  bridgeVlans: portVlans.exactOptional(),
  source,
});

const address = z.strictObject({
  link: name,
  ip,
  length: count.max(32),
  peer: ip.nullable(),
  broadcast: ip.nullable(),
  scope,
  isSecondary: z.boolean(),
  hasNoPrefixRoute: z.boolean(),
  source,
});

const routeType = z.enum([
  "unicast",
  "local",
  "broadcast",
  "multicast",
  "blackhole",
  "unreachable",
  "prohibit",
  "throw",
  "anycast",
]);

const route = z.strictObject({
  table: count,
  type: routeType,
  destination: network,
  gateway: ip.nullable(),
  link: name.nullable(),
  metric: count,
  scope,
  preferredSource: ip.nullable(),
  isOnlink: z.boolean(),
  isDead: z.boolean(),
  protocol: z.string(),
  source,
});

const routeKey = z.strictObject({
  table: count,
  destination: network,
  type: routeType.nullable(),
  gateway: ip.nullable(),
  link: name.nullable(),
  metric: count.nullable(),
  scope: scope.nullable(),
});

const ruleAction = z.discriminatedUnion("kind", [
  z.strictObject({ kind: z.literal("lookup"), table: count, suppressPrefixLength: count.nullable() }),
  z.strictObject({ kind: z.literal("blackhole") }),
  z.strictObject({ kind: z.literal("unreachable") }),
  z.strictObject({ kind: z.literal("prohibit") }),
  z.strictObject({ kind: z.literal("unmodelled"), text: z.string() }),
]);

const rule = z.strictObject({
  priority: count,
  isInverted: z.boolean(),
  from: network.nullable(),
  to: network.nullable(),
  incoming: name.nullable(),
  outgoing: name.nullable(),
  mark: z.strictObject({ value: count, mask: count }).nullable(),
  action: ruleAction,
});

const neighbour = z.strictObject({
  link: name,
  ip,
  mac: macAddress.nullable(),
  state: z.string(),
  isProxy: z.boolean(),
});

const fdbEntry = z.strictObject({
  mac: macAddress,
  link: name,
  master: name.nullable(),
  vlan: count.nullable(),
  remote: ip.nullable(),
  isPermanent: z.boolean(),
  isStatic: z.boolean().exactOptional(),
  isSticky: z.boolean().exactOptional(),
});

/** One kernel operation as a plan file writes it: addresses and prefixes as text, no places in files. */
export const operationSchema: z.ZodType<Operation> = z.discriminatedUnion("kind", [
  z.strictObject({ kind: z.literal("link-add"), link }),
  z.strictObject({ kind: z.literal("link-delete"), link: name }),
  z.strictObject({ kind: z.literal("link-up"), link: name }),
  z.strictObject({ kind: z.literal("link-down"), link: name }),
  z.strictObject({ kind: z.literal("link-mtu"), link: name, mtu: count }),
  z.strictObject({ kind: z.literal("link-mac"), link: name, mac: macAddress }),
  z.strictObject({ kind: z.literal("link-master"), link: name, master: name.nullable() }),
  z.strictObject({ kind: z.literal("address-add"), address }),
  z.strictObject({
    kind: z.literal("address-delete"),
    link: name,
    ip,
    length: count.max(32),
    peer: ip.nullable(),
  }),
  z.strictObject({ kind: z.literal("route-add"), route }),
  z.strictObject({ kind: z.literal("route-append"), route }),
  z.strictObject({ kind: z.literal("route-replace"), route }),
  z.strictObject({ kind: z.literal("route-delete"), route: routeKey }),
  z.strictObject({ kind: z.literal("rule-add"), rule }),
  z.strictObject({ kind: z.literal("rule-delete"), rule }),
  z.strictObject({ kind: z.literal("neighbour-replace"), neighbour }),
  z.strictObject({ kind: z.literal("neighbour-delete"), link: name, ip, isProxy: z.boolean() }),
  z.strictObject({ kind: z.literal("neighbour-flush"), link: name.nullable() }),
  z.strictObject({ kind: z.literal("route-cache-flush") }),
  z.strictObject({ kind: z.literal("fdb-append"), entry: fdbEntry }),
  z.strictObject({ kind: z.literal("fdb-delete"), entry: fdbEntry }),
  z.strictObject({ kind: z.literal("fdb-flush"), link: name }),
  z.strictObject({
    kind: z.literal("bridge-vlan-add"),
    link: name,
    vlan: count,
    lastVlan: count,
    isPvid: z.boolean(),
    isUntagged: z.boolean(),
    isSelf: z.boolean(),
  }),
  z.strictObject({
    kind: z.literal("bridge-vlan-delete"),
    link: name,
    vlan: count,
    lastVlan: count,
    isSelf: z.boolean(),
  }),
  z.strictObject({ kind: z.literal("etcd-peer"), ip }),
  z.strictObject({ kind: z.literal("sysctl"), key: z.string().min(1), value: z.number().int() }),
]);
