import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { labDown, labExec, labReboot, labUp } from "#lab/index.js";
import { differences, kernelState, type PlatformLab, platformLab, stateOf } from "./platform-lab.js";
import { eventually, OWN_PLACES } from "./waiting.js";

const FOLDER = join(import.meta.dirname, "fleet");
const NAME = "platforms";

let lab: PlatformLab;

function namespaceOf(host: string): string {
  const number = lab.specification.hosts.findIndex(({ id }) => id === host) + 1;
  return `${OWN_PLACES.label}-${NAME}-h${number}`;
}

function differencesOn(host: string): readonly string[] {
  return differences(stateOf(lab.network, host), kernelState(host, namespaceOf(host), lab.network));
}

async function ended(host: string, ...words: [string, ...string[]]): Promise<readonly [number, string]> {
  const { code, stdout } = await labExec(NAME, host, words, { places: OWN_PLACES });
  return [code, stdout.trim()];
}

async function run(host: string, ...words: [string, ...string[]]): Promise<string> {
  const [code, text] = await ended(host, ...words);
  if (code !== 0) throw new Error(`${host}: ${words.join(" ")}: ${code}`);
  return text;
}

beforeAll(async () => {
  lab = await platformLab({ name: NAME, fleet: join(FOLDER, "pointsman.yaml"), tree: join(FOLDER, "tree") });
  await labUp(lab.specification, OWN_PLACES);
}, 400_000);

afterAll(() => labDown(NAME, OWN_PLACES));

const HOSTS = [
  ["ifupdown2 on Debian, with k3s by host-gw", "deb"],
  ["netplan with systemd-networkd", "ubu"],
  ["systemd-networkd", "net"],
  ["UCI on busybox", "wrt"],
] as const;

describe("a host of the lab", () => {
  it.each(HOSTS)("boots with the network that was derived from its files: %s", async (_, host) => {
    await eventually(() => Promise.resolve(differencesOn(host)), [], 30_000);
  });

  it.each(HOSTS)(
    "comes up again with what its files say, whatever was in its kernel: %s",
    async (_, host) => {
      const link = host === "deb" ? "br0" : host === "wrt" ? "br-lan" : "eth0";
      await run(host, "ip", "addr", "add", "192.0.2.99/24", "dev", link);
      await run(host, "sysctl", "-w", "net.ipv4.conf.all.rp_filter=1");
      expect(differencesOn(host)).not.toEqual([]);
      await labReboot(NAME, host, OWN_PLACES);
      await eventually(() => Promise.resolve(differencesOn(host)), [], 30_000);
    },
  );

  it("has a service manager that is not degraded, where it has systemd", async () => {
    for (const host of ["deb", "ubu", "net"]) {
      await eventually(() => ended(host, "systemctl", "is-system-running"), [0, "running"]);
    }
  });
});

describe("the router of busybox", () => {
  const show = (): Promise<string> => run("wrt", "ip", "addr", "show", "br-lan");

  it("has neither systemd nor an `ip` that speaks JSON", async () => {
    expect((await ended("wrt", "ip", "-j", "addr"))[0]).not.toBe(0);
    expect((await ended("wrt", "ls", "/run/systemd/system"))[0]).not.toBe(0);
    expect(await run("wrt", "readlink", "/bin/ip")).toBe("/bin/busybox");
  });

  it("takes changes that are not committed into use on reload, and loses them on a reboot", async () => {
    await run("wrt", "uci", "set", "network.lan.netmask=255.255.0.0");
    expect(await run("wrt", "uci", "changes")).toBe("network.lan.netmask='255.255.0.0'");
    expect(await show()).toContain("10.9.0.4/24");
    await run("wrt", "/etc/init.d/network", "reload");
    expect(await show()).toContain("10.9.0.4/16");
    expect(await run("wrt", "ip", "route")).toContain("10.77.0.0/16 via 10.9.0.1");
    await labReboot(NAME, "wrt", OWN_PLACES);
    expect(differencesOn("wrt")).toEqual([]);
    expect(await run("wrt", "uci", "changes")).toBe("");
  });

  it("keeps what was committed over a reboot, and gives it back word for word", async () => {
    const file = await run("wrt", "uci", "export", "network");
    await run("wrt", "uci", "add_list", "network.wan.ipaddr=192.0.2.6/30");
    await run("wrt", "uci", "commit", "network");
    await labReboot(NAME, "wrt", OWN_PLACES);
    expect(await run("wrt", "ip", "addr", "show", "eth1")).toContain("192.0.2.6/30");
    expect(await run("wrt", "uci", "get", "network.wan.ipaddr")).toBe("192.0.2.2/30 192.0.2.6/30");
    await run("wrt", "uci", "del_list", "network.wan.ipaddr=192.0.2.6/30");
    await run("wrt", "uci", "commit");
    expect(await run("wrt", "uci", "export", "network")).toBe(file);
    await run("wrt", "/etc/init.d/network", "reload");
    expect(differencesOn("wrt")).toEqual([]);
  });

  const REFUSED: readonly (readonly [string, [string, ...string[]]])[] = [
    ["a section that is not there", ["uci", "set", "network.nope.proto=static"]],
    ["an option that is not there", ["uci", "-q", "get", "network.lan.nope"]],
    ["a package that is not there", ["uci", "show", "nothing"]],
    ["a name that leaves the folder", ["uci", "show", "../passwd"]],
  ];
  it.each(REFUSED)("refuses %s, and changes nothing", async (_, words) => {
    expect((await ended("wrt", ...words))[0]).toBe(1);
    expect(await run("wrt", "uci", "changes")).toBe("");
  });

  it("keeps quotes in values, and anonymous sections by their number", async () => {
    expect(await run("wrt", "uci", "add", "network", "rule")).toMatch(/^cfg[0-9a-f]{6}$/);
    await run("wrt", "uci", "set", 'network.@rule[-1].note=it\'s "two" $(words)');
    await run("wrt", "uci", "commit", "network");
    expect(await run("wrt", "uci", "get", "network.@rule[0].note")).toBe('it\'s "two" $(words)');
    await run("wrt", "uci", "delete", "network.@rule[0]");
    await run("wrt", "uci", "revert", "network");
    expect(await run("wrt", "uci", "show", "network.@rule[0]")).toContain("network.@rule[0]=rule");
    await run("wrt", "uci", "delete", "network.@rule[0]");
    await run("wrt", "uci", "commit", "network");
    expect((await ended("wrt", "uci", "-q", "show", "network.@rule[0]"))[0]).toBe(1);
  });
});
