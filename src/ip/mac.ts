declare const brand: unique symbol;

/** An Ethernet address, lower case with colons: `54:e1:ad:a5:1d:0f`. */
export type Mac = string & { readonly [brand]: "Mac" };

const SIX_OCTETS = /^[0-9a-f]{2}(?::[0-9a-f]{2}){5}$/;

/**
 * Reads an Ethernet address with colons or dashes, in either case.
 *
 * @returns null where the text is anything else.
 */
export function parseMac(text: string): Mac | null {
  const canonical = text.toLowerCase().replaceAll("-", ":");
  return SIX_OCTETS.test(canonical) ? (canonical as Mac) : null;
}

/** Brands six octets as an Ethernet address. Throws a RangeError unless there are six of them in 0 to 255. */
export function mac(octets: readonly number[]): Mac {
  const parsed = parseMac(octets.map((octet) => octet.toString(16).padStart(2, "0")).join(":"));
  if (parsed === null) throw new RangeError(`expected six octets, found ${JSON.stringify(octets)}`);
  return parsed;
}

/** The Ethernet broadcast address. */
export const BROADCAST_MAC: Mac = mac([255, 255, 255, 255, 255, 255]);
