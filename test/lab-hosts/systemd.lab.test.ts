import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import {
  type ExecResult,
  ensureRoot,
  type Lab,
  labDownAll,
  labExec,
  labFreeze,
  labKill,
  labList,
  labReboot,
  labStart,
  labThaw,
  labUp,
  type SystemdHost,
} from "#lab/index.js";
import { hostId } from "#model/index.js";
import { footprint, processesOf } from "./footprint.js";
import { testPlaces } from "./places.js";
import { eth0, flatHost, labOf } from "./small-lab.js";

const { places, remove } = testPlaces("lsd");
let root: string;
beforeAll(async () => {
  root = await ensureRoot("debian");
}, 300_000);
afterEach(async () => {
  await labDownAll(places);
});
afterAll(remove);

function booted(number: number): SystemdHost {
  const interfaces = `auto lo\niface lo inet loopback\nauto eth0\niface eth0 inet static\n  address 10.9.0.${number}/16\n`;
  return {
    kind: "systemd",
    id: hostId(`h${number}`),
    links: [eth0(number)],
    root,
    init: null,
    address: `10.9.0.${number}`,
    sshNames: [`h${number}.lan`],
    files: [
      { path: "/etc/hostname", mode: 0o644, text: `h${number}\n` },
      { path: "/etc/network/interfaces", mode: 0o644, text: interfaces },
      {
        path: "/lib/systemd/system/sleeper.service",
        mode: 0o644,
        text: "[Service]\nExecStart=/bin/sleep 100000\n",
      },
      {
        path: "/etc/systemd/system/multi-user.target.wants/networking.service",
        symlink: "/lib/systemd/system/networking.service",
      },
      {
        path: "/etc/systemd/system/multi-user.target.wants/sleeper.service",
        symlink: "/lib/systemd/system/sleeper.service",
      },
    ],
  };
}

/** The operator, and hosts with systemd. */
async function bootLab(count: number): Promise<Lab> {
  const hosts = Array.from({ length: count }, (_, index) => booted(index + 2));
  return labUp(labOf("real", [flatHost(1), ...hosts]), places);
}

function ssh(lab: Lab, host: string, script: string): Promise<ExecResult> {
  const words = ["ssh", "-F", lab.sshConfig ?? "", "-o", "ConnectTimeout=3", host, script] as const;
  return labExec(lab.name, "operator", words, { places });
}

async function bootIdOf(host: string): Promise<string> {
  return (await labExec("real", host, ["cat", "/proc/sys/kernel/random/boot_id"], { places })).stdout.trim();
}

describe("A host with systemd", () => {
  it("is reached over SSH with the keys of the lab, under its names", async () => {
    const lab = await bootLab(1);
    const shown = "uname -n; ip -br -4 addr show dev eth0; systemctl is-active sleeper";
    const [byId, byName] = [await ssh(lab, "h2", shown), await ssh(lab, "h2.lan", shown)];
    expect(byId).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(/^h2\neth0@\S+ +UP +10[.]9[.]0[.]2\/16 \nactive\n$/),
    });
    expect(byName).toEqual(byId);
  });

  it("boots again when it is told to: files stay, everything else is as after any boot", async () => {
    const lab = await bootLab(1);
    const boot = await bootIdOf("h2");
    await ssh(
      lab,
      "h2",
      "echo kept >/etc/kept; ip addr add 10.88.0.1/24 dev eth0; sysctl -w net.ipv4.ip_forward=1",
    );
    await labReboot("real", "h2", places);
    const after = await ssh(
      lab,
      "h2",
      "cat /etc/kept; ip -br -4 addr show dev eth0; cat /proc/sys/net/ipv4/ip_forward",
    );
    expect(after.stdout).toMatch(/^kept\neth0@\S+ +UP +10[.]9[.]0[.]2\/16 \n0\n$/);
    expect(await bootIdOf("h2")).not.toBe(boot);
  });

  it("loses its power at once, answers nobody, and comes up when it is started", async () => {
    const lab = await bootLab(1);
    const boot = await bootIdOf("h2");
    await ssh(lab, "h2", "echo kept >/etc/kept; sync");
    await labKill("real", "h2", places);
    expect(processesOf(places.label)).toEqual([]);
    expect(labList(places)[0]?.running).toEqual(["h1"]);
    expect(await ssh(lab, "h2", "true")).toMatchObject({ code: 255 });
    await labStart("real", "h2", places);
    expect(await ssh(lab, "h2", "cat /etc/kept")).toMatchObject({ stdout: "kept\n" });
    expect(await bootIdOf("h2")).not.toBe(boot);
  });

  it("that hangs accepts nobody until it goes on", async () => {
    const lab = await bootLab(1);
    await labFreeze("real", "h2", places);
    expect(await ssh(lab, "h2", "true")).toMatchObject({ code: 255 });
    await labThaw("real", "h2", places);
    const goesOn = async (): Promise<number> => (await ssh(lab, "h2", "true")).code;
    await expect.poll(goesOn, { timeout: 30_000 }).toBe(0);
  });

  it("stops a service of its own alone", async () => {
    await bootLab(2);
    const sleeper = (host: string, verb: string): Promise<ExecResult> =>
      labExec("real", host, ["systemctl", verb, "sleeper"], { places });
    expect(await sleeper("h2", "stop")).toMatchObject({ code: 0 });
    expect(await sleeper("h2", "is-active")).toMatchObject({ stdout: "inactive\n" });
    expect(await sleeper("h3", "is-active")).toMatchObject({ stdout: "active\n" });
  });

  it("leaves the shared root as it was", async () => {
    await bootLab(1);
    await labExec("real", "h2", ["sh", "-c", "echo x >/etc/made-by-host; rm /bin/true"], { places });
    expect(existsSync(join(root, "etc/made-by-host"))).toBe(false);
    expect(readFileSync(join(root, "usr/bin/true")).length).toBeGreaterThan(0);
  });
});

describe("A lab of hosts with systemd", () => {
  it("leaves nothing behind, also when its supervisors were killed", async () => {
    await bootLab(2);
    const supervisors = readFileSync(`/sys/fs/cgroup/${supervisorGroup("h2")}`, "utf8")
      .trim()
      .split("\n");
    expect(supervisors).toHaveLength(1);
    for (const pid of supervisors) process.kill(Number(pid), "SIGKILL");
    expect(await labDownAll(places)).toEqual(["real"]);
    expect(footprint(places)).toEqual([]);
  });

  it("boots several hosts at once", async () => {
    const free = availableMiB();
    const begin = performance.now();
    await bootLab(8);
    const seconds = (performance.now() - begin) / 1000;
    process.stdout.write(
      `8 hosts with systemd: ${JSON.stringify({ seconds: Number(seconds.toFixed(1)), mebibytes: free - availableMiB() })}\n`,
    );
    expect(labList(places)[0]?.running).toHaveLength(9);
  });
});

/** Below version 2 of control groups, wherever it is mounted. */
function supervisorGroup(host: string): string {
  const version2 = existsSync("/sys/fs/cgroup/cgroup.controllers") ? "" : "unified/";
  return `${version2}${places.label}/real/supervisors/${host}/cgroup.procs`;
}

function availableMiB(): number {
  return Math.round(Number(/MemAvailable:\s+(\d+)/.exec(readFileSync("/proc/meminfo", "utf8"))?.[1]) / 1024);
}
