import { z } from "zod";
import { HELPER_KINDS } from "#plan/index.js";

/**
 * What `scenario.yaml` may hold: test-only, and strict, so that a misspelt key is an error and not a scenario that tests less.
 * README.md beside this file says the same in words.
 */
const linkType = z.union([
  z.enum(["ethernet", "bridge", "dummy"]),
  z.strictObject({ bridge: z.literal("vlan-aware") }),
  z.strictObject({ vlan: z.number().int(), lower: z.string() }),
  z.strictObject({ vxlan: z.number().int(), local: z.string(), lower: z.string() }),
]);

const link = z.strictObject({
  on: z.string().optional(),
  addresses: z.array(z.string()).optional(),
  mac: z.string().optional(),
  mtu: z.number().int().optional(),
  isUp: z.boolean().optional(),
  master: z.string().optional(),
  type: linkType.optional(),
  vlans: z
    .strictObject({
      pvid: z.number().int().nullable(),
      untagged: z.array(z.number().int()),
      tagged: z.array(z.number().int()),
    })
    .optional(),
});

const lists = {
  routes: z.array(z.string()).optional(),
  rules: z.array(z.string()).optional(),
  neighbours: z.array(z.string()).optional(),
  fdb: z.array(z.string()).optional(),
  /** Where the other members dial the etcd member of this host. */
  etcdPeer: z.string().optional(),
};

const host = z.strictObject({
  links: z.record(z.string(), link).optional(),
  sysctls: z.record(z.string(), z.number().int()).optional(),
  ...lists,
});

/** What becomes of a host: lists take the place of the old ones, links and sysctls are changed key by key, `null` takes away. */
const hostChange = z.strictObject({
  links: z.record(z.string(), link.partial().nullable()).optional(),
  sysctls: z.record(z.string(), z.number().int().nullable()).optional(),
  ...lists,
});

const strategy = z.enum(["live", "rolling-stop", "full-stop"]);

const helper = z.enum(HELPER_KINDS);

const cluster = z.strictObject({
  servers: z.array(z.string()),
  agents: z.array(z.string()).default([]),
  backend: z.enum(["vxlan", "host-gw", "wireguard-native", "none"]).default("vxlan"),
  podCidr: z.string().default("10.42.0.0/16"),
  serviceCidr: z.string().default("10.43.0.0/16"),
  vip: z.string().nullable().default(null),
});

const backend = z.enum(["vxlan", "host-gw"]);

const flannel = z.strictObject({
  /** In the order of their slices: the first has 10.42.1.0/24. */
  nodes: z.array(z.string()),
  before: backend,
  after: backend,
});

const invariant = z.strictObject({
  from: z.string(),
  to: z.string(),
  expect: z.enum(["delivered", "lost", "free"]),
  why: z.string(),
});

const witness = z.strictObject({
  /** `HOST ADDRESS`. */
  flow: z.string().optional(),
  verdict: z.enum(["lost", "lost-reply", "loop", "delivered", "unknown"]).optional(),
  /** The hosts whose stages make it, sorted. */
  hosts: z.array(z.string()).optional(),
});

const expectation = z.strictObject({
  result: z.enum(["proved", "impossible", "refused", "nothing-to-do", "unknown", "gave-up"]),
  /** Of a proved plan. */
  strategy: strategy.optional(),
  phases: z.number().int().optional(),
  /** The kinds of helper stages that the plan uses, sorted; an empty list: none. */
  helpers: z.array(helper).optional(),
  /** Planned again without this kind, the change must not be proved. */
  onlyWayOf: helper.optional(),
  /** The checks that refuse the target before any proof, sorted; an empty list: none. */
  findings: z.array(z.string()).optional(),
  /** Words of the message that refuses. */
  why: z.string().optional(),
  /** The smallest witness of the strategy that was tried last. */
  witness: witness.optional(),
});

/** One scenario as its file has it. */
export const scenarioDocument = z.strictObject({
  /** Nothing reads this: a place for YAML anchors. */
  shared: z.unknown().optional(),
  before: z.record(z.string(), host),
  after: z.record(z.string(), hostChange),
  clusters: z.record(z.string(), cluster).default({}),
  flannel: flannel.optional(),
  operator: z.string().nullable().default(null),
  invariants: z.array(invariant).default([]),
  strategies: z.array(strategy).default(["live"]),
  /** Kinds of helper stages that the planner may use; left out: all. */
  helpers: z.array(helper).optional(),
  expect: expectation,
  /** Why this kernel's network namespaces cannot hold the scenario. The kernel's test lists it, with this reason. */
  notInKernel: z.string().optional(),
});

/** One scenario as its file has it, defaults filled in. */
export type ScenarioDocument = Readonly<z.infer<typeof scenarioDocument>>;
/** One host of `before`. */
export type HostDocument = Readonly<z.infer<typeof host>>;
/** One host of `after`. */
export type HostChangeDocument = Readonly<z.infer<typeof hostChange>>;
/** One link. */
export type LinkDocument = Readonly<z.infer<typeof link>>;
