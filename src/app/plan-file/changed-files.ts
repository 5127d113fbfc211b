import { createHash } from "node:crypto";
import { posix } from "node:path";
import type { ConfigurationFile, ConfigurationTree, FleetHost } from "#model/index.js";
import { recordingTree } from "../change/recording-tree.js";
import type { Network } from "../network.js";
import { buildFileReader, type FileReader } from "../read-configurations.js";
import type { ChangedFile } from "./schema.js";

/** SHA-256 in hex of a text in UTF-8. */
export function sha256Of(text: string): string {
  return createHash("sha256").update(text, "utf8").digest("hex");
}

/**
 * The configuration files whose text differs between two networks, host by host: those that the fleet names and those that are read
 * with them. Empty where one of the two is a snapshot: then nobody knows the files.
 */
export function findChangedFiles(before: Network, after: Network): readonly ChangedFile[] {
  if (before.tree === null || after.tree === null) return [];
  const read = buildFileReader("never");
  const old = listFiles(before, before.tree, read);
  const young = listFiles(after, after.tree, read);
  const names = [...new Set([...old.keys(), ...young.keys()])].sort();
  return names.flatMap((name) => {
    const [was, is] = [old.get(name), young.get(name)];
    const file = is ?? was;
    if (file === undefined || was?.digest === is?.digest) return [];
    const { host, dialect, path, at } = file;
    return [{ host, dialect, path, at, before: was?.digest ?? null, after: is?.digest ?? null }];
  });
}

interface ReadFile extends Pick<ChangedFile, "host" | "dialect" | "path" | "at"> {
  readonly digest: string;
}

/** Every file that says something of a host, by host and path; one that two entries read is placed by the first. */
function listFiles(
  { fleet }: Network,
  tree: ConfigurationTree,
  read: FileReader,
): ReadonlyMap<string, ReadFile> {
  const files = new Map<string, ReadFile>();
  for (const host of fleet?.hosts ?? []) {
    for (const entry of host.configuration) {
      const recording = recordingTree(tree);
      read(recording, entry);
      for (const path of recording.opened) {
        const name = `${host.id}\0${path}`;
        const digest = sha256Of(tree.read(path) ?? "");
        const at = placeOnHost(host, entry, { path, isFolder: tree.read(entry.path) === null });
        if (!files.has(name)) files.set(name, { host: host.id, dialect: entry.dialect, path, at, digest });
      }
    }
  }
  return files;
}

/** A file that was read for an entry, as seen from the entry's own place; null where nothing says where it lies. */
function placeOnHost(
  host: FleetHost,
  entry: ConfigurationFile,
  { path, isFolder }: { readonly path: string; readonly isFolder: boolean },
): string | null {
  // What stands below /etc of NixOS comes from its store, k3s's own file apart: nobody writes it there.
  const isOwned = host.os === "nixos" && entry.dialect !== "k3s";
  const at = entry.at ?? (isOwned ? null : defaultPlace(entry, isFolder));
  if (at === null) return null;
  const own = isFolder ? entry.path : posix.dirname(entry.path);
  const below = posix.relative(own, path);
  if (below.startsWith("../")) return null;
  if (posix.normalize(entry.path) === posix.normalize(path)) return at;
  return posix.join(isFolder ? at : posix.dirname(at), below);
}

/** Where each platform looks for its files; for a folder, the folder. */
function defaultPlace({ dialect, path }: ConfigurationFile, isFolder: boolean): string | null {
  const name = posix.basename(path);
  const inside = (folder: string): string => (isFolder ? folder : `${folder}/${name}`);
  switch (dialect) {
    case "nixos":
      return null;
    case "ifupdown":
      if (!isFolder && name === "interfaces") return "/etc/network/interfaces";
      return inside("/etc/network/interfaces.d");
    case "uci":
      return inside("/etc/config");
    case "netplan":
      return inside("/etc/netplan");
    case "networkd":
      return inside("/etc/systemd/network");
    case "k3s":
      if (isFolder) return null;
      return /\.ya?ml$/.test(name) ? `/etc/rancher/k3s/${name}` : `/etc/systemd/system/${name}`;
  }
}
