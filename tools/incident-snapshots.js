import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { openNetwork } from "#app/index.js";
import { renderSnapshot } from "#formats/iproute2/index.js";
import { parseIPv4 } from "#ip/index.js";
import { hostId, linkName } from "#model/index.js";
import { build } from "./build.js";
import { ROOT } from "./spawn.js";

/**
 * Writes examples/inc-0004/snapshots/: the network of a tree as a cold boot gives it, with the neighbour entries that the incident's
 * report tells of. Each entry: the host that has it, its link, the address, and the host and link whose Ethernet address it holds.
 */
const STALE_AT_04 = ["nl-k8s-04", "enp1s0", "10.10.0.2", "nl-k8s-02", "ens18"];
const STALE_AT_02 = ["nl-k8s-02", "ens18", "10.10.0.2", "nl-k8s-04", "enp1s0"];
const STALE_AT_ROUTER = ["r5c", "br-lan", "10.10.0.2", "nl-k8s-04", "enp1s0"];
const NODES = ["10.10.0.2", "10.10.0.3", "10.10.0.4", "10.10.0.5"];

const SNAPSHOTS = [
  { name: "stale-redirect", fleet: "pointsman.yaml", tree: "wide", entries: [STALE_AT_04] },
  { name: "stale-lost", fleet: "pointsman.yaml", tree: "wide", entries: [STALE_AT_04, STALE_AT_02] },
  {
    name: "stale-loop",
    fleet: "pointsman.yaml",
    tree: "wide",
    entries: [STALE_AT_04, STALE_AT_02, STALE_AT_ROUTER],
  },
  {
    name: "same-mac",
    fleet: "pointsman-proxy-arp.yaml",
    tree: "proxy-arp",
    entries: NODES.map((address) => ["r5c", "br-lan", address, "nl-pve-01", "vmbr0"]),
  },
];

build();
for (const { name, fleet, tree, entries } of SNAPSHOTS) {
  const folder = join(ROOT, "examples", "inc-0004");
  const opened = openNetwork({ kind: "fleet", file: join(folder, fleet), tree: join(folder, tree) });
  if (!opened.ok) throw new Error(opened.error.message);
  const { hosts, segments } = opened.value.snapshot;
  const target = join(folder, "snapshots", name);
  rmSync(target, { recursive: true, force: true });
  const changed = entries.reduce(addEntry, hosts);
  for (const [path, text] of renderSnapshot({ hosts: changed, segments })) {
    mkdirSync(dirname(join(target, path)), { recursive: true });
    writeFileSync(join(target, path), text);
  }
}

/**
 * @param {ReadonlyMap<import("#model/index.js").HostId, import("#model/index.js").Host>} hosts
 * @param {readonly string[]} entry
 */
function addEntry(hosts, [name = "", link = "", address = "", owner = "", ownerLink = ""]) {
  const host = hosts.get(hostId(name));
  const mac = hosts.get(hostId(owner))?.links.find((one) => one.name === ownerLink)?.mac;
  const ip = parseIPv4(address);
  if (host === undefined || mac === undefined || ip === null)
    throw new Error(`no such entry: ${name} ${address}`);
  const entry = { link: linkName(link), ip, mac, state: "stale", isProxy: false };
  return new Map(hosts).set(host.id, { ...host, neighbours: [...host.neighbours, entry] });
}
