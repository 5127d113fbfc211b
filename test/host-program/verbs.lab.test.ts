import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, describe, expect, it } from "vitest";
import { parseArmed, parseStatus, whyOf } from "#rollout/index.js";
import { openHost, SHELLS, sha256, sleep, type TestHost, until, WIDEN } from "./test-host.js";

const opened: TestHost[] = [];

afterEach(() => {
  for (const host of opened.splice(0)) host.close();
});

describe.each(SHELLS)("The host program under $name", (shell) => {
  async function open(): Promise<TestHost> {
    const host = await openHost(shell);
    opened.push(host);
    return host;
  }

  async function stateOf(host: TestHost, id: string): Promise<unknown> {
    const status = parseStatus((await host.run(["status"])).stdout);
    if (!status.ok) throw new Error(status.error);
    return status.value.records.find((record) => record.id === id);
  }

  /** A host with `WIDEN` and one file armed as run-p1. */
  async function armed(seconds = 60): Promise<TestHost> {
    const host = await open();
    const path = join(host.dir, "interfaces");
    writeFileSync(path, "old\n", { mode: 0o640 });
    await host.stage("run-p1", {
      ...WIDEN,
      persist: [{ kind: "file", path, before: sha256("old\n"), text: "new\n" }],
    });
    expect(await host.run(["arm", "run-p1", `${seconds}`])).toMatchObject({ code: 0, stderr: "" });
    return host;
  }

  const words = (...line: string[]): readonly string[] => line;
  const refusal = (why: string): object => ({ code: 3, stdout: `why ${why}\n`, stderr: "" });

  it("says its version, and what it expects of a call", async () => {
    const host = await open();
    expect(await host.run(["version"])).toEqual({ code: 0, stdout: "pointsman-host 1\n", stderr: "" });
    for (const bad of [[], ["jump"], ["arm", "x"], ["switch", "../x"], ["switch", "-x"], ["arm", "x", "0"]]) {
      expect((await host.run(bad)).code, bad.join(" ")).toBe(64);
    }
    expect((await host.run(["stage", "x", "file-"])).code).toBe(64);
  });

  it("is claimed by one run at a time, and again by the same one", async () => {
    const host = await open();
    expect((await host.run(["claim", "a"])).code).toBe(0);
    expect((await host.run(["claim", "a"])).code).toBe(0);
    expect(await host.run(["claim", "b"])).toEqual(refusal("claimed by a"));
    expect(await host.run(["unclaim", "b"])).toEqual(refusal("claimed by a"));
    await host.stage("b-p1", WIDEN);
    expect(await host.run(["arm", "b-p1", "60"])).toEqual(refusal("claimed by a"));
    expect((await host.run(["unclaim", "a"])).code).toBe(0);
    expect((await host.run(["unclaim", "a"])).code).toBe(0);
    expect((await host.run(["claim", "b"])).code).toBe(0);
  });

  it("goes from armed to switched to confirmed and back, and leaves nothing behind", async () => {
    const host = await open();
    const before = await host.dump();
    const path = join(host.dir, "interfaces");
    writeFileSync(path, "old\n", { mode: 0o640 });
    await host.stage("run-p1", {
      ...WIDEN,
      persist: [{ kind: "file", path, before: sha256("old\n"), text: "new\n" }],
    });
    const answer = parseArmed((await host.run(["arm", "run-p1", "60"])).stdout);
    expect(answer.ok && answer.value.bootId).toBe(
      readFileSync("/proc/sys/kernel/random/boot_id", "utf8").trim(),
    );
    expect(await host.dump()).toBe(before);
    expect(await stateOf(host, "run-p1")).toMatchObject({ state: "armed", persisted: "no", note: "" });

    expect(await host.run(["switch", "run-p1"])).toMatchObject({ code: 0, stdout: "switched run-p1\n" });
    const after = await host.dump();
    expect(after).toContain("10.10.0.2/8");
    expect(after).not.toContain("10.10.0.2/16");
    expect(readFileSync(path, "utf8")).toBe("old\n");
    expect(await host.run(["switch", "run-p1"])).toMatchObject({
      code: 0,
      stdout: "switched run-p1\nnote already\n",
    });
    expect(await host.dump()).toBe(after);

    for (let again = 0; again < 2; again += 1) {
      expect(await host.run(["confirm", "run-p1"])).toMatchObject({
        code: 0,
        stdout: "confirmed run-p1 persisted yes\n",
      });
    }
    expect(readFileSync(path, "utf8")).toBe("new\n");
    await until(() => host.processes().length === 0, 3000);
    expect(await stateOf(host, "run-p1")).toMatchObject({ state: "confirmed", secondsLeft: null });

    for (let again = 0; again < 2; again += 1) {
      expect(await host.run(["revert", "run-p1"])).toMatchObject({
        code: 0,
        stdout: "reverted run-p1 level 1\n",
      });
    }
    expect(await host.dump()).toBe(before);
    expect(readFileSync(path, "utf8")).toBe("old\n");
    expect((await host.run(["release", "run-p1"])).code).toBe(0);
    expect(await stateOf(host, "run-p1")).toBeUndefined();
    expect(readdirSync(host.dir).filter((name) => name.startsWith("."))).toEqual([]);
  });

  it("takes back by itself at the deadline, from armed and from switched", async () => {
    const host = await armed(2);
    const before = await host.dump();
    expect((await host.run(["switch", "run-p1"])).code).toBe(0);
    await until(async () => /reverted/.test(JSON.stringify(await stateOf(host, "run-p1"))), 5000);
    expect(await host.dump()).toBe(before);
    expect(readFileSync(join(host.dir, "interfaces"), "utf8")).toBe("old\n");
    expect(await host.run(["confirm", "run-p1"])).toEqual(refusal("record run-p1 is reverted"));
    await host.run(["release", "run-p1"]);
    await host.stage("run-p2", WIDEN);
    expect((await host.run(["arm", "run-p2", "1"])).code).toBe(0);
    await until(async () => /reverted/.test(JSON.stringify(await stateOf(host, "run-p2"))), 5000);
    expect(await host.dump()).toBe(before);
    await until(() => host.processes().length === 0, 3000);
  });

  it("counts an extended deadline from now", async () => {
    const host = await armed(2);
    expect((await host.run(["switch", "run-p1"])).code).toBe(0);
    expect((await host.run(["extend", "run-p1", "5"])).code).toBe(0);
    await sleep(3500);
    expect(await stateOf(host, "run-p1")).toMatchObject({ state: "switched" });
    await until(async () => /reverted/.test(JSON.stringify(await stateOf(host, "run-p1"))), 5000);
    expect(await host.run(["extend", "run-p1", "5"])).toEqual(refusal("record run-p1 is reverted"));
  });

  it("refuses what does not fit the record's state", async () => {
    const host = await open();
    for (const verb of ["switch", "confirm", "revert", "release"]) {
      expect(await host.run([verb, "run-p1"]), verb).toEqual(refusal("no record `run-p1` on this host"));
    }
    expect(await host.run(["arm", "run-p1", "60"])).toEqual(
      refusal("nothing is staged for run-p1: expected at least `forward` and `revert`"),
    );
    const other = await armed();
    expect(await other.run(["arm", "run-p1", "60"])).toEqual(refusal("already armed"));
    expect(await other.run(["stage", "run-p1", "forward"])).toEqual(refusal("record run-p1 is armed"));
    expect(await other.run(["confirm", "run-p1"])).toEqual(refusal("record run-p1 is armed"));
    expect(await other.run(["release", "run-p1"])).toEqual(
      refusal("record run-p1 is armed, and not over: confirm or revert it"),
    );
    await other.stage("run-p2", WIDEN);
    expect(await other.run(["arm", "run-p2", "60"])).toEqual(
      refusal("record run-p1 is armed: revert or confirm it first; nothing was changed"),
    );
    expect((await other.run(["revert", "run-p1"])).stdout).toBe("reverted run-p1 level 1\n");
    expect(await other.run(["switch", "run-p1"])).toEqual(refusal("record run-p1 is reverted"));
  });

  it("keeps the last twenty finished records", async () => {
    const host = await open();
    for (let number = 1; number <= 22; number += 1) {
      await host.run(["stage", `r-p${number}`, "forward"], "");
      await host.run(["stage", `r-p${number}`, "revert"], "");
      expect((await host.run(["arm", `r-p${number}`, "60"])).code).toBe(0);
      await host.run(["revert", `r-p${number}`]);
      expect((await host.run(["release", `r-p${number}`])).code).toBe(0);
    }
    expect(readdirSync(join(host.dir, "state/history"))).toHaveLength(20);
  });

  it.each([
    words("reboot"),
    words("ip", "netns", "exec", "x", "id"),
    words("ip", "-batch", "file"),
    words("ip", "addr"),
    words("sysctl", "-w", "kernel.panic=1"),
    words("sysctl", "-w", "net.ipv4.no_such_key=1"),
    words("sysctl", "-p", "net.ipv4.ip_forward=1"),
    words("service-stop", "--now"),
    words("service-stop", "a b"),
    words("eval", "x"),
  ])("arms no line that begins with %s %s", async (...line) => {
    const host = await open();
    await host.run(["stage", "r-p1", "forward"], `${line.join("\t")}\n`);
    await host.run(["stage", "r-p1", "revert"], "");
    const answer = await host.run(["arm", "r-p1", "60"]);
    expect(answer.code).toBe(3);
    expect(whyOf(answer.stdout)).toMatch(/^line 1: .*; nothing was changed$/);
    expect(readdirSync(join(host.dir, "state/records"))).toEqual([]);
    expect(host.processes()).toEqual([]);
  });

  it("flushes what is learnt and nothing that is permanent", async () => {
    const host = await open();
    await host.sh("ip neigh add 10.10.0.8 lladdr 02:00:00:00:00:08 dev e0 nud reachable");
    await host.sh("ip neigh add 10.42.1.8 lladdr 02:00:00:00:00:08 dev cni0 nud reachable");
    const before = await host.dump();
    expect(await host.run(["flush"])).toMatchObject({ code: 0 });
    const neighbours = await host.sh("ip neigh show");
    expect(neighbours).not.toContain("10.10.0.8");
    expect(neighbours).toContain("10.42.1.8");
    expect(await host.dump()).toBe(before);
  });

  it("refuses a text that did not arrive whole", async () => {
    const host = await open();
    const answer = await host.run(["stage", "r-p1", "forward", sha256("whole")], "who");
    expect(answer.code).toBe(3);
    expect(whyOf(answer.stdout)).toMatch(/^it did not arrive whole: /);
    expect(await host.run(["stage", "r-p1", "forward", sha256("whole")], "whole")).toMatchObject({ code: 0 });
  });
});

describe("Services that stand still in a record of their own", () => {
  it("stop, are verified, and start again, while another record changes the network", async () => {
    const host = await openHost(SHELLS[0] ?? { name: "sh", words: ["sh"], isBusybox: false });
    opened.push(host);
    const before = await host.dump();
    // A stand-in that keeps the state of units in files: real systemd is in systemd.lab.test.ts.
    writeFileSync(
      join(host.dir, "bin/systemctl"),
      `#!/bin/sh
for unit; do :; done
case $1 in
  start) touch ${host.dir}/$unit ;;
  stop) [ -e ${host.dir}/stubborn ] || rm -f ${host.dir}/$unit ;;
  is-active) [ -e ${host.dir}/$unit ] && { [ $2 = -q ] || echo active; exit 0; }; [ $2 = -q ] || echo inactive; exit 3 ;;
esac
`,
      { mode: 0o755 },
    );
    await host.sh(`touch ${host.dir}/k3s.service`);
    await host.stage("r-services", {
      forward: [
        ["service-stop", "k3s.service"],
        ["service-stop", "idle.service"],
      ],
      revert: [
        ["service-start", "idle.service"],
        ["service-start", "k3s.service"],
      ],
    });
    expect((await host.run(["arm", "r-services", "60"])).stdout).toMatch(/^armed r-services /);
    expect(await host.run(["switch", "r-services"])).toMatchObject({ stdout: "switched r-services\n" });
    expect(readdirSync(host.dir)).not.toContain("k3s.service");
    await host.stage("r-p1", WIDEN);
    for (const words of [
      ["arm", "r-p1", "60"],
      ["switch", "r-p1"],
      ["confirm", "r-p1"],
      ["release", "r-p1"],
    ]) {
      expect(await host.run(words), words.join(" ")).toMatchObject({ code: 0 });
    }
    const after = await host.dump();
    expect(await host.run(["revert", "r-services"])).toMatchObject({
      stdout: "reverted r-services level 1\n",
    });
    expect(readdirSync(host.dir)).toContain("k3s.service");
    expect(readdirSync(host.dir)).not.toContain("idle.service");
    expect(await host.dump()).toBe(after);
    expect(await host.run(["revert", "r-p1"])).toMatchObject({ code: 0 });
    expect(await host.dump()).toBe(before);

    await host.run(["release", "r-services"]);
    await host.sh(`touch ${host.dir}/stubborn`);
    await host.stage("r-services", {
      forward: [["service-stop", "k3s.service"]],
      revert: [["service-start", "k3s.service"]],
    });
    expect(await host.run(["arm", "r-services", "60"])).toMatchObject({ code: 0 });
    expect(await host.run(["switch", "r-services"])).toMatchObject({
      code: 4,
      stdout: "why line 1: service-stop k3s.service: k3s.service is active; taken back\n",
    });
  });
});
