import type { IPv4 } from "#ip/index.js";
import type { LinkName } from "#model/index.js";
import type { CompiledLink } from "./compiled-host.js";

/** One way of a packet: where it ended, and the hosts on whose link it arrived. */
export interface Way {
  readonly end: "accepted" | "lost" | "loop" | "unknown";
  readonly path: readonly number[];
  /** The host and link that accepted it; the sender itself for an own address. */
  readonly at: Place | null;
  /** The source that the packet had when it left. */
  readonly source: IPv4;
  readonly isLocal: boolean;
  /** The link by which it left its sender, or null where it never did. */
  readonly out: CompiledLink | null;
}

/** A link of a host. */
export interface Place {
  readonly host: number;
  readonly link: LinkName;
}

/** A packet to send: `source` null where the kernel chooses it. */
export interface Sending {
  readonly host: number;
  readonly source: IPv4 | null;
  readonly destination: IPv4;
  /** An ICMP error: no redirect is sent about it. */
  readonly isError?: boolean;
}

/** Hops that a packet with the usual TTL of 64 makes before a router drops it; net/ipv4/ip_forward.c. */
export const MAX_HOPS = 64;

/** A packet that is on its way. */
export interface Packet {
  readonly source: IPv4;
  readonly destination: IPv4;
  readonly isError: boolean;
}
