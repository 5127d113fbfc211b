import { z } from "zod";
import { parseIPv4 } from "#ip/index.js";

/** `ip` prints some numbers as strings, which ones depends on its version. */
const text = z.union([z.string(), z.number()]).transform(String);
const flags = z.array(z.string()).default([]);
const vlanId = z.number().int().min(0).max(4095);

const linkDetails = z.object({
  info_kind: z.string().optional(),
  info_data: z
    .object({
      id: z.number().optional(),
      protocol: z.string().optional(),
      mode: z.string().optional(),
      type: z.string().optional(),
      vlan_filtering: z.number().optional(),
      local: z.string().optional(),
      link: z.string().optional(),
      port: z.number().optional(),
      learning: z.boolean().optional(),
      /** What the outer packet of a tunnel has for `DF`: `unset`, `set` or `inherit`. */
      df: z.string().optional(),
    })
    .optional(),
});

/** One element of `addr_info` in `ip -j addr show`. */
export const addressSchema = z.object({
  family: z.string(),
  local: z.string(),
  address: z.string().optional(),
  prefixlen: z.number(),
  broadcast: z.string().optional(),
  scope: text,
  secondary: z.boolean().default(false),
  noprefixroute: z.boolean().default(false),
});

/** One element of `ip -j -d addr show`. */
export const linkSchema = z.object({
  ifname: z.string(),
  flags,
  mtu: z.number(),
  link_type: z.string().optional(),
  address: z.string().optional(),
  master: z.string().optional(),
  link: z.string().nullable().optional(),
  link_netnsid: z.number().optional(),
  /** Printed only with `-d`, for every link: tells whether a missing `linkinfo` means "plain". */
  promiscuity: z.number().optional(),
  linkinfo: linkDetails.optional(),
  addr_info: withoutEmpty(addressSchema).default([]),
});

const nextHopSchema = z.object({
  gateway: z.string().optional(),
  via: z.object({ family: z.string(), host: z.string() }).optional(),
  dev: z.string().optional(),
  flags,
});

/** One element of `ip -j -d route show table all`. */
export const routeSchema = nextHopSchema.extend({
  type: z.string().default("unicast"),
  dst: z.string(),
  table: text.optional(),
  protocol: text.default("boot"),
  scope: text.default("global"),
  prefsrc: z.string().optional(),
  metric: z.number().default(0),
  tos: text.optional(),
  pref: z.string().optional(),
  encap: z.string().optional(),
  metrics: z.array(z.unknown()).default([]),
  nexthops: withoutEmpty(nextHopSchema).default([]),
});

/** One element of `ip -j rule show`; keys that are not named here are kept, because each is one more selector. */
export const ruleSchema = z.looseObject({
  priority: z.number(),
  not: z.null().optional(),
  src: z.string().default("all"),
  srclen: z.number().optional(),
  dst: z.string().optional(),
  dstlen: z.number().optional(),
  iif: z.string().optional(),
  oif: z.string().optional(),
  fwmark: text.optional(),
  fwmask: text.optional(),
  table: text.optional(),
  action: z.string().optional(),
  suppress_prefixlen: z.number().optional(),
});

/** One element of `ip -j neigh show` and of `ip -j neigh show proxy`. */
export const neighbourSchema = z.object({
  dst: z.string(),
  dev: z.string(),
  lladdr: z.string().optional(),
  state: z.array(z.string()).default([]),
  proxy: z.null().optional(),
});

/** One element of `bridge -j fdb show`. */
export const fdbSchema = z.object({
  mac: z.string(),
  ifname: z.string(),
  dst: z.string().optional(),
  vlan: z.number().optional(),
  master: z.string().optional(),
  state: z.string().default(""),
  flags,
});

/** One element of `bridge -j vlan show`. */
export const portVlansSchema = z.object({
  ifname: z.string(),
  vlans: z.array(z.object({ vlan: vlanId, vlanEnd: vlanId.optional(), flags })).default([]),
});

/** `nft -j list ruleset`: only what tells whether anything is filtered. */
export const nftSchema = z.object({
  nftables: z.array(
    z.looseObject({
      rule: z.looseObject({ family: z.string().optional() }).optional(),
      chain: z.looseObject({ family: z.string().optional(), policy: z.string().optional() }).optional(),
    }),
  ),
});

/** `wiring.json`. */
export const wiringSchema = z.object({
  segments: z.record(z.string(), z.array(z.tuple([z.string(), z.string()]))),
});

/** etcd.json, which says of a member of an embedded etcd what iproute2 cannot. */
export const etcdSchema = z.object({
  /** Where the other members dial this one. */
  peer: z.string().transform((address, context) => {
    const ip = parseIPv4(address);
    if (ip !== null) return ip;
    context.addIssue({ code: "custom", message: "expected an IPv4 address" });
    return z.NEVER;
  }),
});

/** An array of `element` in which the empty objects of old `ip` versions are left out. */
export function withoutEmpty<T extends z.ZodType>(element: T): z.ZodType<z.output<T>[], unknown> {
  return z.preprocess(dropEmpty, z.array(element));
}

function dropEmpty(value: unknown): unknown {
  return Array.isArray(value) ? value.filter((entry) => !isEmptyObject(entry)) : value;
}

function isEmptyObject(value: unknown): boolean {
  return (
    typeof value === "object" && value !== null && !Array.isArray(value) && Object.keys(value).length === 0
  );
}

/** One link as `ip` prints it. */
export type RawLink = z.output<typeof linkSchema>;
/** One address as `ip` prints it. */
export type RawAddress = z.output<typeof addressSchema>;
/** One route as `ip` prints it. */
export type RawRoute = z.output<typeof routeSchema>;
/** One rule as `ip` prints it. */
export type RawRule = z.output<typeof ruleSchema>;
/** One neighbour as `ip` prints it. */
export type RawNeighbour = z.output<typeof neighbourSchema>;
/** The VLANs of one port as `bridge` prints them. */
export type RawPortVlans = z.output<typeof portVlansSchema>;
/** One forwarding entry as `bridge` prints it. */
export type RawFdbEntry = z.output<typeof fdbSchema>;
