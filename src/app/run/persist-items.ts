import { type ConfigurationTree, err, type HostId, ok, type Result } from "#model/index.js";
import type { PersistItem } from "#rollout/index.js";
import type { Failure } from "../failure.js";
import { sha256Of } from "../plan-file/changed-files.js";
import type { ChangedFile } from "../plan-file/schema.js";
import { say } from "./messages.js";

/** What is needed to say what is written to a host. */
export interface PersistRequest {
  readonly host: HostId;
  /** Of this host alone. */
  readonly files: readonly ChangedFile[];
  /** The new texts. */
  readonly tree: ConfigurationTree;
  /** The store path of the new NixOS system, or null where none was given. */
  readonly system: string | null;
}

type Platform = Extract<PersistItem, { readonly kind: "check" }>["platform"];

const CHECKS: Readonly<Partial<Record<ChangedFile["dialect"], Platform>>> = {
  ifupdown: "ifupdown2",
  netplan: "netplan",
  networkd: "networkd",
  uci: "uci",
};

/**
 * What is written to a host once it is confirmed: its changed files, each with the digest of what has to be there before, the NixOS system,
 * and the question to the platform's own tool whether it understands them. A text that is not the one of the plan is a failure.
 */
export function persistItems(request: PersistRequest): Result<readonly PersistItem[], Failure> {
  const { host, files, system } = request;
  const isNixos = files.some(({ dialect }) => dialect === "nixos");
  if (isNixos && system === null) return err(say.systemMissing(host));
  const items: PersistItem[] = [];
  for (const file of files.filter(({ dialect }) => dialect !== "nixos")) {
    const item = itemOf(file, request.tree);
    if (!item.ok) return item;
    items.push(item.value);
  }
  if (system !== null) items.push({ kind: "nixos-system", system });
  const platforms = files.flatMap(({ dialect }) => CHECKS[dialect] ?? []);
  return ok([...items, ...[...new Set(platforms)].map((platform) => ({ kind: "check" as const, platform }))]);
}

function itemOf(file: ChangedFile, tree: ConfigurationTree): Result<PersistItem, Failure> {
  const { at, before, after } = file;
  if (at === null) return err(say.placeUnknown(file));
  if (after === null) {
    if (before === null) return err(say.otherText(file));
    return ok({ kind: "file-delete", path: at, before });
  }
  const text = tree.read(file.path);
  if (text === null || sha256Of(text) !== after) return err(say.otherText(file));
  return ok({ kind: "file", path: at, before, text });
}
