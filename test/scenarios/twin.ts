import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { readSnapshot } from "#formats/iproute2/index.js";
import type { Host, HostId } from "#model/index.js";
import { describeDifference } from "#plan/index.js";
import type { FleetSpecification, FlowQuestion } from "../lab/fleet-specification.js";
import type { KernelFlow, Laboratory } from "../lab/laboratory.js";
import {
  bareSpecification,
  bareWiring,
  commandsOf,
  commandsTo,
  isWiring,
  type KernelChange,
  specificationOf,
  withKnownSysctls,
} from "./kernel-twin.js";
import type { StageNumbers } from "./states.js";

/** A fleet in namespaces that goes through a change. */
export interface Twin {
  /** Carries out the operations up to these stages, which lie nowhere behind those it is in; what then differs from the model, line by line. */
  readonly moveTo: (numbers: StageNumbers) => Promise<readonly string[]>;
  readonly ask: (flows: readonly FlowQuestion[], pace: "hasty" | "patient") => Promise<readonly KernelFlow[]>;
}

/** Builds the network before a change; throws where the kernel cannot be brought to hold it. */
export async function openTwin(laboratory: Laboratory, change: KernelChange): Promise<Twin> {
  const bare = bareSpecification("scenario", change);
  const wired = readHosts((await laboratory.build(bare)).snapshot);
  const commands: Record<string, readonly string[]> = {};
  for (const host of change.hosts) {
    const first = isWiring(host) ? bareWiring(host) : withKnownSysctls(wired.get(host.id) ?? host);
    const way = commandsTo(first, host);
    if (!way.ok) throw new Error(`no kernel operations bring a new host to the network before: ${way.why}`);
    commands[host.id] = way.commands;
  }
  let reached: StageNumbers = change.changes.map(() => 0);
  const start = await become(laboratory, commands, { change, bare, numbers: reached });
  if (start.length > 0) throw new Error(`the kernel does not hold the network before: ${start.join("\n")}`);
  return {
    moveTo: async (numbers) => {
      const steps = change.changes.map(({ host, operations }, index) => [
        host,
        commandsOf(operations.slice(reached[index] ?? 0, numbers[index] ?? 0)),
      ]);
      reached = numbers;
      return await become(laboratory, Object.fromEntries(steps), { change, bare, numbers });
    },
    ask: (flows, pace) => laboratory.run(flows, pace),
  };
}

interface Wanted {
  readonly change: KernelChange;
  readonly bare: FleetSpecification;
  readonly numbers: StageNumbers;
}

async function become(
  laboratory: Laboratory,
  commands: Readonly<Record<string, readonly string[]>>,
  { change, bare, numbers }: Wanted,
): Promise<readonly string[]> {
  const state = hostsIn(change, numbers);
  const specification = specificationOf(bare, state);
  const { snapshot, refused } = await laboratory.become(commands, specification);
  const kernel = readHosts(snapshot);
  const differences = state.flatMap((host) => {
    const held = kernel.get(host.id);
    if (isWiring(host) || held === undefined) return [];
    // Who is a member of etcd, and where, is nothing that the kernel knows.
    const etcd = host.etcdPeer === undefined ? {} : { etcdPeer: host.etcdPeer };
    const known = { ...withKnownSysctls(held), ...etcd };
    return describeDifference(known, host).map((line) => `${host.id}: ${line}`);
  });
  return [
    ...Object.entries(refused).flatMap(([host, lines]) => lines.map((line) => `${host}: ${line}`)),
    ...differences,
  ];
}

/** All hosts, each in the stage of that number. */
export function hostsIn({ hosts, changes }: KernelChange, numbers: StageNumbers): readonly Host[] {
  const stages = new Map(changes.map(({ host, stages }, index) => [host, stages[numbers[index] ?? 0]]));
  return hosts.map((host) => stages.get(host.id) ?? host);
}

function readHosts(directory: string): ReadonlyMap<HostId, Host> {
  const files = readdirSync(directory, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(directory.length + 1))
    .sort();
  const reading = readSnapshot({
    read: (path) => (files.includes(path) ? readFileSync(join(directory, path), "utf8") : null),
    list: (folder) => files.filter((file) => file.startsWith(`${folder}/`)),
  });
  if (!reading.ok) throw new Error(`the reader refused the kernel's state: ${JSON.stringify(reading.error)}`);
  return reading.value.snapshot.hosts;
}
