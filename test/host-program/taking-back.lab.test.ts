import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, describe, expect, it } from "vitest";
import { parseStatus, whyOf } from "#rollout/index.js";
import { type Change, openHost, SHELLS, sha256, type TestHost, WIDEN } from "./test-host.js";

const opened: TestHost[] = [];

afterEach(() => {
  for (const host of opened.splice(0)) host.close();
});

const GONE: Change["forward"][number] = ["ip", "addr", "del", "10.99.0.1/32", "dev", "e0"];

/** What these cases rest on is the same under bash, which the verbs and the contract are tried with. */
const TWO_SHELLS = SHELLS.filter(({ name }) => name !== "bash");

describe.each(TWO_SHELLS)("Under $name, the host program takes back", (shell) => {
  async function armed(change: Change, prepare = ""): Promise<TestHost & { readonly before: string }> {
    const host = await openHost(shell);
    opened.push(host);
    await host.sh(prepare);
    const before = await host.dump();
    await host.stage("run-p1", change);
    expect(await host.run(["arm", "run-p1", "60"])).toMatchObject({ code: 0, stderr: "" });
    return { ...host, before };
  }

  async function stateOf(host: TestHost): Promise<string> {
    const status = parseStatus((await host.run(["status"])).stdout);
    if (!status.ok) throw new Error(status.error);
    return status.value.records.map((record) => record.state).join();
  }

  it.each([0, 1, 2, 3, 4, 5])(
    "a forward that fails after %i lines, with the kernel's words",
    async (done) => {
      const forward = [...WIDEN.forward.slice(0, done), GONE, ...WIDEN.forward.slice(done)];
      const host = await armed({ ...WIDEN, forward });
      const answer = await host.run(["switch", "run-p1"]);
      expect(answer.code).toBe(4);
      expect(whyOf(answer.stdout)).toMatch(
        new RegExp(
          `^line ${done + 1}: ip addr del 10.99.0.1/32 dev e0: .*(?:not found|Cannot assign requested address).*; taken back$`,
        ),
      );
      expect(await host.dump()).toBe(host.before);
      expect(await stateOf(host)).toBe("reverted");
    },
  );

  it.each([
    ["is empty", []],
    ["fails at its first line", [GONE, ...WIDEN.revert]],
    ["fails at its last line", [...WIDEN.revert, GONE]],
    ["leaves a route out", WIDEN.revert.filter((line) => line[1] !== "route")],
    ["leaves a rule out", WIDEN.revert.filter((line) => line[1] !== "rule")],
    ["leaves a sysctl out", WIDEN.revert.filter((line) => line[0] !== "sysctl")],
    ["takes the address away before it comes back", [...WIDEN.revert].reverse()],
    ["deletes the leg's address", [...WIDEN.revert, ["ip", "addr", "del", "10.10.0.2/16", "dev", "e0"]]],
    ["flushes all routes of the leg", [...WIDEN.revert, ["ip", "route", "flush", "dev", "e0"]]],
    ["takes the leg down", [...WIDEN.revert, ["ip", "link", "set", "dev", "e0", "down"]]],
    ["changes the MTU", [...WIDEN.revert, ["ip", "link", "set", "dev", "e0", "mtu", "1400"]]],
    ["adds a link", [...WIDEN.revert, ["ip", "link", "add", "name", "br9", "type", "bridge"]]],
  ] as const)("at the second level where the way back %s", async (_, revert) => {
    const host = await armed({ ...WIDEN, revert: revert as Change["revert"] });
    expect((await host.run(["switch", "run-p1"])).code).toBe(0);
    const answer = await host.run(["revert", "run-p1"]);
    expect(answer).toMatchObject({ code: 0, stdout: "reverted run-p1 level 2\n" });
    expect(await host.dump()).toBe(host.before);
  });

  it("says `failed`, and what is missing, where a link is gone for good, and is whole once it is back", async () => {
    const host = await armed(
      {
        forward: [["ip", "link", "del", "dev", "x1"]],
        revert: [["ip", "link", "set", "dev", "x1", "up"]],
      },
      "ip link add x1 type bridge; ip link set x1 up",
    );
    expect((await host.run(["switch", "run-p1"])).code).toBe(0);
    const answer = await host.run(["revert", "run-p1"]);
    expect(answer.code).toBe(4);
    expect(whyOf(answer.stdout)).toMatch(/^still missing: 1 x1 up /);
    expect(await stateOf(host)).toBe("failed");
    await host.sh("ip link add x1 type bridge");
    expect(await host.run(["revert", "run-p1"])).toMatchObject({ code: 0 });
    expect(await stateOf(host)).toBe("reverted");
  });

  it.each([0, 1])(
    "around a virtual address that lives second, with promote_secondaries %i",
    async (promotes) => {
      const host = await armed(
        { ...WIDEN, keep: ["10.10.0.100"] },
        `ip addr add 10.10.0.100/16 dev e0; echo ${promotes} >/proc/sys/net/ipv4/conf/e0/promote_secondaries`,
      );
      expect(await host.run(["switch", "run-p1"])).toMatchObject({ code: 0 });
      expect(await host.dump()).toContain("10.10.0.100/16");
      expect(await host.sh("cat /proc/sys/net/ipv4/conf/e0/promote_secondaries")).toBe(`${promotes}\n`);
      expect(await host.run(["revert", "run-p1"])).toMatchObject({ stdout: "reverted run-p1 level 1\n" });
      expect(await host.dump()).toBe(host.before);
    },
  );

  it.each([0, 1])(
    "at the second level around a virtual address, with promote_secondaries %i",
    async (promotes) => {
      const host = await armed(
        { ...WIDEN, revert: [], keep: ["10.10.0.100"] },
        `ip addr add 10.10.0.100/16 dev e0; echo ${promotes} >/proc/sys/net/ipv4/conf/e0/promote_secondaries`,
      );
      expect(await host.run(["switch", "run-p1"])).toMatchObject({ code: 0 });
      expect(await host.run(["revert", "run-p1"])).toMatchObject({ stdout: "reverted run-p1 level 2\n" });
      expect(await host.dump()).toBe(host.before);
    },
  );

  it("never puts the host's own address behind a virtual one, and deletes with it what the kernel would", async () => {
    const host = await armed(
      { ...WIDEN, keep: ["10.10.0.100"] },
      "ip addr add 10.10.0.100/8 dev e0; ip addr add 10.10.0.55/16 dev e0; ip addr add 10.10.0.101/16 dev e0; echo 0 >/proc/sys/net/ipv4/conf/e0/promote_secondaries",
    );
    expect(await host.run(["switch", "run-p1"])).toMatchObject({ code: 0, stdout: "switched run-p1\n" });
    const addresses = await host.sh("ip -o -4 addr show dev e0");
    expect(addresses).toMatch(/10\.10\.0\.2\/8 brd \S+ scope global e0/);
    expect(addresses).toMatch(/10\.10\.0\.100\/8 scope global secondary e0/);
  });

  it("nothing of a virtual address that came or went meanwhile, and confirms all the same", async () => {
    const host = await armed(
      { ...WIDEN, keep: ["10.10.0.100", "10.10.0.101"] },
      "ip addr add 10.10.0.101/16 dev e0",
    );
    expect(await host.run(["switch", "run-p1"])).toMatchObject({ code: 0 });
    await host.sh("ip addr del 10.10.0.101/16 dev e0; ip addr add 10.10.0.100/16 dev e0");
    expect(await host.run(["confirm", "run-p1"])).toMatchObject({ code: 0 });
    expect(await host.run(["revert", "run-p1"])).toMatchObject({ code: 0 });
    const addresses = await host.sh("ip -o -4 addr show dev e0");
    expect(addresses).toContain("10.10.0.100/16");
    expect(addresses).not.toContain("10.10.0.101");
    expect(addresses).toMatch(/10\.10\.0\.2\/16 brd \S+ scope global e0/);
  });

  it("nothing of the pod network, whatever it does meanwhile", async () => {
    const host = await armed({ ...WIDEN, revert: [] });
    expect(await host.run(["switch", "run-p1"])).toMatchObject({ code: 0 });
    await host.sh(
      "ip route add 10.42.3.0/24 via 10.42.3.0 dev flannel.1 onlink; ip link add veth1 type veth peer name veth2; ip link set veth1 master cni0; ip addr add 10.42.9.1/24 dev cni0; ip neigh add 10.42.3.0 lladdr 02:00:00:00:03:00 dev flannel.1 nud permanent",
    );
    const pods = await host.sh(
      "ip -4 -o addr show dev cni0; ip route show dev flannel.1; ip -4 neigh show nud permanent | sort",
    );
    expect(await host.run(["confirm", "run-p1"])).toMatchObject({ code: 0 });
    expect(await host.run(["revert", "run-p1"])).toMatchObject({ stdout: "reverted run-p1 level 2\n" });
    expect(
      await host.sh(
        "ip -4 -o addr show dev cni0; ip route show dev flannel.1; ip -4 neigh show nud permanent | sort",
      ),
    ).toBe(pods);
  });

  it("a released change as long as nothing has changed since", async () => {
    const host = await armed(WIDEN);
    for (const verb of ["switch", "confirm", "release"]) {
      expect(await host.run([verb, "run-p1"]), verb).toMatchObject({ code: 0 });
    }
    await host.sh("ip route add 10.77.0.0/16 via 10.10.0.1 dev e0");
    expect(whyOf((await host.run(["revert", "run-p1"])).stdout)).toBe(
      "the network has changed since run-p1 was confirmed; nothing was changed",
    );
    expect(await host.run(["recall", "run-p1"])).toMatchObject({ code: 3 });
    await host.sh("ip route del 10.77.0.0/16");
    for (const time of ["first", "again"]) {
      expect(await host.run(["recall", "run-p1"]), time).toMatchObject({ stdout: "recalled run-p1\n" });
    }
    expect((await host.run(["status"])).stdout).toMatch(/^record run-p1 confirmed /m);
    expect(await host.run(["revert", "run-p1"])).toMatchObject({ code: 0 });
    expect(await host.dump()).toBe(host.before);
  });

  it.each([
    ["an address", "ip addr add 10.10.7.N/32 dev e0"],
    ["a route", "ip route add 10.7.N.0/24 via 10.10.0.1 dev e0"],
    ["a route that is gone", "ip route del 192.168.5.0/24; ip route add 10.7.N.0/24 via 10.10.0.1 dev e0"],
    ["a rule", "ip rule add from 10.7.N.0/24 lookup 7"],
    ["an MTU", "ip link set dev e0 mtu 14NN"],
    ["a file", "echo N >>FILE"],
  ])("no change of somebody else: %s is found every time and stops the confirm", async (_, script) => {
    const host = await openHost(shell);
    opened.push(host);
    const path = join(host.dir, "interfaces");
    for (let time = 1; time <= (shell.name === "dash" ? 20 : 2); time += 1) {
      writeFileSync(path, "old\n");
      const id = `run-p${time}`;
      await host.stage(id, {
        ...WIDEN,
        persist: [{ kind: "file", path, before: sha256("old\n"), text: "new\n" }],
      });
      expect(await host.run(["arm", id, "60"])).toMatchObject({ code: 0 });
      expect(await host.run(["switch", id])).toMatchObject({ code: 0 });
      await host.sh(
        script
          .replaceAll("NN", `${time + 10}`)
          .replaceAll("N", `${time}`)
          .replace("FILE", path),
      );
      const answer = await host.run(["confirm", id]);
      expect(answer.code).toBe(3);
      expect(whyOf(answer.stdout)).toMatch(/changed/);
      await host.run(["revert", id]);
      expect(readFileSync(path, "utf8")).not.toContain("new");
      expect(await host.run(["release", id])).toMatchObject({ code: 0 });
      await host.sh("ip route replace 192.168.5.0/24 via 10.10.0.3 dev e0");
    }
  });
});
