import { existsSync, readFileSync } from "node:fs";
import { afterAll, afterEach, describe, expect, it } from "vitest";
import {
  LabError,
  type LabSpecification,
  labCut,
  labDown,
  labDownAll,
  labExec,
  labFreeze,
  labHeal,
  labKill,
  labList,
  labLoss,
  labReboot,
  labSlow,
  labStart,
  labThaw,
  labUp,
} from "#lab/index.js";
import { hostId, linkName } from "#model/index.js";
import { footprint, processesOf } from "./footprint.js";
import { testPlaces } from "./places.js";
import { eth0, flatHost, flatLab, labOf } from "./small-lab.js";

const { places, remove } = testPlaces("lna");
afterEach(async () => {
  await labDownAll(places);
});
afterAll(remove);

async function output(lab: string, host: string, script: string): Promise<string> {
  const { stdout, stderr } = await labExec(lab, host, ["sh", "-c", script], { places });
  return `${stdout}${stderr}`.trim();
}

async function answers(lab: string, from: string, to: number, count = 1): Promise<number> {
  const ping = ["ping", "-n", "-q", "-c", String(count), "-i", "0.01", "-W", "1", `10.9.0.${to}`] as const;
  const { stdout } = await labExec(lab, from, [...ping], { places });
  return Number(/(\d+) received/.exec(stdout)?.[1]);
}

describe("A lab of namespaces", () => {
  it("leaves nothing behind", async () => {
    await labUp(flatLab("one", 3), places);
    await labExec("one", "h2", ["sh", "-c", "setsid sleep 1000 >/dev/null 2>&1 </dev/null &"], { places });
    await expect.poll(() => processesOf(places.label)).toHaveLength(1);
    expect(await labDown("one", places)).toBe(true);
    expect(footprint(places)).toEqual([]);
    expect(await labDown("one", places)).toBe(false);
  });

  it("stands side by side with another one of the same addresses", async () => {
    await labUp(flatLab("one", 2), places);
    await labUp(flatLab("one-h2", 2), places);
    await labKill("one", "h2", places);
    expect([await answers("one", "h1", 2), await answers("one-h2", "h1", 2)]).toEqual([0, 1]);
    expect(labList(places).map(({ name, running }) => [name, running])).toEqual([
      ["one", ["h1"]],
      ["one-h2", ["h1", "h2"]],
    ]);
    await labDown("one", places);
    expect(await answers("one-h2", "h1", 2)).toBe(1);
  });

  it("is neither seen nor touched by another label that has the same folder", async () => {
    await labUp(flatLab("one", 2), places);
    const others = { ...places, label: "lno", registry: `${places.registry}-others` };
    expect(labList(others)).toEqual([]);
    expect(await labDownAll(others)).toEqual([]);
    expect(await labDown("one", others)).toBe(false);
    await expect(labUp(flatLab("one", 2), others)).rejects.toThrow("Expected no lab named `one`, found one");
    expect(await answers("one", "h1", 2)).toBe(1);
    expect(await output("one", "h2", "cat /proc/sys/kernel/random/boot_id")).not.toBe("");
    expect(labList(places)[0]?.lab?.hosts).toHaveLength(2);
    expect(footprint({ ...others, base: "/nowhere" })).toEqual([]);
  });

  it("is refused where one of its name is there, which stays", async () => {
    await labUp(flatLab("one", 1), places);
    await expect(labUp(flatLab("one", 2), places)).rejects.toThrow("Expected no lab named `one`, found one");
    expect(labList(places)[0]?.running).toEqual(["h1"]);
  });

  it("is removed again where the kernel refuses a part of it, whose words it tells", async () => {
    const broken = { ...flatHost(2), commands: [["ip", "link", "add", "name", "x", "type", "nosuchtype"]] };
    const failed = labUp(labOf("one", [flatHost(1), broken]), places);
    await expect(failed).rejects.toThrow(
      /Expected the network of `h2`, the machine said: .*Unknown device type/,
    );
    expect(footprint(places)).toEqual([]);
  });

  it.each<[string, Partial<LabSpecification>]>([
    ["a name that could be another lab's", { name: "One" }],
    ["an operator of another fleet", { operator: hostId("nobody") }],
    ["one host twice", { hosts: [flatHost(1), flatHost(1)] }],
    ["no host", { hosts: [], segments: [], operator: null }],
  ])("is refused with %s before anything is made", async (_, part) => {
    await expect(labUp({ ...flatLab("one", 2), ...part }, places)).rejects.toBeInstanceOf(LabError);
    expect(footprint(places)).toEqual([]);
  });

  it("takes names of hosts and links as data", async () => {
    const link = linkName("a#b'$(x)\"*");
    const host = {
      ...flatHost(1),
      id: hostId("$(touch /tmp/x); 'h' \n-rf"),
      links: [{ ...eth0(1), name: link }],
      commands: [
        ["ip", "addr", "add", "10.9.0.1/16", "dev", link],
        ["ip", "link", "set", "dev", link, "up"],
        ["sysctl", "-w", `net.ipv4.conf.${link}.rp_filter=2`],
      ],
    };
    const specification = {
      ...labOf("one", [flatHost(2)]),
      hosts: [host, flatHost(2)],
      segments: [],
      operator: null,
    };
    await labUp(specification, places);
    const shown = await labExec("one", host.id, ["ip", "-br", "addr", "show", "dev", link], { places });
    expect(shown.stdout).toContain("10.9.0.1/16");
    const filter = await labExec("one", host.id, ["cat", `/proc/sys/net/ipv4/conf/${link}/rp_filter`], {
      places,
    });
    expect(filter.stdout).toBe("2\n");
  });

  it("keeps files of its hosts below /etc apart, and from this machine's", async () => {
    await labUp(flatLab("one", 2), places);
    await output("one", "h1", "echo h1 >/etc/pointsman-lab-test");
    expect(await output("one", "h2", "cat /etc/pointsman-lab-test")).toContain("No such file");
    expect(existsSync("/etc/pointsman-lab-test")).toBe(false);
  });

  it("says the exit code and both outputs of a command", async () => {
    await labUp(flatLab("one", 1), places);
    const script = ["sh", "-c", 'cat; echo "$1" >&2; exit 7', "sh", "a  b;$(x)"] as const;
    const result = await labExec("one", "h1", script, { places, input: "in\n" });
    expect(result).toEqual({ code: 7, stdout: "in\n", stderr: "a  b;$(x)\n" });
  });

  it("puts the controller where its operator is, with the files of this machine", async () => {
    await labUp(flatLab("one", 2), places);
    expect(await output("one", "operator", "ip -br addr show dev eth0")).toContain("10.9.0.1/16");
    const machine = readFileSync("/proc/sys/kernel/random/boot_id", "utf8").trim();
    expect(await output("one", "operator", "cat /proc/sys/kernel/random/boot_id")).toBe(machine);
    expect(await output("one", "h1", "cat /proc/sys/kernel/random/boot_id")).not.toBe(machine);
  });

  it("holds a hundred hosts on one segment", async () => {
    const begin = performance.now();
    await labUp(flatLab("hundred", 100), places);
    const up = performance.now();
    expect(await answers("hundred", "h1", 100)).toBe(1);
    const asked = performance.now();
    await labDown("hundred", places);
    const times = { upMs: Math.round(up - begin), downMs: Math.round(performance.now() - asked) };
    process.stdout.write(`100 namespaces: ${JSON.stringify(times)}\n`);
    expect(footprint(places)).toEqual([]);
  });

  it("joins more ports of one segment than a bridge has", async () => {
    const many = Array.from({ length: 1100 }, (_, index) => ({
      ...eth0(index + 10),
      name: linkName(`e${index}`),
    }));
    const wide = { ...flatHost(1), links: [eth0(1), ...many] };
    const lab = labOf("wide", [wide, flatHost(2)]);
    const [main] = lab.segments;
    const more = many.map(({ name }) => ({ host: wide.id, link: name }));
    const ports = [
      { host: wide.id, link: linkName("eth0") },
      ...more,
      { host: hostId("h2"), link: linkName("eth0") },
    ];
    await labUp({ ...lab, segments: main === undefined ? [] : [{ ...main, ports }] }, places);
    expect(await answers("wide", "h1", 2)).toBe(1);
  });
});

describe("A cable", () => {
  const cable = { lab: "one", host: "h2", link: "eth0", places };

  it("that is pulled has no carrier, also after a boot, until it is plugged in", async () => {
    await labUp(flatLab("one", 2), places);
    await labCut(cable, "both");
    expect(
      await output("one", "h2", "cat /sys/class/net/eth0/carrier 2>&1; ip -br link show eth0"),
    ).toContain("DOWN");
    await labReboot("one", "h2", places);
    expect(await answers("one", "h1", 2)).toBe(0);
    await labHeal(cable);
    expect(await answers("one", "h1", 2)).toBe(1);
  });

  it.each(["in", "out"] as const)("loses one way alone, `%s`, and keeps its carrier", async (direction) => {
    await labUp(flatLab("one", 2), places);
    expect(await answers("one", "h1", 2)).toBe(1);
    await labCut(cable, direction);
    const before = await received();
    expect(await answers("one", "h1", 2)).toBe(0);
    const isSilent = direction === "in";
    expect((await received()) > before).toBe(!isSilent);
    expect(await output("one", "h2", "ip -br link show eth0")).toContain("LOWER_UP");
    await labHeal(cable);
    expect(await answers("one", "h1", 2)).toBe(1);
  });

  it("loses about as much as it is told to", async () => {
    await labUp(flatLab("one", 2), places);
    await labLoss(cable, 30);
    const arrived = await answers("one", "h1", 2, 400);
    // Both ways: 0.7 * 0.7 of them; the bounds are eight standard deviations away.
    expect(arrived).toBeGreaterThan(115);
    expect(arrived).toBeLessThan(277);
    await labHeal(cable);
    expect(await answers("one", "h1", 2, 50)).toBe(50);
  });

  it("is refused by name where there is none", async () => {
    await labUp(flatLab("one", 2), places);
    await expect(labCut({ ...cable, link: "eth1" }, "both")).rejects.toThrow("it has `eth0`");
  });

  /** Echo requests that have arrived at h2, as the kernel counts them. */
  async function received(): Promise<number> {
    const [, names = "", values = ""] =
      /^(Icmp: In.*)\n(Icmp: .*)$/m.exec(await output("one", "h2", "cat /proc/net/snmp")) ?? [];
    return Number(values.split(" ")[names.split(" ").indexOf("InEchos")]);
  }
});

describe("A namespace", () => {
  it("boots into the state that it had at first, with its files and another boot id", async () => {
    await labUp(flatLab("one", 2), places);
    const boot = await output("one", "h2", "cat /proc/sys/kernel/random/boot_id");
    await output(
      "one",
      "h2",
      "echo kept >/etc/kept; ip addr add 10.88.0.1/24 dev eth0; setsid sleep 1000 >/dev/null 2>&1 &",
    );
    await labReboot("one", "h2", places);
    expect(await output("one", "h2", "cat /etc/kept")).toBe("kept");
    expect(await output("one", "h2", "ip -br addr show dev eth0")).not.toContain("10.88.0.1");
    expect(await output("one", "h2", "cat /proc/sys/kernel/random/boot_id")).not.toBe(boot);
    expect(processesOf(places.label)).toEqual([]);
    expect(await answers("one", "h1", 2)).toBe(1);
  });

  it("without power answers nobody and lets nobody in until it is started", async () => {
    await labUp(flatLab("one", 2), places);
    await labKill("one", "h2", places);
    expect(await answers("one", "h1", 2)).toBe(0);
    expect(await labExec("one", "h2", ["true"], { places })).toMatchObject({ code: 125 });
    await expect(labReboot("one", "h2", places)).rejects.toThrow("it has no power");
    await labStart("one", "h2", places);
    expect(await answers("one", "h1", 2)).toBe(1);
    await expect(labStart("one", "h2", places)).rejects.toThrow("it runs");
  });

  it("that hangs runs nothing until it goes on", async () => {
    await labUp(flatLab("one", 2), places);
    await labFreeze("one", "h2", places);
    expect(await labExec("one", "h2", ["true"], { places, timeoutMs: 500 })).toMatchObject({ code: 124 });
    await labThaw("one", "h2", places);
    expect(await labExec("one", "h2", ["true"], { places })).toMatchObject({ code: 0 });
  });

  it("that is slow takes longer for the same", async () => {
    await labUp(flatLab("one", 1), places);
    const count = "i=0; while [ $i -lt 100000 ]; do i=$((i + 1)); done";
    const fast = await seconds(count);
    await labSlow("one", "h1", 5, places);
    expect(await seconds(count)).toBeGreaterThan(3 * fast);
    await labSlow("one", "h1", null, places);
  });

  async function seconds(script: string): Promise<number> {
    const begin = performance.now();
    await output("one", "h1", script);
    return performance.now() - begin;
  }
});
