import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { collectSnapshot, PREFLIGHT_CHECKS, preflight, readCollected, watchHealth } from "#app/index.js";
import { formatIPv4, parseIPv4, prefix } from "#ip/index.js";
import { type Cluster, err, hostId } from "#model/index.js";
import type { SessionOf } from "#probe/index.js";
import type { HealthReading, RunProgram } from "#rollout/index.js";
import { type EtcdMembers, openEtcdMembers } from "./etcd-members.js";
import { openNetwork, type TestNetwork } from "./namespaces.js";

const source = { file: "pointsman.yaml", line: 1, column: 1 };
const SERVERS = ["s1", "s2", "s3"];
const CLUSTER: Cluster = {
  name: "home",
  distribution: "k3s",
  servers: SERVERS.map((host) => ({ host: hostId(host), podCidr: null, source })),
  agents: [],
  backend: "vxlan",
  podCidr: prefix(parseIPv4("10.42.0.0") ?? fail(), 16),
  serviceCidr: prefix(parseIPv4("10.43.0.0") ?? fail(), 16),
  vip: null,
  source,
};

let network: TestNetwork;
let etcd: EtcdMembers;
const sessionOf: SessionOf = (host) => network.reach.open(host, "probe");
const health = watchHealth({
  clusters: [CLUSTER],
  sessionOf: (host) => sessionOf(host),
  services: [],
  baseline: null,
});

function fail(): never {
  throw new Error("not an address");
}

/** Asks until the answer is of this kind, for half a minute at most. */
async function until(kind: HealthReading["kind"]): Promise<HealthReading> {
  for (let round = 0; ; round += 1) {
    const reading = await health.measure("quorum");
    if (reading.kind === kind || round === 60) return reading;
    await new Promise((resolve) => setTimeout(resolve, 500));
  }
}

/** What the check of this name says when it is made alone. */
async function lookAt(name: string): Promise<unknown> {
  const program: RunProgram = {
    runId: "r",
    fleet: "f",
    planDigest: "",
    strategy: "live",
    hosts: SERVERS.map(hostId),
    baseline: [],
    phases: [],
    services: [],
    movingAddresses: [],
    policy: {
      onFailure: "revert-all",
      order: "lock-step",
      pauses: false,
      awaitsConfirmation: false,
      persist: "never",
      deadlineSeconds: 60,
      confirmMarginSeconds: 10,
      requestTimeoutMs: 5000,
      healthTimeoutSeconds: 60,
      logWatchSeconds: 0,
    },
  };
  const checks = await preflight({
    program,
    fleet: null,
    clusters: [CLUSTER],
    reach: network.reach,
    sessionOf,
    statusOf: async () => err("not asked"),
    measure: async () => [],
    configurationFolder: null,
    uncommitted: "warning",
    nowMs: () => Date.now(),
    skipped: PREFLIGHT_CHECKS.filter((other) => other !== name),
  });
  return checks.filter((check) => check.name === name);
}

beforeAll(async () => {
  network = openNetwork({
    s1: { addresses: ["10.0.0.1/24"] },
    s2: { addresses: ["10.0.0.2/24"] },
    s3: { addresses: ["10.0.0.3/24"] },
  });
  etcd = openEtcdMembers(
    Object.fromEntries(
      SERVERS.map((name, index) => [
        name,
        { namespace: network.namespaceOf(name), address: `10.0.0.${index + 1}` },
      ]),
    ),
  );
});

afterAll(async () => {
  await etcd.close();
  await network.close();
});

describe("The health of a real etcd", () => {
  it("is bad while no member runs, and each is named", async () => {
    expect(await health.measure("quorum")).toEqual({
      kind: "unhealthy",
      what: [
        "Expected at least 2 of 3 etcd members of cluster `home` to be healthy, found 0.",
        "On `s1` nothing listens on 127.0.0.1:2381: the etcd member does not run.",
        "On `s2` nothing listens on 127.0.0.1:2381: the etcd member does not run.",
        "On `s3` nothing listens on 127.0.0.1:2381: the etcd member does not run.",
      ],
    });
  });

  it("is good when three of three run, and before a run nothing is to be said", async () => {
    for (const name of SERVERS) etcd.start(name);
    expect(await until("healthy")).toEqual({ kind: "healthy" });
    expect(await lookAt("etcd-members")).toEqual([
      {
        name: "etcd-members",
        outcome: "ok",
        detail: "All 3 etcd members of cluster `home` are healthy.",
        hint: "",
      },
    ]);
    const baseline = await health.takeBaseline();
    expect(baseline.members).toEqual(SERVERS);
    expect(Object.keys(baseline.clocks)).toEqual(SERVERS);
  });

  it("tells `collect` where the others dial each member", async () => {
    const collected = await collectSnapshot({ sessionOf, hosts: network.hosts, segments: [] });
    const reading = readCollected(collected, "");
    const peers = reading.ok
      ? [...reading.value.snapshot.hosts.values()].map(({ etcdPeer }) => etcdPeer)
      : [];
    expect(peers.map((peer) => (peer === undefined ? null : formatIPv4(peer)))).toEqual([
      "10.0.0.1",
      "10.0.0.2",
      "10.0.0.3",
    ]);
  });

  it("has its quorum with one member down, and no run may begin", async () => {
    await etcd.kill("s3");
    expect(await until("healthy")).toEqual({ kind: "healthy" });
    expect(await lookAt("etcd-members")).toEqual([
      {
        name: "etcd-members",
        outcome: "failed",
        detail: "On `s3` nothing listens on 127.0.0.1:2381: the etcd member does not run.",
        hint: "Heal the cluster before its network is changed: one more failure could cost its majority. If it keeps its state elsewhere, `--skip-check etcd-members`.",
      },
    ]);
  });

  it("has none with two down, though the third still answers", async () => {
    await etcd.kill("s2");
    const reading = await until("unhealthy");
    expect(reading).toMatchObject({ kind: "unhealthy" });
    expect(reading.kind === "unhealthy" && reading.what[0]).toBe(
      "Expected at least 2 of 3 etcd members of cluster `home` to be healthy, found 0.",
    );
    expect(reading.kind === "unhealthy" && reading.what[1]).toMatch(
      /^The etcd member on `s1` is not healthy: (?:it says that it is not healthy: it sees no leader|`http:.*` gave no answer \(curl ended with 28\))\.$/,
    );
  });

  it("is good again when they are back", async () => {
    etcd.start("s2");
    etcd.start("s3");
    expect(await until("healthy")).toEqual({ kind: "healthy" });
  });

  it("is not measured where too few can be asked", async () => {
    const blind = watchHealth({
      clusters: [CLUSTER],
      sessionOf: async (host) => (host === "s1" ? sessionOf(host) : err({ why: "refused" })),
      services: [],
      baseline: null,
    });
    expect(await blind.measure("quorum")).toMatchObject({ kind: "not-measured" });
  });
});
