import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { labCut, labHeal, labKill, labReboot, labStart } from "#lab/index.js";
import { testPlaces } from "../lab-hosts/places.js";
import { IncidentLab, type IncidentOptions, NODES } from "./incident-lab.js";
import { lastRun } from "./last-run.js";
import { STRAY_MAC, withStray } from "./stray.js";

/**
 * The incident's change with everything that may die on its way, on hosts that boot. Rounds: `POINTSMAN_LAB_ROUNDS` of reboots (50) and
 * `POINTSMAN_LAB_KILLS` of kills of the controller (20).
 */
const ROUNDS = Number(process.env["POINTSMAN_LAB_ROUNDS"] ?? 50);
const KILLS = Number(process.env["POINTSMAN_LAB_KILLS"] ?? 20);
/** The least deadline that the budget of one phase allows is below it: dead-men are waited for. */
const DEADLINE = 80;
const { places, remove } = testPlaces("inc");
const NAMES = NODES.map(([node]) => node);
const CALM = ["armed", "switching", "switched", "reverting", "failed"];

afterAll(remove);

async function bootFleet(options: Partial<IncidentOptions> = {}): Promise<IncidentLab> {
  return IncidentLab.boot({ name: "campaign", places, ...options });
}

async function until(isTrue: () => Promise<boolean>, seconds: number): Promise<number> {
  const begun = performance.now();
  while (!(await isTrue())) {
    if (performance.now() - begun > seconds * 1000) throw new Error(`it was not so after ${seconds} s`);
    await new Promise((resolve) => setTimeout(resolve, 250));
  }
  return (performance.now() - begun) / 1000;
}

/** What may still fire or be confirmed on any node. */
async function liveRecords(lab: IncidentLab): Promise<readonly string[]> {
  const all = await Promise.all(NAMES.map((node) => lab.records(node)));
  return all.flat().flatMap(({ id, state }) => (CALM.includes(state) ? [`${id} ${state}`] : []));
}

describe("the incident's change with the cluster stopped", () => {
  let lab: IncidentLab;
  let before: readonly string[];
  let systems: readonly string[];
  beforeAll(async () => {
    lab = await bootFleet();
    before = await lab.networks();
    systems = await lab.installSystems("fixed");
  }, 400_000);
  afterAll(() => lab.remove());

  it.each([
    ["in lock-step", []],
    ["one by one", ["--one-by-one"]],
  ])("stops k3s everywhere, changes %s, starts it again, and is taken back", async (_, options) => {
    const { path } = await lab.plan("fixed", "--strategy", "full-stop");
    const applying = lab.apply(path, systems, ...options);
    await applying.says("Services: switched");
    const stopped = await Promise.all(
      NAMES.map((node) => lab.must(node, "sh", "-c", "systemctl is-active k3s || :")),
    );
    expect(stopped).toEqual(NAMES.map(() => "inactive"));
    const applied = await applying.ended;
    expect(applied.code, applied.stdout).toBe(0);
    await lab.waitForEtcd();
    for (const network of await lab.networks()) expect(network).toContain("10.20.0.0/16 via 10.0.0.1");
    expect((await lab.rollback().ended).code).toBe(4);
    expect(await lab.networks()).toEqual(before);
    await lab.waitForEtcd();
  });
});

describe("the incident's attempt", () => {
  let lab: IncidentLab;
  let before: readonly string[];
  beforeAll(async () => {
    lab = await bootFleet({ alter: withStray });
    before = await lab.networks();
  }, 400_000);
  afterAll(() => lab.remove());

  it("is refused by a check: the /8 covers the network of the pods", async () => {
    const refused = await lab.plan("wide");
    expect(refused.code).toBe(3);
    expect(refused.stdout + refused.stderr).toContain("prefix-covers-pod-cidr");
  });

  it("is taken back by itself where it is forced and a host that nobody knows answers for the router", async () => {
    const { path, code } = await lab.plan("wide", "--override-check");
    expect(code).toBe(0);
    const applying = lab.apply(path, [], "--deadline", String(DEADLINE));
    await applying.says("Phase 1: switched");
    const caches = (): Promise<readonly string[]> =>
      Promise.all(NAMES.map((node) => lab.must(node, "ip", "neigh", "show")));
    await until(async () => (await caches()).some((cache) => cache.includes(STRAY_MAC)), 30);
    const ended = await applying.ended;
    expect(ended.code, ended.stdout + ended.stderr).toBe(4);
    expect(await lab.networks()).toEqual(before);
    expect(await liveRecords(lab)).toEqual([]);
    await lab.waitForEtcd();
  });
});

describe("a virtual address that is secondary on a node", () => {
  const fleetText = (text: string): string =>
    text.replace("backend: vxlan", "backend: vxlan\n    vip: 10.10.0.100");

  it.each([0, 1])("survives the change of the prefix with promote_secondaries %i", async (promote) => {
    const lab = await bootFleet({ fleetText });
    try {
      const holder = "nl-k8s-01";
      for (const place of ["all", "enp1s0"])
        await lab.must(holder, "sysctl", "-w", `net.ipv4.conf.${place}.promote_secondaries=${promote}`);
      await lab.must(holder, "ip", "addr", "add", "10.10.0.100/16", "dev", "enp1s0");
      expect(await lab.must(holder, "ip", "addr", "show", "dev", "enp1s0")).toContain(
        "10.10.0.100/16 scope global secondary",
      );
      const { path } = await lab.plan("wide", "--override-check");
      const applied = await lab.apply(path, []).ended;
      expect(applied.code, applied.stdout + applied.stderr).toBe(0);
      const addresses = await lab.must(holder, "ip", "-4", "addr", "show", "dev", "enp1s0");
      expect(addresses).toContain("inet 10.10.0.100/");
      expect(addresses).toContain("inet 10.10.0.2/8");
      expect((await lab.rollback().ended).code).toBe(4);
      expect(await lab.must(holder, "ip", "-4", "addr", "show", "dev", "enp1s0")).toContain(
        "inet 10.10.0.100/",
      );
    } finally {
      await lab.remove();
    }
  });
});

describe("what dies on the way", () => {
  let lab: IncidentLab;
  let before: readonly string[];
  let plan: string;
  let systems: readonly string[];
  beforeAll(async () => {
    lab = await bootFleet();
    before = await lab.networks();
    systems = await lab.installSystems("fixed");
    plan = (await lab.plan("fixed")).path;
  }, 400_000);
  afterAll(() => lab.remove());

  const apply = (...options: readonly string[]) =>
    lab.apply(plan, systems, "--deadline", String(DEADLINE), ...options);

  /** Everything as before, and nothing that may still move. */
  const expectOld = async (): Promise<void> => {
    await until(async () => (await liveRecords(lab)).length === 0, DEADLINE + 30);
    expect(await lab.networks()).toEqual(before);
  };

  it("is taken back by each host's own timer when the controller is killed, in time", async () => {
    const applying = apply();
    await applying.says("Phase 1: switched");
    applying.kill();
    const switched = performance.now();
    const timers = await Promise.all(
      NAMES.map((node) => lab.must(node, "systemctl", "list-timers", "--all")),
    );
    for (const text of timers) expect(text).toContain("pointsman-");
    await until(async () => (await liveRecords(lab)).length === 0, DEADLINE + 30);
    const seconds = (performance.now() - switched) / 1000;
    process.stdout.write(
      `dead-men had taken all back ${seconds.toFixed(1)} s after the switch (deadline ${DEADLINE} s)\n`,
    );
    expect(seconds).toBeLessThan(DEADLINE + 2);
    expect(await lab.networks()).toEqual(before);
    expect((await lab.resume().ended).code).toBe(4);
  });

  it(`comes up old from each of ${ROUNDS} reboots inside the window, told to or without power`, async () => {
    for (let round = 0; round < ROUNDS; round++) {
      const [node] = NODES[round % NODES.length] ?? NODES[0];
      const applying = apply();
      await applying.says(round % 3 === 0 ? "Phase 1: armed" : "Phase 1: switched");
      applying.kill();
      if (round % 2 === 0) await labReboot(lab.name, node, places);
      else {
        await labKill(lab.name, node, places);
        await labStart(lab.name, node, places);
      }
      await until(async () => (await lab.networkOf(node)) === before[NAMES.indexOf(node)], 30);
      expect((await lab.resume().ended).code, `round ${round}`).toBe(4);
      await expectOld();
      await lab.waitForEtcd();
    }
  });

  it(`is whole after each of ${KILLS} kills of the controller at any time, once it is resumed`, async () => {
    for (let kill = 0; kill < KILLS; kill++) {
      const applying = apply();
      await applying.says("Run: claimed nl-k8s-01");
      await new Promise((resolve) => setTimeout(resolve, (kill * 8000) / KILLS));
      applying.kill();
      await applying.ended;
      const resumed = await lab.resume().ended;
      const networks = await lab.networks();
      const isNew = networks.every((network) => network.includes("10.20.0.0/16 via 10.0.0.1"));
      expect(isNew || networks.every((network, index) => network === before[index]), `kill ${kill}`).toBe(
        true,
      );
      expect([0, 3, 4], resumed.stdout + resumed.stderr).toContain(resumed.code);
      expect(await liveRecords(lab)).toEqual([]);
      if (isNew) expect((await lab.rollback().ended).code).toBe(4);
      expect(await lab.networks()).toEqual(before);
    }
  });

  it("leaves nobody armed where /etc of one host is read-only or its disk is full", async () => {
    const host = NAMES[0] ?? "nl-k8s-01";
    const faults = [
      ["mount -t tmpfs -o size=16k full /var/lib/pointsman", "umount -l /var/lib/pointsman"],
      ["mount --bind /boot /boot && mount -o remount,ro,bind /boot", "umount -l /boot"],
    ] as const;
    await lab.must(host, "mkdir", "-p", "/var/lib/pointsman");
    for (const [strike, lift] of faults) {
      await lab.must(host, "sh", "-c", strike);
      const refused = await apply().ended;
      await lab.must(host, "sh", "-c", lift);
      expect([3, 4, 9], refused.stdout + refused.stderr).toContain(refused.code);
      await expectOld();
      expect(lastRun(lab.stateFolder)?.some(({ verb }) => verb === "switch") ?? false).toBe(false);
    }
  });

  it("takes the others back where one host never comes back, and names it", async () => {
    const applying = apply();
    await applying.says("Phase 1: armed");
    await labCut({ lab: lab.name, host: "nl-k8s-04", link: "enp1s0", places }, "both");
    const ended = await applying.ended;
    try {
      expect([4, 5, 8], ended.stdout + ended.stderr).toContain(ended.code);
      if (ended.code !== 4) expect(ended.stdout).toContain("nl-k8s-04");
      expect((await lab.networks()).slice(0, 3)).toEqual(before.slice(0, 3));
    } finally {
      await labHeal({ lab: lab.name, host: "nl-k8s-04", link: "enp1s0", places });
    }
    await expectOld();
  });
});
