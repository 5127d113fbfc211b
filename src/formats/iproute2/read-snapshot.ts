import {
  type ConfigurationTree,
  err,
  type Host,
  type HostId,
  hostId,
  type Issue,
  ok,
  type Result,
  type Snapshot,
} from "#model/index.js";
import { say } from "./messages.js";
import { readHost } from "./read-host.js";
import { readSegments, readWiring, type Wiring, wiredLinks } from "./read-wiring.js";
import { newReading, type Reading } from "./reading.js";

/** A snapshot and all that its reader had to say, also what stands in `unmodelled` of a host. */
export interface SnapshotReading {
  readonly snapshot: Snapshot;
  readonly issues: readonly Issue[];
}

/**
 * Reads a snapshot directory (docs/formats/iproute2.md). Never throws, whatever the files hold. A missing file is unknown, not empty:
 * it stands in `unmodelled` of its host. What is wrong beyond doubt is an error, and then there is no snapshot.
 */
export function readSnapshot(tree: ConfigurationTree): Result<SnapshotReading, readonly Issue[]> {
  const names = hostNames(tree);
  if (names.length === 0 && tree.read("wiring.json") === null) return err([say.emptyDirectory()]);
  const reading = newReading(tree);
  if (names.length === 0) reading.errors.push(say.noHosts());
  const wiring = readWiring(reading);
  const hosts = readHosts(reading, names, wiring);
  const segments = wiring === null ? [] : readSegments(reading, wiring, hosts);
  if (reading.errors.length > 0) return err(reading.errors);
  return ok({ snapshot: { hosts, segments }, issues: [...reading.unmodelled, ...reading.notes] });
}

function readHosts(reading: Reading, names: readonly string[], wiring: Wiring | null): Map<HostId, Host> {
  const hosts = new Map<HostId, Host>();
  for (const name of names) {
    const own: Reading = { ...reading, unmodelled: [] };
    hosts.set(hostId(name), readHost(own, name, wiredLinks(wiring, name)));
    reading.unmodelled.push(...own.unmodelled);
  }
  return hosts;
}

/** The folders below `hosts`, in the tree's own order. */
function hostNames(tree: ConfigurationTree): string[] {
  const names = tree.list("hosts").flatMap((path) => {
    const relative = path.startsWith("hosts/") ? path.slice("hosts/".length) : path;
    const end = relative.indexOf("/");
    return end > 0 ? [relative.slice(0, end)] : [];
  });
  return [...new Set(names)];
}
