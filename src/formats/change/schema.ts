import { z } from "zod";
import { parseNetwork } from "#formats/document/index.js";
import { parseCidr, parseIPv4 } from "#ip/index.js";
import { EXPECTED } from "./messages.js";

const OCTET = "(25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])";
const DOTTED_QUAD = `${OCTET}(\\.${OCTET}){3}`;
const LENGTH = "(3[0-2]|[12]?[0-9])";

/** Patterns are for editors: they stand in the JSON Schema, while the refinement beside each decides. */
function text(check: (value: string) => boolean, expected: string, pattern: string): z.ZodString {
  return z.string().refine(check, { error: expected }).meta({ pattern });
}

/** dev_valid_name() in net/core/dev.c: 1 to 15 bytes without slash, colon or blanks. */
const LINK = /^(?!\.{1,2}$)[^\s/:]{1,15}$/;
const link = text((value) => LINK.test(value), EXPECTED.link, LINK.source);
const address = text((value) => parseIPv4(value) !== null, EXPECTED.address, `^${DOTTED_QUAD}$`);
const network = text((value) => parseNetwork(value) !== null, EXPECTED.network, `^${DOTTED_QUAD}/${LENGTH}$`);
const withLength = text((value) => parseCidr(value) !== null, EXPECTED.cidr, `^${DOTTED_QUAD}/${LENGTH}$`);
const maybeLength = text(
  (value) => parseCidr(value) !== null || parseIPv4(value) !== null,
  EXPECTED.addressOrCidr,
  `^${DOTTED_QUAD}(/${LENGTH})?$`,
);
const name = z.string().min(1);
const route = z.string().min(1);

function oneOrMore<T extends z.ZodType>(one: T): z.ZodUnion<readonly [T, z.ZodArray<T>]> {
  return z.union([one, z.array(one).min(1)]);
}

const renumber = z.union([
  z.strictObject({ from: network, to: network }),
  z.record(name, maybeLength).refine((value) => Object.keys(value).length > 0, { error: EXPECTED.renumber }),
]);

const entry = z.strictObject({
  hosts: oneOrMore(name)
    .optional()
    .describe("Who: all, role=node, cluster=NAME, segment=NAME, names of hosts, or a list of these."),
  cluster: name.optional().describe("The cluster whose back end changes; stands in the place of hosts."),
  link: oneOrMore(link).optional().describe("Only these links of each host."),
  segment: name.optional().describe("Only the link of each host that is plugged into this segment."),
  within: network.optional().describe("Only the addresses of each host that lie in this network."),
  renumber: renumber.optional().describe("New addresses: from one network into another, or host by host."),
  prefix: z.int().min(1).max(32).optional().describe("The prefix length of the addresses."),
  addresses: z
    .strictObject({
      remove: z.array(maybeLength).min(1).optional(),
      add: z.array(withLength).min(1).optional(),
    })
    .optional(),
  gateway: z
    .union([address, z.literal("none")])
    .optional()
    .describe("The default gateway; none takes the default route away."),
  onlink: z
    .boolean()
    .optional()
    .describe("Whether the gateway is taken to be on the link; with gateway only."),
  routes: z
    .strictObject({ remove: z.array(route).min(1).optional(), add: z.array(route).min(1).optional() })
    .optional()
    .describe("Static routes, written as behind `ip route add`: 10.20.0.0/16 via 10.0.0.1 onlink."),
  mtu: z.int().min(68).max(65535).optional().describe("Bytes of payload of the links."),
  flannelBackend: z
    .enum(["vxlan", "host-gw", "wireguard-native", "none"])
    .optional()
    .describe("The back end of flannel; with cluster only."),
});

/** The shape of a change file, version 1. */
export const changeSchema = z
  .strictObject({
    $schema: z.string().optional(),
    version: z.literal(1),
    changes: z.array(entry).min(1),
  })
  .meta({
    title: "Pointsman change file",
    description: "What is to be different in the network of a fleet, in the operator's terms.",
  });

/** A change file whose shape is right. */
export type ChangeDocument = z.infer<typeof changeSchema>;
/** One item of `changes`. */
export type EntryDocument = ChangeDocument["changes"][number];
