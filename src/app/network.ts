import {
  type ConfigurationTree,
  err,
  type Fleet,
  type HostConfiguration,
  type HostId,
  type Issue,
  ok,
  type Result,
  type Snapshot,
} from "#model/index.js";
import { deriveSnapshot } from "./derive/snapshot.js";
import type { Failure } from "./failure.js";
import { type LoadedFleet, loadFleet } from "./load-fleet.js";
import { loadSnapshot } from "./load-snapshot.js";
import { say } from "./messages.js";
import { readConfigurations } from "./read-configurations.js";
import type { NixUse } from "./read-nixos-file.js";
import { type PlaceSource, placesBelow, placesInTree } from "./source-places.js";
import { openTree } from "./tree/tree-reference.js";

/** Where the operator says that the network is described. */
export type NetworkSource =
  | { readonly kind: "snapshot"; readonly directory: string }
  | FleetSource
  /** One that is open already, such as that of edited files. */
  | { readonly kind: "open"; readonly network: Network };

/** A fleet file and the configuration that it names. */
export interface FleetSource {
  readonly kind: "fleet";
  readonly file: string;
  /** A folder, `git:REVISION`, or null for the folder of the fleet file. */
  readonly tree: string | null;
  /** Whether an installed `nix-instantiate` may be asked; it is where this is missing. */
  readonly nix?: NixUse;
}

/** A network as a verb works on it, wherever it came from. */
export interface Network {
  readonly snapshot: Snapshot;
  /** null for a snapshot directory. */
  readonly fleet: Fleet | null;
  /** Empty for a snapshot directory. */
  readonly configurations: ReadonlyMap<HostId, HostConfiguration>;
  /** The files that it was read from; null for a snapshot directory. */
  readonly tree: ConfigurationTree | null;
  readonly issues: readonly Issue[];
  /** Of the issues those that say that a configuration file is damaged: what it would say is missing. */
  readonly damage: readonly Issue[];
  /** What was taken to be so because no file says it. */
  readonly assumptions: readonly string[];
  /** Where a fact of this network stands, as a path from here. */
  readonly placeOf: PlaceSource;
}

/** As `openNetwork`, for verbs whose result would mislead where a part of the input is missing: damage is a failure. */
export function openWholeNetwork(source: NetworkSource): Result<Network, Failure> {
  return wholeNetwork(openNetwork(source));
}

/** A network without damage, or the damage as a failure. */
export function wholeNetwork(opened: Result<Network, Failure>): Result<Network, Failure> {
  if (!opened.ok || opened.value.damage.length === 0) return opened;
  const { damage, placeOf } = opened.value;
  return err(
    say.issues(
      damage.map((issue) => ({ ...issue, source: issue.source === null ? null : placeOf(issue.source) })),
      "",
    ),
  );
}

/** Reads a snapshot directory, or derives what a cold boot of the fleet's configuration gives. */
export function openNetwork(source: NetworkSource): Result<Network, Failure> {
  switch (source.kind) {
    case "snapshot":
      return openSnapshot(source.directory);
    case "fleet":
      return openFleet(source);
    case "open":
      return ok(source.network);
  }
}

function openSnapshot(directory: string): Result<Network, Failure> {
  const loaded = loadSnapshot(directory);
  if (!loaded.ok) return loaded;
  const { snapshot, issues } = loaded.value;
  const placeOf = placesBelow(directory, null);
  return ok({
    snapshot,
    fleet: null,
    configurations: new Map(),
    tree: null,
    issues,
    assumptions: [],
    damage: [],
    placeOf,
  });
}

function openFleet({ file, tree: reference, nix }: FleetSource): Result<Network, Failure> {
  const loaded = loadFleet(file);
  if (!loaded.ok) return loaded;
  const tree = openTree(file, reference);
  if (!tree.ok) return tree;
  return networkOf(loaded.value, tree.value, { nix, placeOf: placesInTree(file, reference) });
}

/** The network that a fleet has with the configuration of a tree. */
export function networkOf(
  { fleet, issues }: LoadedFleet,
  tree: ConfigurationTree,
  { nix, placeOf }: { readonly nix: NixUse | undefined; readonly placeOf: PlaceSource },
): Result<Network, Failure> {
  const configurations = readConfigurations(fleet, tree, nix);
  if (!configurations.ok) return configurations;
  const derived = deriveSnapshot(fleet, configurations.value);
  const read = [...configurations.value.values()].flatMap((configuration) => configuration.issues);
  return ok({
    ...derived,
    fleet,
    tree,
    issues: [...issues, ...derived.issues],
    damage: read.filter((issue) => issue.severity === "error"),
    placeOf,
  });
}
