import { formatIPv4 } from "#ip/index.js";
import {
  type ConfigurationEdit,
  type ConfigurationTree,
  compareEdited,
  type EditedFile,
  type EditRefusal,
  err,
  type HostConfiguration,
  ok,
  type Result,
} from "#model/index.js";
import type { Proposal } from "./edit.js";
import { flagObstacle, noK3s, unknownFlag } from "./messages.js";
import { changedFiles, type Overlay, overlayOf, withSplices } from "./overlay.js";

/** An edit of the flags of k3s. */
export type FlagEdit = Extract<ConfigurationEdit, { kind: "node-ip" | "flannel-backend" | "k3s-server" }>;

/** A flag as it is and as it should be; `from` is null where the files do not give it. */
export interface FlagChange {
  readonly flag: "node-ip" | "flannel-backend" | "server";
  readonly from: string | null;
  readonly to: string;
}

/** What a dialect gives so that the flags of k3s in its files can be edited. */
export interface FlagDialect {
  readonly read: (tree: ConfigurationTree, path: string) => HostConfiguration;
  /** Ways to make a change, the most natural first; each is read again. */
  readonly propose: (tree: ConfigurationTree, path: string, change: FlagChange) => readonly Proposal[];
}

/** Whether an edit is one of the flags of k3s. */
export function isFlagEdit(edit: ConfigurationEdit): edit is FlagEdit {
  return edit.kind === "node-ip" || edit.kind === "flannel-backend" || edit.kind === "k3s-server";
}

/** Makes edits of the flags of k3s; each is kept only where the files, read again, say exactly that. */
export function editFlags(
  dialect: FlagDialect,
  given: { readonly tree: ConfigurationTree; readonly path: string; readonly edits: readonly FlagEdit[] },
): Result<readonly EditedFile[], EditRefusal> {
  const { tree, path } = given;
  let overlay = overlayOf(tree, new Map());
  for (const edit of given.edits) {
    const next = makeEdit(dialect, { tree, path, overlay, edit });
    if (!next.ok) return next;
    overlay = next.value;
  }
  return ok(changedFiles(tree, overlay));
}

function makeEdit(
  dialect: FlagDialect,
  given: {
    readonly tree: ConfigurationTree;
    readonly path: string;
    readonly overlay: Overlay;
    readonly edit: FlagEdit;
  },
): Result<Overlay, EditRefusal> {
  const { tree, path, overlay, edit } = given;
  const before = dialect.read(overlay, path);
  if (before.k3s === null) return err({ edit, ...noK3s(path) });
  const change = changeOf(edit, before.k3s);
  if (change.from === change.to) return ok(overlay);
  // A flag whose value is not known is there all the same: another one beside it would not replace it.
  const unknown = before.issues.find(
    ({ severity, message }) => severity === "unmodelled" && message.includes(`--${change.flag}`),
  );
  if (change.from === null && unknown !== undefined)
    return err({ edit, ...unknownFlag(change, unknown.source ?? before.k3s.source) });
  for (const proposal of dialect.propose(overlay, path, change)) {
    const next = withSplices(tree, overlay, proposal);
    if (next === null) continue;
    if (compareEdited(before, [edit], dialect.read(next, path)).length === 0) return ok(next);
  }
  return err({ edit, ...flagObstacle(change, before.k3s.source) });
}

function changeOf(edit: FlagEdit, k3s: NonNullable<HostConfiguration["k3s"]>): FlagChange {
  if (edit.kind === "k3s-server") return { flag: "server", from: k3s.server, to: edit.url };
  if (edit.kind === "flannel-backend")
    return { flag: "flannel-backend", from: k3s.flannelBackend, to: edit.backend };
  const from = k3s.nodeIp === null ? null : formatIPv4(k3s.nodeIp);
  return { flag: "node-ip", from, to: formatIPv4(edit.ip) };
}
