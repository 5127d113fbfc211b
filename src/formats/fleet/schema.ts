import { z } from "zod";
import { parseNetwork } from "#formats/document/index.js";
import { parseIPv4, parseMac } from "#ip/index.js";
import { EXPECTED } from "./messages.js";

const OCTET = "(25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])";
const DOTTED_QUAD = `${OCTET}(\\.${OCTET}){3}`;

/** Patterns are for editors: they stand in the JSON Schema, while the refinement beside each decides. */
function text(check: (value: string) => boolean, expected: string, pattern: string): z.ZodString {
  return z.string().refine(check, { error: expected }).meta({ pattern });
}

/** Hosts, segments, clusters and zones. One letter at least, so that no name is taken for a number or an address. */
const NAME = /^(?=.*[A-Za-z])[A-Za-z0-9][A-Za-z0-9_.-]{0,62}$/;
const name = text((value) => NAME.test(value), EXPECTED.name, NAME.source);

/** dev_valid_name() in net/core/dev.c: 1 to 15 bytes without slash, colon or blanks. */
const LINK = /^(?!\.{1,2}$)[^\s/:]{1,15}$/;
const link = text((value) => LINK.test(value), EXPECTED.link, LINK.source);

const address = text((value) => parseIPv4(value) !== null, EXPECTED.address, `^${DOTTED_QUAD}$`);
const network = text(
  (value) => parseNetwork(value) !== null,
  EXPECTED.network,
  `^${DOTTED_QUAD}/(3[0-2]|[12]?[0-9])$`,
);
const ethernet = text(
  (value) => parseMac(value) !== null,
  EXPECTED.mac,
  "^[0-9A-Fa-f]{2}([:-][0-9A-Fa-f]{2}){5}$",
);

/** Relative to the tree and inside it, with forward slashes. */
const PATH = /^(?!\/)(?!(.*\/)?\.\.(\/|$))[^\\\p{Cc}]+$/u;
const path = text((value) => PATH.test(value), EXPECTED.path, "^(?!/)(?!(.*/)?\\.\\.(/|$)).+$");

/** Where a file lies on its host. */
const PLACE = /^\/(?!(.*\/)?\.\.(\/|$))[^\p{Cc}]+$/u;
const place = text((value) => PLACE.test(value), EXPECTED.place, "^/(?!(.*/)?\\.\\.(/|$)).+$");

/** One line of what ssh(1) takes as its destination; a dash at its beginning would be an option. */
const SSH = /^[^\s\p{Cc}-][^\s\p{Cc}]*$/u;
const ssh = text((value) => SSH.test(value), EXPECTED.ssh, "^[^\\s-]\\S*$");

/** One line for people. */
const line = z
  .string()
  .refine((value) => value.trim() !== "" && !/\p{Cc}/u.test(value), { error: EXPECTED.line });

const role = z.enum(["node", "hypervisor", "router", "other"]);

const configurationFile = z
  .strictObject({
    nixos: path.optional(),
    ifupdown: path.optional(),
    uci: path.optional(),
    netplan: path.optional(),
    networkd: path.optional(),
    k3s: path.optional(),
    at: place.optional().describe("Where the file or folder lies on the host, for `apply`."),
  })
  .refine((value) => Object.keys(value).filter((key) => key !== "at").length === 1, {
    error: EXPECTED.oneDialect,
  })
  .meta({ minProperties: 1, maxProperties: 2 });

const host = z.strictObject({
  role: role.optional(),
  os: z.enum(["nixos", "proxmox", "debian", "openwrt", "ubuntu", "other"]).optional(),
  ssh: ssh.optional().describe("What ssh is given to reach the host."),
  console: line
    .optional()
    .describe("How to reach the host when its network does not: where to stand, or the address of its BMC."),
  configuration: z
    .array(configurationFile)
    .optional()
    .describe(
      "Files or folders relative to the configuration tree (--from, --to), in the order the platform applies them.",
    ),
  macs: z.record(link, ethernet).optional().describe("Ethernet addresses of physical links that are known."),
  sysctls: z
    .record(z.string(), z.int())
    .optional()
    .describe("Sysctls below net.ipv4. that the platform sets before the configuration is applied."),
});

const segment = z.strictObject({
  mtu: z.int().min(68).max(65535).optional().describe("Bytes of payload that the switches carry."),
  ports: z.array(z.strictObject({ host: name, link })),
});

const member = z.union([name, z.strictObject({ host: name, podCidr: network.optional() })]);

const cluster = z.strictObject({
  distribution: z.enum(["k3s", "other"]).optional(),
  servers: z.array(member).min(1),
  agents: z.array(member).optional(),
  backend: z.enum(["vxlan", "host-gw", "wireguard-native", "none"]).optional(),
  podCidr: network.optional(),
  serviceCidr: network.optional(),
  vip: address.optional(),
});

const invariant = z.strictObject({
  flow: z.strictObject({
    from: z.string().describe("A host, or any."),
    to: z.string().describe("A host, an address, a prefix, or any."),
  }),
  expect: z.enum(["delivered", "lost", "free"]),
  why: z.string().min(1).describe("The reason; shown where the invariant breaks."),
});

/** The shape of `pointsman.yaml`, version 1. */
export const fleetSchema = z
  .strictObject({
    $schema: z.string().optional(),
    version: z.literal(1),
    name,
    operator: name.optional().describe("The host the operator works from."),
    hosts: z.record(name, host),
    segments: z
      .record(name, segment)
      .optional()
      .describe("The wiring: which links share a layer-2 broadcast domain."),
    clusters: z.record(name, cluster).optional(),
    zones: z.record(name, z.strictObject({ prefix: network, roles: z.array(role) })).optional(),
    invariants: z.array(invariant).optional(),
    assumptions: z.array(z.string().min(1)).optional().describe("What no file says; shown with each plan."),
  })
  .meta({
    title: "Pointsman fleet file",
    description: "What no configuration file says of the network under a cluster.",
  });

/** A fleet file whose shape is right; names are not yet looked up. */
export type FleetDocument = z.infer<typeof fleetSchema>;
export type HostDocument = z.infer<typeof host>;
export type ClusterDocument = z.infer<typeof cluster>;
export type MemberDocument = z.infer<typeof member>;
export type InvariantDocument = z.infer<typeof invariant>;
