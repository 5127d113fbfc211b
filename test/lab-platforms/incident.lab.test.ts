import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { installSystem, labDown, labExec, labReboot, labUp } from "#lab/index.js";
import { differences, kernelState, type PlatformLab, platformLab, stateOf } from "./platform-lab.js";
import { eventually, OWN_PLACES } from "./waiting.js";

const FOLDER = join(import.meta.dirname, "../../examples/inc-0004");
const NAME = "incident";
const NODES = ["nl-k8s-01", "nl-k8s-02", "nl-k8s-03", "nl-k8s-04"];

const open = (tree: string): Promise<PlatformLab> =>
  platformLab({ name: NAME, fleet: join(FOLDER, "pointsman-lab.yaml"), tree: join(FOLDER, tree) });

let before: PlatformLab;

/** What differs on one host from what a tree derives. */
function differencesOn(host: string, wanted: PlatformLab = before): readonly string[] {
  const number = wanted.specification.hosts.findIndex(({ id }) => id === host) + 1;
  const namespace = `${OWN_PLACES.label}-${NAME}-h${number}`;
  return differences(stateOf(wanted.network, host), kernelState(host, namespace, wanted.network));
}

async function run(host: string, ...words: [string, ...string[]]): Promise<string> {
  const done = await labExec(NAME, host, words, { places: OWN_PLACES });
  if (done.code !== 0) throw new Error(`${host}: ${words.join(" ")}: ${done.code} ${done.stderr}`);
  return done.stdout.trim();
}

/** Copies what the modules of another tree build to into the running host. */
async function install(host: string, wanted: PlatformLab): Promise<string> {
  const { words, input } = installSystem(wanted.platformHost(host));
  const done = await labExec(NAME, host, words, { places: OWN_PLACES, input });
  if (done.code !== 0) throw new Error(done.stderr);
  return done.stdout.trim();
}

beforeAll(async () => {
  before = await open("before");
  await labUp(before.specification, OWN_PLACES);
}, 240_000);

afterAll(() => labDown(NAME, OWN_PLACES));

describe("the incident's fleet in the lab", () => {
  it("boots with the network that was derived from its files, on every host", async () => {
    for (const { id } of before.specification.hosts) {
      await eventually(() => Promise.resolve(differencesOn(id)), [], 30_000);
    }
  });

  it("has a healthy etcd of four members that reach each other by the addresses of the nodes", async () => {
    for (const node of NODES) {
      await eventually(() => run(node, "curl", "-s", "http://127.0.0.1:2381/health"), '{"health":"true"}');
    }
    const members = await run("nl-k8s-01", "env", "ETCDCTL_API=3", "etcdctl", "member", "list");
    expect(
      members
        .split("\n")
        .map((line) => line.split(", ").slice(1, 4).join(" "))
        .sort(),
    ).toEqual(
      ["10.10.0.2", "10.10.0.3", "10.10.0.4", "10.10.0.5"].map(
        (ip) => `started standin-${ip.replaceAll(".", "-")} http://${ip}:2380`,
      ),
    );
  });

  it("carries packets from pod to pod through the tunnel, behind a hypervisor too", async () => {
    const ping = ["ping", "-c", "1", "-W", "2", "10.42.2.2"] as const;
    expect(await run("nl-k8s-02", "ip", "netns", "exec", "standin-pod", ...ping)).toContain(
      " 0% packet loss",
    );
  });

  it("is reached over SSH from the operator's host, the router of busybox too", async () => {
    const configuration = join(OWN_PLACES.base, NAME, "ssh/config");
    for (const host of ["nl-k8s-03.lan", "nl-pve-02.lan", "r5c"]) {
      expect(await run("operator", "ssh", "-F", configuration, host, "uname", "-n")).toBe(
        host.replace(".lan", ""),
      );
    }
  });

  it("keeps the pod network when k3s is stopped, and etcd goes down and comes back", async () => {
    await run("nl-k8s-04", "systemctl", "stop", "k3s");
    expect(differencesOn("nl-k8s-04")).toEqual([]);
    await eventually(
      () => run("nl-k8s-01", "curl", "-s", "http://127.0.0.1:2381/health"),
      '{"health":"true"}',
    );
    await run("nl-k8s-04", "systemctl", "start", "k3s");
    expect(await run("nl-k8s-04", "curl", "-s", "http://127.0.0.1:2381/health")).toBe('{"health":"true"}');
    expect(differencesOn("nl-k8s-04")).toEqual([]);
  });
});

describe("the stand-in for NixOS", () => {
  it("installs a system without touching the network, again as the same path", async () => {
    const fixed = await open("fixed");
    const system = await install("nl-k8s-01", fixed);
    expect(system).toMatch(/^\/nix\/store\/[a-z0-9]{32}-nixos-system-nl-k8s-01-standin$/);
    expect(await install("nl-k8s-01", fixed)).toBe(system);
    expect(await run("nl-k8s-01", "readlink", "-f", "/run/current-system")).not.toBe(system);
    expect(differencesOn("nl-k8s-01")).toEqual([]);
  });

  it("loses on a reboot what was only tested", async () => {
    const fixed = await open("fixed");
    const system = await install("nl-k8s-01", fixed);
    await run("nl-k8s-01", `${system}/bin/switch-to-configuration`, "test");
    expect(differencesOn("nl-k8s-01", fixed)).toEqual([]);
    await labReboot(NAME, "nl-k8s-01", OWN_PLACES);
    await eventually(() => Promise.resolve(differencesOn("nl-k8s-01")), [], 30_000);
  });

  it("comes up with what was switched to, and rolls back to the generation before it", async () => {
    const fixed = await open("fixed");
    await install("nl-k8s-01", fixed);
    await run("nl-k8s-01", "nixos-rebuild", "switch");
    expect(differencesOn("nl-k8s-01", fixed)).toEqual([]);
    await labReboot(NAME, "nl-k8s-01", OWN_PLACES);
    await eventually(() => Promise.resolve(differencesOn("nl-k8s-01", fixed)), [], 30_000);
    await run("nl-k8s-01", "nixos-rebuild", "switch", "--rollback");
    expect(differencesOn("nl-k8s-01")).toEqual([]);
    expect(await run("nl-k8s-01", "nixos-rebuild", "list-generations")).toMatch(
      /^1 .*\(current\)\s*2 [^(]*$/,
    );
  });

  it("boots what `boot` made the default, not what the profile alone says", async () => {
    const fixed = await open("fixed");
    const system = await install("nl-k8s-02", fixed);
    const profile = "/nix/var/nix/profiles/system";
    await run("nl-k8s-02", "env", "NIX_REMOTE=", "nix-env", "-p", profile, "--set", system);
    await labReboot(NAME, "nl-k8s-02", OWN_PLACES);
    await eventually(() => Promise.resolve(differencesOn("nl-k8s-02")), [], 30_000);
    await run("nl-k8s-02", `${system}/bin/switch-to-configuration`, "boot");
    expect(differencesOn("nl-k8s-02")).toEqual([]);
    await labReboot(NAME, "nl-k8s-02", OWN_PLACES);
    await eventually(() => Promise.resolve(differencesOn("nl-k8s-02", fixed)), [], 30_000);
  });

  it.each(["make-before-break", "units"])("reaches the /8 and comes back from it (%s)", async (order) => {
    const wide = await open("wide");
    const library = "/usr/local/lib/nixos-standin/order";
    await run("nl-k8s-03", "sh", "-c", `echo ${order} > ${library}`);
    await install("nl-k8s-03", wide);
    await run("nl-k8s-03", "nixos-rebuild", "switch");
    expect(differencesOn("nl-k8s-03", wide)).toEqual([]);
    await run("nl-k8s-03", "nixos-rebuild", "switch", "--rollback");
    expect(differencesOn("nl-k8s-03")).toEqual([]);
  });
});
