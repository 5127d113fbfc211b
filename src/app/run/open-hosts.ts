import { join } from "node:path";
import { formatIPv4 } from "#ip/index.js";
import { LabError, labReach, openLab } from "#lab/index.js";
import { err, type Host, type HostId, ok, type Result } from "#model/index.js";
import { measureCells, type SessionOf } from "#probe/index.js";
import { HostClient, type HostProgram, type HostStatus } from "#rollout/index.js";
import { openSshReach, type Reach } from "#transport/index.js";
import { collectSnapshot } from "../collect/collect-snapshot.js";
import type { Failure } from "../failure.js";
import { reachFromHere } from "../reach-from-here.js";
import { readHostProgram } from "./host-program.js";
import { COMING_AND_GOING } from "./live-fit.js";
import { say } from "./messages.js";
import type { OpenedHosts } from "./opened-hosts.js";
import type { NamedReach, RunReach } from "./request.js";

/** Where the hosts are. */
export interface HostsRequest {
  readonly reach: RunReach;
  /** What `ssh` is given, by host; a host that is not named is reached by its own name. */
  readonly destinations: ReadonlyMap<string, string>;
  /** The host that this program runs on, where it is one of the fleet and has no destination of its own. */
  readonly thisMachine: HostId | null;
  /** Addresses that a host has before or after the change, for when the one it was found at is gone. */
  readonly addressesOf: (host: HostId) => readonly string[];
  readonly requestTimeoutMs: number;
}

/** Opens the ways to the hosts of a run; no host is asked yet. */
export function openHosts(request: HostsRequest): Result<OpenedHosts, Failure> {
  if (request.reach.kind === "open") return ok({ ...request.reach.hosts, close: async () => undefined });
  const opened = openReach(request, request.reach);
  if (!opened.ok) return opened;
  const { reach, folderOf } = opened.value;
  const sessionOf: SessionOf = async (host) => {
    const session = await reach.open(host, "probe");
    return session.ok ? session : err({ why: `${session.error.why} ${session.error.hint}`.trim() });
  };
  const hostProgram: HostProgram = { ...readHostProgram(), ...(folderOf === null ? {} : { folderOf }) };
  const { requestTimeoutMs } = request;
  return ok({
    reach,
    sessionOf,
    measure: (cells) => measureCells(sessionOf, cells),
    hostProgram,
    statusOf: (host) => askStatus(new HostClient({ host, reach, hostProgram, requestTimeoutMs })),
    collect: (hosts, segments) => collectSnapshot({ sessionOf, hosts, segments }),
    close: reach.close,
  });
}

async function askStatus(client: HostClient): Promise<Result<HostStatus, string>> {
  try {
    const installed = await client.install();
    if (installed.kind !== "done") return err(installed.why);
    const reply = await client.observe();
    return reply.kind === "done" ? ok(reply.value) : err(reply.why);
  } finally {
    await client.renew();
  }
}

interface OpenedReach {
  readonly reach: Reach;
  readonly folderOf: ((host: HostId) => string) | null;
}

function openReach(request: HostsRequest, reach: NamedReach): Result<OpenedReach, Failure> {
  switch (reach.kind) {
    case "ssh":
      return ok({ reach: reachBySsh(request, reach.configFile), folderOf: null });
    case "lab":
      return reachLab(reach.name);
  }
}

function reachBySsh(request: HostsRequest, configFile: string | null): Reach {
  const { destinations, thisMachine, addressesOf } = request;
  const ssh = openSshReach({
    destinationOf: (host) => destinations.get(host) ?? host,
    addressesOf,
    configFile,
  });
  const isHere = thisMachine !== null && !destinations.has(thisMachine);
  return reachFromHere(ssh, isHere ? thisMachine : null);
}

/** A host of the lab that is a bare namespace shares the files of this machine: its state lies in a folder of its own. */
function reachLab(name: string): Result<OpenedReach, Failure> {
  try {
    const lab = openLab(name);
    const folders = new Map(
      lab.hosts.map(({ id, kind, number }) => [
        id,
        kind === "netns" ? join(lab.folder, "hosts", String(number), "state") : "/var/lib/pointsman",
      ]),
    );
    return ok({
      reach: labReach(name),
      folderOf: (host) => folders.get(host) ?? "/var/lib/pointsman",
    });
  } catch (error) {
    if (error instanceof LabError) return err(say.noLab(error.message, error.hint));
    throw error;
  }
}

/** The addresses by which a host may be reached from elsewhere, those of containers and machines left out. */
export function reachableAddresses(hosts: readonly Host[]): readonly string[] {
  const addresses = hosts.flatMap(({ addresses: own }) =>
    own.filter(({ link, scope }) => scope === "global" && !COMING_AND_GOING.test(link)),
  );
  return [...new Set(addresses.map(({ ip }) => formatIPv4(ip)))];
}
