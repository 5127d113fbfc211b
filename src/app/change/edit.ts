import { type Change, parseChange } from "#formats/change/index.js";
import { type ConfigurationTree, err, ok, type Result } from "#model/index.js";
import { attempt } from "../attempt.js";
import type { Failure } from "../failure.js";
import { type LoadedFleet, loadFleet } from "../load-fleet.js";
import { say } from "../messages.js";
import { type FleetSource, type Network, networkOf, wholeNetwork } from "../network.js";
import { buildFileReader } from "../read-configurations.js";
import { type PlaceSource, placesInTree } from "../source-places.js";
import { readNamedFile } from "../tree/folder-tree.js";
import { openTree } from "../tree/tree-reference.js";
import { editHosts, type HostEdits, type HostRefusal } from "./edit-hosts.js";
import { findEdits } from "./find-edits.js";
import { grantChange } from "./grant-change.js";
import { proveEdits } from "./prove-edits.js";
import { overlayTree, recordingTree } from "./recording-tree.js";

/** What to edit: the configuration of a fleet, and the file that says how. */
export interface EditRequest {
  readonly from: FleetSource;
  /** The path of the change file. */
  readonly change: string;
}

/** One file before and after. */
export interface FileEdit {
  /** From the root of the configuration tree. */
  readonly path: string;
  readonly before: string;
  readonly after: string;
}

/** The edits that a change needs, proved to mean the change and nothing else. */
export interface EditResult {
  readonly before: Network;
  /** The network of the edited files; null where an edit is refused. */
  readonly after: Network | null;
  /** Hosts of which something is asked that their files do not say yet, refused ones among them. */
  readonly hosts: readonly HostEdits[];
  /** Sorted by path; files of refused hosts are not among them. */
  readonly files: readonly FileEdit[];
  readonly refusals: readonly HostRefusal[];
  readonly notes: readonly string[];
  /** All files that the fleet reads, edited ones with their new text: a tree that can be planned to. */
  readonly tree: ReadonlyMap<string, string>;
}

/** Reads a change file and finds the edits of the configuration that it needs; nothing is written. */
export function edit({ from, change }: EditRequest): Result<EditResult, Failure> {
  const text = readNamedFile(change, "change file");
  if (!text.ok) return text;
  const parsed = parseChange(text.value, change);
  if (!parsed.ok) return err(say.issues(parsed.error, ""));
  const loaded = loadFleet(from.file);
  if (!loaded.ok) return loaded;
  const tree = openTree(from.file, from.tree);
  if (!tree.ok) return tree;
  return attempt(() => editTree(from, { change: parsed.value, loaded: loaded.value, tree: tree.value }));
}

interface Opened {
  readonly change: Change;
  readonly loaded: LoadedFleet;
  readonly tree: ConfigurationTree;
}

function editTree(from: FleetSource, { change, loaded, tree }: Opened): Result<EditResult, Failure> {
  const placeOf = placesInTree(from.file, from.tree);
  const before = wholeNetwork(networkOf(loaded, tree, { nix: from.nix, placeOf }));
  if (!before.ok) return before;
  const granted = grantChange(change, { fleet: loaded.fleet, before: before.value });
  if (granted.issues.length > 0) return err(say.issues(granted.issues, ""));
  const wanted = granted.aims
    .map((aim) => ({ host: aim.host, edits: findEdits(aim) }))
    .filter(({ edits }) => edits.length > 0);
  const read = buildFileReader(from.nix);
  const edited = editHosts(tree, wanted, read);
  proveEdits(tree, edited, {
    fleet: loaded.fleet,
    before: before.value.configurations,
    wanted,
    read,
  });
  const after = afterOf({ from, loaded, tree, placeOf }, edited.refusals.length > 0 ? null : edited.texts);
  if (!after.ok) return after;
  return ok({
    before: before.value,
    after: after.value.network,
    hosts: wanted,
    files: filesOf(tree, edited.texts),
    refusals: edited.refusals.map((each) => ({
      ...each,
      source: each.source === null ? null : placeOf(each.source),
    })),
    notes: granted.notes,
    tree: after.value.opened,
  });
}

function filesOf(tree: ConfigurationTree, texts: ReadonlyMap<string, string>): readonly FileEdit[] {
  return [...texts]
    .map(([path, after]) => ({ path, before: tree.read(path) ?? "", after }))
    .sort((a, b) => (a.path < b.path ? -1 : 1));
}

/** What the edited tree means, read as any other tree is. */
function afterOf(
  given: {
    readonly from: FleetSource;
    readonly loaded: LoadedFleet;
    readonly tree: ConfigurationTree;
    readonly placeOf: PlaceSource;
  },
  texts: ReadonlyMap<string, string> | null,
): Result<{ readonly network: Network | null; readonly opened: ReadonlyMap<string, string> }, Failure> {
  const { from, loaded, tree, placeOf } = given;
  if (texts === null) return ok({ network: null, opened: new Map() });
  const recording = recordingTree(overlayTree(tree, texts));
  const network = wholeNetwork(
    networkOf(loaded, recording, { nix: from.nix, placeOf: placesOfEdited(placeOf, texts) }),
  );
  if (!network.ok) return network;
  const opened = new Map([...recording.opened].sort().map((path) => [path, recording.read(path) ?? ""]));
  return ok({ network: network.value, opened });
}

/** A line of an edited text is not the one that the file has today. */
function placesOfEdited(placeOf: PlaceSource, texts: ReadonlyMap<string, string>): PlaceSource {
  return (source) => {
    const place = placeOf(source);
    return texts.has(source.file) ? { ...place, file: `${place.file} (edited)` } : place;
  };
}
