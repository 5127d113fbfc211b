import type { ConfigurationTree, Fleet, FleetHost, HostConfiguration, Snapshot } from "#model/index.js";

/** One host of a fleet, with all that its files in the lab follow from. */
export interface PlatformHost {
  readonly fleet: Fleet;
  readonly host: FleetHost;
  /** The tree that the paths of `host.configuration` lie in. */
  readonly tree: ConfigurationTree;
  /** What the reader of its dialects made of these files. */
  readonly configuration: HostConfiguration;
  /** What the whole fleet has after a cold boot with that tree. */
  readonly snapshot: Snapshot;
}
