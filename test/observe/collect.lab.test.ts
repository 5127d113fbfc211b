import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type CollectedSnapshot, collectSnapshot, readCollected } from "#app/index.js";
import { parseIPv4 } from "#ip/index.js";
import { type Host, hostId, linkName, type Snapshot, segmentId } from "#model/index.js";
import type { SessionOf } from "#probe/index.js";
import { openNetwork, type TestNetwork } from "./namespaces.js";

const source = { file: "pointsman.yaml", line: 1, column: 1 };
const SEGMENTS = [
  {
    id: segmentId("main"),
    ports: ["n1", "r1"].map((host) => ({ host: hostId(host), link: linkName("e0") })),
    mtu: null,
    source,
  },
];

let network: TestNetwork;
let collected: CollectedSnapshot;
const sessionOf: SessionOf = (host) => network.reach.open(host, "probe");

/** What a node and a router have: bridges, a tunnel, permanent entries, rules, routes of every kind, sysctls. */
const COMMANDS: Readonly<Record<string, readonly string[]>> = {
  n1: [
    "ip link add cni0 type bridge",
    "ip link add v0 type veth peer name v1",
    "ip link set v0 master cni0 up",
    "ip link set v1 up",
    "ip link set cni0 up",
    "ip addr add 10.42.0.1/24 brd + dev cni0",
    "ip link add flannel.1 type vxlan id 1 local 10.0.0.1 dev e0 dstport 8472 nolearning",
    "ip link set flannel.1 mtu 1450 up",
    "ip addr add 10.42.0.0/32 dev flannel.1",
    "ip neigh replace 10.42.1.0 lladdr 02:0b:00:00:01:01 dev flannel.1 nud permanent",
    "bridge fdb append 02:0b:00:00:01:01 dev flannel.1 dst 10.0.0.2 self permanent",
    "ip route replace 10.42.1.0/24 via 10.42.1.0 dev flannel.1 onlink",
    "ip addr add 10.0.0.100/32 dev e0",
    "ip route add default via 10.0.0.2 proto static metric 100",
    "ip route add blackhole 10.66.0.0/16",
    "ip route add 10.77.0.0/16 via 10.0.0.2 table 100",
    "ip rule add from 10.0.0.1 lookup 100 priority 1000",
    "ip neigh add proxy 10.0.0.50 dev e0",
    "sh -c 'echo 2 > /proc/sys/net/ipv4/conf/e0/rp_filter'",
    "sh -c 'echo 1 > /proc/sys/net/ipv4/conf/flannel.1/rp_filter'",
    "sh -c 'echo 1 > /proc/sys/net/ipv4/ip_forward'",
  ],
  r1: [
    "ip link add br-lan type bridge",
    "ip addr flush dev e0",
    "ip link set e0 master br-lan",
    "ip link set br-lan up",
    "ip addr add 10.0.0.2/16 brd + dev br-lan",
    "ip route add 10.88.0.0/16 via 10.0.0.1",
    "ip route add unreachable 10.99.0.0/16",
    "ip route add default via 10.0.0.9 metric 7",
    "ip neigh add 10.0.0.9 lladdr 02:0b:00:00:00:99 dev br-lan nud permanent",
    "bridge fdb add 02:0b:00:00:00:98 dev e0 master dynamic",
    "sh -c 'echo 1 > /proc/sys/net/ipv4/ip_forward'",
  ],
};

beforeAll(async () => {
  network = openNetwork({
    n1: { addresses: ["10.0.0.1/16"] },
    r1: { addresses: ["10.0.0.2/16"], kind: "busybox" },
  });
  for (const [host, commands] of Object.entries(COMMANDS)) {
    for (const command of commands) network.run(host, "sh", "-c", command);
  }
  collected = await collectSnapshot({ sessionOf, hosts: network.hosts, segments: SEGMENTS });
});

afterAll(async () => {
  await network.close();
});

function read(snapshot: CollectedSnapshot): Snapshot {
  const reading = readCollected(snapshot, "");
  if (!reading.ok) throw new Error(JSON.stringify(reading.error));
  return reading.value.snapshot;
}

function hostOf(name: string): Host {
  const host = read(collected).hosts.get(hostId(name));
  if (host === undefined) throw new Error(`no host ${name}`);
  return host;
}

/** The same host as iproute2 of this machine shows it. */
async function twinOf(name: string): Promise<Host> {
  const ask = (...words: readonly string[]): string =>
    network.run(name, ...(words as readonly [string, ...string[]]));
  const files = new Map(collected.files);
  for (const path of files.keys()) if (path.startsWith(`hosts/${name}/`)) files.delete(path);
  const folder = `hosts/${name}`;
  files.set(`${folder}/addr.json`, ask("ip", "-j", "-d", "addr", "show"));
  files.set(`${folder}/route.json`, ask("ip", "-j", "-d", "route", "show", "table", "all"));
  files.set(`${folder}/rule.json`, ask("ip", "-j", "rule", "show"));
  files.set(`${folder}/neigh.json`, ask("ip", "-j", "neigh", "show", "nud", "all"));
  files.set(`${folder}/proxy-neigh.json`, ask("ip", "-j", "neigh", "show", "proxy"));
  files.set(`${folder}/fdb.json`, ask("bridge", "-j", "fdb", "show"));
  files.set(`${folder}/vlan.json`, ask("bridge", "-j", "vlan", "show"));
  files.set(`${folder}/sysctl.txt`, ask("sysctl", "-a", "--pattern", "^net.ipv4.(ip_forward$|conf[.])"));
  const host = read({ ...collected, files }).hosts.get(hostId(name));
  if (host === undefined) throw new Error(`no host ${name}`);
  return host;
}

describe("Collecting from real hosts", () => {
  it("gives what iproute2 and sysctl print of a node", async () => {
    expect(collected.hosts[0]).toMatchObject({ host: "n1", outcome: "whole" });
    const { sysctls, ...facts } = withoutLearnt(hostOf("n1"));
    const { sysctls: expected, ...twin } = withoutLearnt(await twinOf("n1"));
    expect(facts).toEqual(twin);
    expect(facts.neighbours.length).toBeGreaterThanOrEqual(2);
    expect(facts.fdb.some(({ remote }) => remote === parseIPv4("10.0.0.2"))).toBe(true);
    expect(facts.rules).toHaveLength(4);
    for (const [key, value] of expected) expect([key, sysctls.get(key)]).toEqual([key, value]);
    expect(sysctls.get("conf.flannel/1.rp_filter")).toBe(1);
  });

  it("gives the same of a router that has busybox alone as iproute2 prints of it", async () => {
    expect(collected.hosts[1]).toMatchObject({ host: "r1", outcome: "whole" });
    expect([...collected.files.keys()].filter((path) => path.startsWith("hosts/r1/")).sort()).toEqual([
      "hosts/r1/addr.txt",
      "hosts/r1/fdb.json",
      "hosts/r1/neigh.txt",
      "hosts/r1/route.txt",
      "hosts/r1/rule.txt",
      "hosts/r1/sysctl.txt",
    ]);
    const facts = withoutLearnt(hostOf("r1"));
    const twin = withoutLearnt(await twinOf("r1"));
    expect(facts.unmodelled).toEqual([]);
    expect(facts.links.map(withoutSource)).toEqual(twin.links.map(withoutSource));
    expect(facts.addresses.map(withoutSource)).toEqual(twin.addresses.map(withoutSource));
    expect(facts.rules).toEqual(twin.rules);
    expect(facts.neighbours).toEqual(twin.neighbours);
    expect(facts.routes.map(withoutProtocol)).toEqual(twin.routes.map(withoutProtocol));
    expect(forwarding(facts)).toEqual(forwarding(twin));
    expect(forwarding(facts)).toHaveLength(2);
  });

  it("says nothing of a host that cannot be reached, and why", async () => {
    const hosts = [hostId("n1"), hostId("nobody")];
    const partly = await collectSnapshot({
      sessionOf: async (host) =>
        host === "nobody" ? { ok: false, error: { why: "refused" } } : sessionOf(host),
      hosts,
      segments: [],
    });
    expect(partly.hosts[1]).toEqual({
      host: "nobody",
      outcome: "not-reached",
      missing: [],
      why: "no session: refused",
    });
    const host = read(partly).hosts.get(hostId("nobody"));
    expect(host?.unmodelled.length).toBeGreaterThan(3);
  });
});

/** What is learnt from packets comes between two looks at the same host; one entry that was put in by hand stands for it. */
function withoutLearnt(host: Host): Host {
  return {
    ...host,
    neighbours: host.neighbours.filter(({ state, isProxy }) => isProxy || state === "permanent"),
    fdb: host.fdb.filter(({ isPermanent, mac }) => isPermanent || mac === "02:0b:00:00:00:98"),
  };
}

function withoutSource<T extends { readonly source?: unknown }>({ source: _, ...rest }: T): unknown {
  return rest;
}

/** busybox does not print who has set a route. */
function withoutProtocol<T extends { readonly protocol: unknown; readonly source?: unknown }>({
  protocol: _,
  source: __,
  ...rest
}: T): unknown {
  return rest;
}

function forwarding(host: Host): readonly string[] {
  return host.fdb
    .map(({ mac, link, master, isPermanent }) => `${mac} ${link} ${master} ${isPermanent}`)
    .sort();
}
