import { existsSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { labReboot } from "#lab/index.js";
import { testPlaces } from "../lab-hosts/places.js";
import { IncidentLab, NODES } from "./incident-lab.js";

/**
 * The change that the incident needed, on hosts with systemd, by SSH, under a running etcd. One story: each test goes on where the one
 * before it ended.
 */
const { places, remove } = testPlaces("in");
let lab: IncidentLab;
let plan: string;
let systems: readonly string[];
let before: readonly string[];
let booted: readonly string[];

beforeAll(async () => {
  lab = await IncidentLab.boot({ name: "incident", places });
  before = await lab.networks();
  booted = await Promise.all(NODES.map(([node]) => lab.bootsNext(node)));
  systems = await lab.installSystems("fixed");
}, 400_000);

afterAll(async () => {
  await lab.remove();
  await remove();
});

/** Where the plan leads, for `route-add` in the order of `ip route`. */
const NEW_ROUTES = ["10.0.0.0/16", "10.11.0.0/16", "10.20.0.0/16"].map((to) => `${to} via 10.0.0.1 dev`);

function hasNewRoutes(network: string): boolean {
  return NEW_ROUTES.every((route) => network.includes(route));
}

const isNew = async (): Promise<readonly boolean[]> => (await lab.networks()).map(hasNewRoutes);
const ALL = NODES.map(() => true);

describe("the incident on real hosts", () => {
  it("is collected whole over SSH, the operator's own host without it", async () => {
    const out = join(lab.folder, "snapshot");
    const words = ["--fleet", lab.fleetFile, "--out", out, "--ssh-config", lab.sshConfig];
    const collected = await lab.pointsman("collect", ...words).ended;
    expect(collected.code, collected.stdout + collected.stderr).toBe(0);
    for (const host of ["nl-k8s-01", "r5c", "operator"])
      expect(existsSync(join(out, "hosts", host)), host).toBe(true);
  });

  it("refuses to begin while a member of etcd stands still", async () => {
    const planned = await lab.plan("fixed");
    expect(planned.code, planned.stderr).toBe(0);
    plan = planned.path;
    await lab.must("nl-k8s-03", "systemctl", "stop", "k3s");
    const refused = await lab.apply(plan, systems).ended;
    expect(refused.code, refused.stdout + refused.stderr).toBe(3);
    expect(refused.stdout + refused.stderr).toContain("etcd-members");
    expect(refused.stdout + refused.stderr).toContain("`nl-k8s-03`");
    expect(await lab.networks()).toEqual(before);
    await lab.must("nl-k8s-03", "systemctl", "start", "k3s");
    await lab.waitForEtcd();
  });

  it("takes the change live: no echo is lost between any two nodes, and etcd keeps its leader", async () => {
    const etcd = await lab.etcd();
    expect(etcd.map(({ term }) => term > 0)).toEqual(ALL);
    const watch = lab.watch();
    const applied = await lab.apply(plan, systems).ended;
    const flows = await watch.stop();
    expect(applied.code, applied.stdout + applied.stderr).toBe(0);
    expect(flows.map(({ from, owner, gaps }) => `${from} ${owner} lost ${gaps?.lost ?? "unknown"}`)).toEqual(
      flows.map(({ from, owner }) => `${from} ${owner} lost 0`),
    );
    for (const { gaps } of flows) expect(gaps?.sent).toBeGreaterThan(500);
    expect(await lab.etcd()).toEqual(etcd);
    expect(await isNew()).toEqual(ALL);
  });

  it("has written what each node boots next, and one that boots comes up with it", async () => {
    for (const [node] of NODES) expect(systems).toContain(`${node}=${await lab.bootsNext(node)}`);
    const running = await lab.networkOf("nl-k8s-02");
    await labReboot(lab.name, "nl-k8s-02", places);
    await lab.waitForEtcd();
    expect(await lab.networkOf("nl-k8s-02")).toBe(running);
  });

  it("is taken back whole, files too, also from the node that has booted since", async () => {
    const taken = await lab.rollback().ended;
    expect(taken.code, taken.stdout + taken.stderr).toBe(4);
    expect(await lab.networks()).toEqual(before);
    expect(await Promise.all(NODES.map(([node]) => lab.bootsNext(node)))).toEqual(booted);
  });
});
