import {
  type ConfigurationEdit,
  type ConfigurationTree,
  type EditedFile,
  type EditRefusal,
  err,
  type HostConfiguration,
  type LinkName,
  ok,
  type Result,
  type Source,
} from "#model/index.js";
import { type Change, formatChange, formatOld, type Task, tasksOf } from "./change.js";
import { mentionsLink } from "./facts.js";
import { gatewayChanges } from "./gateway.js";
import { lookUp, type Wanted } from "./look-up.js";
import { foreignEdit, notFound, obstacle, otherMeaning, severalPlaces, unknownLink } from "./messages.js";
import { changedFiles, type Overlay, overlayOf, withSplices } from "./overlay.js";
import { otherDifference } from "./same-meaning.js";
import type { Splice } from "./text.js";

/** What a dialect gives so that its files can be edited. */
export interface EditableDialect {
  readonly read: (tree: ConfigurationTree, path: string) => HostConfiguration;
  /**
   * Ways to make a change, the most natural first: each is read again, and the first that means exactly the change is taken.
   * An empty list and an obstacle both end in a refusal.
   */
  readonly propose: (request: EditRequest) => Result<readonly Proposal[], Obstacle>;
  /** What to write by hand where the change cannot be made, in sentence case. */
  readonly hint: (change: Change) => string;
}

/** One change that is to be made in the files as they are now. */
export interface EditRequest {
  readonly tree: ConfigurationTree;
  readonly path: string;
  readonly configuration: HostConfiguration;
  readonly change: Change;
  /** Where the value stands that gives way; null where there is none yet. */
  readonly place: Source | null;
}

/** The splices of one way, in one file or several. */
export type Proposal = readonly Splice[];

/** Why a dialect has no way: what was found instead of a line that can be edited, as half a sentence. */
export interface Obstacle {
  readonly found: string;
  readonly source: Source | null;
}

type Told = Omit<EditRefusal, "edit">;

interface Editing {
  readonly dialect: EditableDialect;
  readonly tree: ConfigurationTree;
  readonly path: string;
  overlay: Overlay;
  configuration: HostConfiguration;
}

/**
 * Makes edits one after the other in memory; each is read again and kept only where it means exactly what was asked.
 *
 * @returns the files whose text differs, or the first refusal with its place in the files as they were, and then nothing is changed.
 */
export function editConfiguration(
  dialect: EditableDialect,
  given: {
    readonly tree: ConfigurationTree;
    readonly path: string;
    readonly edits: readonly ConfigurationEdit[];
  },
): Result<readonly EditedFile[], EditRefusal> {
  const { tree, path } = given;
  const begin = (): Editing => {
    return {
      dialect,
      tree,
      path,
      overlay: overlayOf(tree, new Map()),
      configuration: dialect.read(tree, path),
    };
  };
  const editing = begin();
  for (const task of tasksOf(given.edits)) {
    const refusal = carryOut(editing, task);
    if (refusal === null) continue;
    const placed =
      editing.overlay.texts.size === 0 ? refusal : (carryOut(begin(), task) ?? { ...refusal, source: null });
    return err({ edit: task.edit, ...placed });
  }
  return ok(changedFiles(tree, editing.overlay));
}

function carryOut(editing: Editing, task: Task): Told | null {
  switch (task.kind) {
    case "foreign":
      return foreignEdit(editing.path, task.edit);
    case "change":
      return makeChange(editing, task.change, task.edit.kind === "address-length");
    case "gateway":
      return setGateway(editing, task.edit);
  }
}

function setGateway(editing: Editing, edit: Extract<ConfigurationEdit, { kind: "gateway" }>): Told | null {
  const unknown = linkRefusal(editing, [edit.link], "Add the link to the files first.");
  if (unknown !== null) return unknown;
  const changes = gatewayChanges(editing.configuration, edit);
  if (!changes.ok) return changes.error;
  for (const change of changes.value) {
    const refusal = makeChange(editing, change, false);
    if (refusal !== null) return refusal;
  }
  return null;
}

function makeChange(editing: Editing, asked: Change, needsOld: boolean): Told | null {
  const { configuration, dialect } = editing;
  const hint = dialect.hint(asked);
  const unknown = linkRefusal(editing, linksOf(asked), hint);
  if (unknown !== null) return unknown;
  const found = lookUp(configuration, asked);
  if (found.isThere) return null;
  if (needsOld && found.places.length === 0) return notFound(formatOld(asked), hint);
  const [place = null] = found.places;
  if (place !== null && found.places.length > 1)
    return severalPlaces(formatOld(asked), found.places.length, place);
  return tryProposals(editing, found, { place, hint });
}

function tryProposals(
  editing: Editing,
  wanted: Wanted,
  given: { readonly place: Source | null; readonly hint: string },
): Told | null {
  const { dialect, tree, path, overlay, configuration } = editing;
  const { place, hint } = given;
  const { change } = wanted;
  const what = formatChange(change);
  const proposed = dialect.propose({ tree: overlay, path, configuration, change, place });
  if (!proposed.ok) return obstacle(what, { ...proposed.error, hint });
  let difference: string | null = null;
  for (const proposal of proposed.value) {
    const next = withSplices(tree, overlay, proposal);
    if (next === null) continue;
    const after = dialect.read(next, path);
    const other = otherDifference(configuration, after, change);
    if (other === null) {
      editing.overlay = next;
      editing.configuration = after;
      return null;
    }
    difference ??= other;
  }
  return otherMeaning(what, { difference: difference ?? "cannot be written there", source: place, hint });
}

/** Links must be known to the reader by name: what a file says of a pattern may be true of others too. */
function linkRefusal(editing: Editing, links: readonly LinkName[], hint: string): Told | null {
  const { configuration } = editing;
  const unknown = links.find((link) => !mentionsLink(configuration, link));
  if (unknown === undefined) return null;
  const pattern = configuration.issues.find(({ code }) => code.endsWith("/unknown-link-name"));
  return unknownLink(unknown, pattern?.source ?? null, hint);
}

function linksOf(change: Change): readonly LinkName[] {
  if (change.kind !== "route") return [change.link];
  return [change.from, change.to].flatMap((route) => (route === null ? [] : [route.link]));
}
