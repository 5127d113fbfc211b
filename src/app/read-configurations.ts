import { DIALECTS } from "#formats/index.js";
import {
  type ConfigurationFile,
  type ConfigurationTree,
  emptyConfiguration,
  err,
  type Fleet,
  type FleetHost,
  type HostConfiguration,
  type HostId,
  mergeConfigurations,
  ok,
  type Result,
} from "#model/index.js";
import { attempt } from "./attempt.js";
import type { Failure } from "./failure.js";
import { say } from "./messages.js";
import { buildNixosReader, type NixosReader, type NixUse } from "./read-nixos-file.js";

/**
 * Reads the configuration files of every host of a fleet from a tree. A file or folder that the fleet names and the tree
 * does not have is a failure: without it nothing true could be said of its host.
 */
export function readConfigurations(
  fleet: Fleet,
  tree: ConfigurationTree,
  nix: NixUse = "auto",
): Result<ReadonlyMap<HostId, HostConfiguration>, Failure> {
  const readFile = buildFileReader(nix);
  return attempt(() => {
    const read = new Map<HostId, HostConfiguration>();
    for (const host of fleet.hosts) {
      const missing = host.configuration.find((file) => isMissing(tree, file));
      if (missing !== undefined) return err(say.missingConfiguration(host.id, missing));
      read.set(host.id, readHost(host, tree, readFile));
    }
    return ok(read);
  });
}

/** Reads one configuration file of a host, or the folder in its place. */
export type FileReader = (tree: ConfigurationTree, file: ConfigurationFile) => HostConfiguration;

/** A reader of all dialects; made once for all hosts of a tree. */
export function buildFileReader(nix: NixUse = "auto"): FileReader {
  const readNixosFile: NixosReader = buildNixosReader(nix);
  return (tree, { dialect, path }) =>
    dialect === "nixos" ? readNixosFile(tree, path) : DIALECTS[dialect](tree, path);
}

function readHost(host: FleetHost, tree: ConfigurationTree, readFile: FileReader): HostConfiguration {
  if (host.configuration.length === 0) {
    return { ...emptyConfiguration(), issues: [say.noConfiguration(host)] };
  }
  return mergeConfigurations(host.configuration.map((file) => readFile(tree, file)));
}

function isMissing(tree: ConfigurationTree, { path }: ConfigurationFile): boolean {
  return tree.read(path) === null && tree.list(path).length === 0;
}
