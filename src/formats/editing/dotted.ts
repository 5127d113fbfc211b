import { broadcastOf, type Cidr, formatIPv4, maskOf } from "#ip/index.js";

/** Writes a prefix length as `like` is written: a dotted netmask, or a number. */
export function formatLength(length: number, like: string): string {
  return like.includes(".") ? formatIPv4(maskOf(length)) : String(length);
}

/**
 * What a written broadcast address becomes when its address changes.
 *
 * @returns null where it stays: it was not the one of the old address, or the new one has none (from /31 on).
 */
export function rewriteBroadcast(written: string, from: Cidr, to: Cidr): string | null {
  const isOfOld = written === formatIPv4(broadcastOf(from.address, from.length));
  return isOfOld && to.length <= 30 ? formatIPv4(broadcastOf(to.address, to.length)) : null;
}
