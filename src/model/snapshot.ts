import type { Host } from "./host.js";
import type { HostId, LinkName, SegmentId } from "./identifiers.js";

/** A link's plug in a segment. */
export interface Port {
  readonly host: HostId;
  readonly link: LinkName;
}

/** One layer-2 broadcast domain between hosts: a frame sent into it by one port reaches all the others. */
export interface Segment {
  readonly id: SegmentId;
  readonly ports: readonly Port[];
}

/** The complete layer-2 and layer-3 state of every host at one time. */
export interface Snapshot {
  readonly hosts: ReadonlyMap<HostId, Host>;
  readonly segments: readonly Segment[];
}
