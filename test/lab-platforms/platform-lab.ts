import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { type Network, openWholeNetwork } from "#app/index.js";
import { readSnapshot } from "#formats/iproute2/index.js";
import { formatIPv4 } from "#ip/index.js";
import {
  ensureRoot,
  type LabHost,
  type LabSpecification,
  type PlatformHost,
  platformFiles,
  rootKindOf,
} from "#lab/index.js";
import { type FleetHost, type Host, type HostId, hostId } from "#model/index.js";
import { describeDifference } from "#plan/index.js";

/** What a test takes of a fleet: the hosts that it boots, and what they come up with. */
export interface PlatformLab {
  readonly specification: LabSpecification;
  readonly network: Network;
  readonly platformHost: (id: string) => PlatformHost;
}

/** A lab with some hosts of a fleet (all where none is named) as systemd hosts, each with the files that its platform reads. */
export async function platformLab(given: {
  readonly name: string;
  readonly fleet: string;
  readonly tree: string;
  readonly only?: readonly string[];
}): Promise<PlatformLab> {
  const opened = openWholeNetwork({ kind: "fleet", file: given.fleet, tree: given.tree });
  if (!opened.ok) throw new Error(JSON.stringify(opened.error));
  const network = opened.value;
  const { fleet, tree } = network;
  if (fleet === null || tree === null) throw new Error("expected a fleet");
  const platformHost = (id: string): PlatformHost => {
    const host = fleet.hosts.find((each) => each.id === hostId(id));
    const configuration = network.configurations.get(hostId(id));
    if (host === undefined || configuration === undefined) throw new Error(`no host ${id}`);
    return { fleet, host, tree, configuration, snapshot: network.snapshot };
  };
  const hosts = fleet.hosts.filter(({ id }) => given.only === undefined || given.only.includes(id));
  const kept = new Set<HostId>(hosts.map(({ id }) => id));
  const specification: LabSpecification = {
    name: given.name,
    hosts: await Promise.all(hosts.map((host) => labHost(platformHost(host.id), network))),
    segments: network.snapshot.segments.map(({ id, ports }) => ({
      id,
      ports: ports.filter(({ host }) => kept.has(host)),
      mtu: null,
    })),
    operator: fleet.operator !== null && kept.has(fleet.operator) ? fleet.operator : null,
  };
  return { specification, network, platformHost };
}

async function labHost(host: PlatformHost, network: Network): Promise<LabHost> {
  const { id } = host.host;
  const state = stateOf(network, id);
  const address = state.addresses.find((each) => each.scope === "global")?.ip ?? null;
  return {
    id,
    kind: "systemd",
    links: cablesOf(host.host, network),
    root: await ensureRoot(rootKindOf(host.host)),
    files: platformFiles(host),
    init: null,
    address: address === null ? null : formatIPv4(address),
    sshNames: host.host.ssh === null ? [] : [host.host.ssh.replace(/^.*@/, "")],
  };
}

function cablesOf(host: FleetHost, network: Network): LabHost["links"] {
  const plugged = network.snapshot.segments.flatMap(({ ports }) =>
    ports.filter((port) => port.host === host.id),
  );
  return stateOf(network, host.id).links.flatMap(({ name, mac, type }) => {
    if (type.kind !== "ethernet" || mac === null) return [];
    return [{ name, mac, mtu: 1500, isPlugged: plugged.some((port) => port.link === name) }];
  });
}

/** What was derived for a host. */
export function stateOf(network: Network, id: HostId | string): Host {
  const state = network.snapshot.hosts.get(hostId(id));
  if (state === undefined) throw new Error(`no host ${id}`);
  return state;
}

const JSON_FILES: Readonly<Record<string, readonly string[]>> = {
  "addr.json": ["ip", "-j", "-d", "addr", "show"],
  "route.json": ["ip", "-j", "-d", "route", "show", "table", "all"],
  "rule.json": ["ip", "-j", "rule", "show"],
  "neigh.json": ["ip", "-j", "neigh", "show"],
  "proxy-neigh.json": ["ip", "-j", "neigh", "show", "proxy"],
  "fdb.json": ["bridge", "-j", "fdb", "show"],
};

/** The keys that decide where packets go. */
const SYSCTLS =
  "^net\\.ipv4\\.(ip_forward$|conf\\..*\\.(forwarding|send_redirects|accept_redirects|secure_redirects|shared_media|rp_filter|arp_ignore|arp_announce|arp_filter|arp_accept|proxy_arp|promote_secondaries|route_localnet)$)";

/** What the kernel holds in a network namespace of this machine, read with this machine's iproute2, as the state of a host. */
export function kernelState(id: string, namespace: string, network: Network): Host {
  const inside = (words: readonly string[]): string =>
    execFileSync("nsenter", [`--net=${join("/run/netns", namespace)}`, ...words], {
      encoding: "utf8",
      // sysctl has no right to read some keys that nobody asks for.
      stdio: ["ignore", "pipe", "ignore"],
    });
  const texts = new Map(
    Object.entries(JSON_FILES).map(([file, words]) => [`hosts/${id}/${file}`, inside(words) || "[]"]),
  );
  texts.set(`hosts/${id}/sysctl.txt`, inside(["sysctl", "-a", "-e", "-r", SYSCTLS]));
  const segments = network.snapshot.segments.map(({ id: name, ports }) => [
    name,
    ports.filter((port) => port.host === hostId(id)).map((port) => [port.host, port.link]),
  ]);
  texts.set("wiring.json", JSON.stringify({ segments: Object.fromEntries(segments) }));
  const read = readSnapshot({
    read: (path) => texts.get(path) ?? null,
    list: (folder) => [...texts.keys()].filter((path) => path.startsWith(`${folder}/`)),
  });
  if (!read.ok) throw new Error(JSON.stringify(read.error));
  const state = read.value.snapshot.hosts.get(hostId(id));
  if (state === undefined) throw new Error("no state was read");
  return state;
}

/** What differs between what was derived and what the kernel holds; the cable of the stand-in's one pod is nobody's configuration. */
export function differences(derived: Host, kernel: Host): readonly string[] {
  return describeDifference(kernel, derived).filter(
    (line) => !line.includes("veth-standin") && !line.startsWith("missing etcd peer"),
  );
}
