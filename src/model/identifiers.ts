declare const brand: unique symbol;

/** The name of a host in the fleet. */
export type HostId = string & { readonly [brand]: "HostId" };
/** The name of a network link on one host, as `ip link` prints it. */
export type LinkName = string & { readonly [brand]: "LinkName" };
/** The name of a layer-2 broadcast domain between hosts. */
export type SegmentId = string & { readonly [brand]: "SegmentId" };

/** Brands a host name. */
export function hostId(name: string): HostId {
  return name as HostId;
}

/** Brands a link name. */
export function linkName(name: string): LinkName {
  return name as LinkName;
}

/** Brands a segment name. */
export function segmentId(name: string): SegmentId {
  return name as SegmentId;
}
