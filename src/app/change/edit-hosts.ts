import { EDITORS } from "#formats/index.js";
import {
  type ConfigurationEdit,
  type ConfigurationTree,
  err,
  type FleetHost,
  type HostId,
  ok,
  type Result,
} from "#model/index.js";
import type { FileReader } from "../read-configurations.js";
import { type FilePart, holdingFile, partOf } from "./holding-file.js";
import { describeEdit, refusal, type Told } from "./messages.js";
import { overlayTree, recordingTree } from "./recording-tree.js";

/** What one host's files have to say differently. */
export interface HostEdits {
  readonly host: FleetHost;
  readonly edits: readonly ConfigurationEdit[];
}

/** Why the files of a host are left as they are. */
export interface HostRefusal extends Told {
  readonly host: HostId;
}

/** The texts of all edited files, who edited them, and the hosts whose files could not be edited. */
export interface EditedTexts {
  readonly texts: Map<string, string>;
  /** The hosts that asked for each text. */
  readonly editors: Map<string, HostId[]>;
  readonly refusals: HostRefusal[];
}

/** Edits the files of each host; a host is edited as a whole or not at all. A file of several hosts gets one text for all of them. */
export function editHosts(tree: ConfigurationTree, all: readonly HostEdits[], read: FileReader): EditedTexts {
  const edited: EditedTexts = { texts: new Map(), editors: new Map(), refusals: [] };
  for (const each of all) {
    const recording = recordingTree(tree);
    const parts = each.host.configuration.map((file) => partOf(file, read(recording, file)));
    const result = editHost(overlayTree(tree, edited.texts), each, parts);
    if (result.ok) keep(edited, each.host.id, { texts: result.value, opened: recording.opened });
    else
      edited.refusals.push({
        host: each.host.id,
        ...whyRefused(tree, each, { parts, edited, told: result.error }),
      });
  }
  return edited;
}

/** A host that finds its edit made already in a file that it shares is one of those whose edit it is. */
function keep(
  edited: EditedTexts,
  host: HostId,
  { texts, opened }: { readonly texts: ReadonlyMap<string, string>; readonly opened: ReadonlySet<string> },
): void {
  for (const [path, text] of texts) edited.texts.set(path, text);
  for (const path of new Set([...texts.keys(), ...opened])) {
    if (edited.texts.has(path)) edited.editors.set(path, [...(edited.editors.get(path) ?? []), host]);
  }
}

/** An edit that is refused only after other hosts' edits is refused because of them. */
function whyRefused(
  tree: ConfigurationTree,
  each: HostEdits,
  given: { readonly parts: readonly FilePart[]; readonly edited: EditedTexts; readonly told: Told },
): Told {
  const { parts, edited, told } = given;
  const alone = editHost(tree, each, parts);
  if (!alone.ok) return told;
  const path = [...alone.value.keys()].find((one) => edited.editors.has(one));
  const others = path === undefined ? undefined : edited.editors.get(path);
  return path === undefined || others === undefined ? told : refusal.shared(each.host.id, others, path);
}

function editHost(
  tree: ConfigurationTree,
  { host, edits }: HostEdits,
  parts: readonly FilePart[],
): Result<ReadonlyMap<string, string>, Told> {
  const texts = new Map<string, string>();
  const sorted = sortByFile(host, edits, parts);
  if (!sorted.ok) return sorted;
  for (const [{ file }, own] of sorted.value) {
    const edit = EDITORS[file.dialect];
    const result = edit(overlayTree(tree, texts), file.path, own);
    if (!result.ok) {
      const { message, hint, source } = result.error;
      return err({ message, hint, source: source ?? { file: file.path, line: 1, column: 1 } });
    }
    for (const { path, text } of result.value) texts.set(path, text);
  }
  return ok(texts);
}

function sortByFile(
  host: FleetHost,
  edits: readonly ConfigurationEdit[],
  parts: readonly FilePart[],
): Result<ReadonlyMap<FilePart, readonly ConfigurationEdit[]>, Told> {
  const sorted = new Map<FilePart, ConfigurationEdit[]>();
  for (const edit of edits) {
    const part = holdingFile(edit, parts);
    if (part === null) return err(refusal.noFile(host.id, describeEdit(edit)));
    sorted.set(part, [...(sorted.get(part) ?? []), edit]);
  }
  return ok(sorted);
}
