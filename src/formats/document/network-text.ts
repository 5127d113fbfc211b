import { type Prefix, parseCidr, prefix } from "#ip/index.js";

/**
 * Reads `10.0.0.0/16`.
 *
 * @returns null where it is no network, or where host bits are set: which of the two was meant is not ours to guess.
 */
export function parseNetwork(text: string): Prefix | null {
  const cidr = parseCidr(text);
  if (cidr === null) return null;
  const network = prefix(cidr.address, cidr.length);
  return network.address === cidr.address ? network : null;
}
