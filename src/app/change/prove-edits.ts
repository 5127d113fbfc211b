import {
  type ConfigurationTree,
  compareEdited,
  type FactDifference,
  type Fleet,
  type FleetHost,
  type HostConfiguration,
  type HostId,
  mergeConfigurations,
} from "#model/index.js";
import type { FileReader } from "../read-configurations.js";
import type { EditedTexts, HostEdits } from "./edit-hosts.js";
import { refusal } from "./messages.js";
import { overlayTree, recordingTree } from "./recording-tree.js";

/** Differences that are told of one host. */
const MOST_TOLD = 4;

/** What hosts said before and what was asked of them. */
interface Asked {
  readonly before: ReadonlyMap<HostId, HostConfiguration>;
  readonly wanted: readonly HostEdits[];
  readonly read: FileReader;
}

/**
 * Reads every host of the fleet again and compares it with what it was and what was asked of it. Where a host says anything
 * else, the texts that it reads are taken back and the reason is told; the rest is looked at once more, until all that is left holds.
 */
export function proveEdits(
  tree: ConfigurationTree,
  edited: EditedTexts,
  given: Asked & { readonly fleet: Fleet },
): void {
  for (let isSettled = false; !isSettled; ) {
    isSettled = true;
    for (const host of given.fleet.hosts) if (!proveHost(tree, edited, { ...given, host })) isSettled = false;
  }
}

/** False where texts were taken back: what was seen of other hosts may then no longer hold. */
function proveHost(
  tree: ConfigurationTree,
  edited: EditedTexts,
  given: Asked & { readonly host: FleetHost },
): boolean {
  const { host, wanted, read } = given;
  const before = given.before.get(host.id);
  if (before === undefined || host.configuration.length === 0) return true;
  const recording = recordingTree(overlayTree(tree, edited.texts));
  const after = mergeConfigurations(host.configuration.map((file) => read(recording, file)));
  const isRefused = edited.refusals.some((each) => each.host === host.id);
  const edits = isRefused ? [] : (wanted.find((each) => each.host.id === host.id)?.edits ?? []);
  const differences = compareEdited(before, edits, after);
  if (differences.length === 0) return true;
  const paths = [...edited.texts.keys()].filter((path) => recording.opened.has(path));
  takeBack(edited, { host: host.id, paths, isAsked: edits.length > 0, differences });
  return paths.length === 0;
}

function takeBack(
  edited: EditedTexts,
  given: {
    readonly host: HostId;
    readonly paths: readonly string[];
    readonly isAsked: boolean;
    readonly differences: readonly FactDifference[];
  },
): void {
  const { host, paths, isAsked } = given;
  const editors = [...new Set(paths.flatMap((path) => edited.editors.get(path) ?? []))];
  const differences = given.differences
    .slice(0, MOST_TOLD)
    .map(({ kind, text }) => `${kind === "missing" ? "no longer" : "now"} \`${text}\``);
  const others = editors.filter((editor) => editor !== host);
  const told =
    isAsked && others.length === 0
      ? refusal.otherMeaning(host, differences)
      : refusal.alsoChanges({ editors: others, host, differences, paths });
  const refused = isAsked && others.length === 0 ? [host] : others;
  for (const editor of refused) edited.refusals.push({ ...told, host: editor });
  for (const path of paths) {
    edited.texts.delete(path);
    edited.editors.delete(path);
  }
}
