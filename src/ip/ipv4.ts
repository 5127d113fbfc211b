declare const brand: unique symbol;

/** An IPv4 address as an unsigned 32-bit number in host order (10.0.0.1 is 0x0a000001). */
export type IPv4 = number & { readonly [brand]: "IPv4" };

/** Brands an unsigned 32-bit number; the caller vouches for the range (it is folded into it). */
export function ipv4(value: number): IPv4 {
  return (value >>> 0) as IPv4;
}

const DOTTED_QUAD = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})$/;

/**
 * Reads a dotted quad as inet_pton(3) does: four decimal parts, no leading zeros, nothing around it.
 *
 * @example parseIPv4("10.0.0.1") // 167772161
 * @returns null where the text is anything else.
 */
export function parseIPv4(text: string): IPv4 | null {
  const match = DOTTED_QUAD.exec(text);
  if (match === null) return null;
  let value = 0;
  for (const part of match.slice(1)) {
    const octet = Number(part);
    if (octet > 255 || (part.length > 1 && part.startsWith("0"))) return null;
    value = value * 256 + octet;
  }
  return ipv4(value);
}

/** Writes the dotted quad. */
export function formatIPv4(address: IPv4): string {
  return `${address >>> 24}.${(address >>> 16) & 255}.${(address >>> 8) & 255}.${address & 255}`;
}

/** The netmask of a prefix length (0 to 32). */
export function maskOf(length: number): IPv4 {
  return ipv4(length === 0 ? 0 : 0xffffffff << (32 - length));
}

/**
 * The prefix length of a netmask in dotted quad form.
 *
 * @returns null where the text is no netmask or its ones are not contiguous.
 */
export function parseNetmask(text: string): number | null {
  const mask = parseIPv4(text);
  if (mask === null) return null;
  const length = Math.clz32(~mask >>> 0);
  return maskOf(length) === mask ? length : null;
}

/** The directed broadcast address of the network that holds `address`; RFC 919. */
export function broadcastOf(address: IPv4, length: number): IPv4 {
  return ipv4((address | ~maskOf(length)) >>> 0);
}

/** 224.0.0.0/4; RFC 5771. */
export function isMulticastIPv4(address: IPv4): boolean {
  return address >>> 28 === 0xe;
}

/** 0.0.0.0/8, "this network"; RFC 1122, 3.2.1.3. */
export function isZeroIPv4(address: IPv4): boolean {
  return address >>> 24 === 0;
}
