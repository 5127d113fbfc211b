import { execFile } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { judgeMatrix } from "#dataplane/index.js";
import { readSnapshot } from "#formats/iproute2/index.js";
import { parseIPv4 } from "#ip/index.js";
import type { ConfigurationTree, Snapshot } from "#model/index.js";
import { type SimulatedFlow, simulatedMatrix } from "./compare.js";

/** What the simulator says about every host of a snapshot directory to these destinations. */
export type Simulator = (
  snapshot: string,
  destinations: readonly string[],
) => Promise<readonly SimulatedFlow[]>;

const POINTSMAN = fileURLToPath(new URL("../../bin/pointsman", import.meta.url));
const MAX_OUTPUT_BYTES = 1 << 28;
const run = promisify(execFile);

/** The simulator as an operator has it: the command line, from its public JSON. */
async function simulateByCommand(
  snapshot: string,
  destinations: readonly string[],
): Promise<readonly SimulatedFlow[]> {
  const targets = destinations.flatMap((address) => ["--to", address]);
  const { stdout } = await run(
    process.execPath,
    [POINTSMAN, "matrix", "--snapshot", snapshot, ...targets, "--json"],
    {
      maxBuffer: MAX_OUTPUT_BYTES,
    },
  );
  return simulatedMatrix.parse(JSON.parse(stdout)).flows;
}

/** The same simulator without a process of its own: the snapshot's reader and the data plane, as the command line joins them. */
function simulateInProcess(
  snapshot: string,
  destinations: readonly string[],
): Promise<readonly SimulatedFlow[]> {
  const extra = destinations.flatMap((address) => parseIPv4(address) ?? []);
  return Promise.resolve(
    simulatedMatrix.shape.flows.parse(judgeMatrix(readLabSnapshot(snapshot), { extra, isTraced: false })),
  );
}

/** The snapshot in a directory; throws where it cannot be read. */
export function readLabSnapshot(directory: string): Snapshot {
  const reading = readSnapshot(treeOf(directory));
  if (!reading.ok) {
    throw new Error(`expected a snapshot that can be read, found ${JSON.stringify(reading.error)}`);
  }
  return reading.value.snapshot;
}

function treeOf(directory: string): ConfigurationTree {
  const files = readdirSync(directory, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(directory.length + 1))
    .sort();
  return {
    read: (path) => (files.includes(path) ? readFileSync(join(directory, path), "utf8") : null),
    list: (folder) => files.filter((file) => file.startsWith(`${folder}/`)),
  };
}

/** POINTSMAN_LAB_SIMULATOR: `none` looks at the kernel alone, `command` asks the command line; else in this process. */
export function chosenSimulator(): Simulator | null {
  switch (process.env["POINTSMAN_LAB_SIMULATOR"]) {
    case "none":
      return null;
    case "command":
      return simulateByCommand;
    default:
      return simulateInProcess;
  }
}
