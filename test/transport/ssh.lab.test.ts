import { spawnSync } from "node:child_process";
import { chmodSync, existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { hostId } from "#model/index.js";
import type { HostSession, Unreachable } from "#rollout/index.js";
import { openSshReach, type Reach, type SshReachOptions, sudoersFor } from "#transport/index.js";
import { livingOf, pidsIn, shellPid } from "../contract/session-contract.js";
import { ADDRESS, SshNetwork, USER } from "./ssh-network.js";

const HOST = hostId("alpha");
const TIMEOUT_MS = 20_000;

describe("sessions over SSH", { timeout: 120_000 }, () => {
  let network: SshNetwork;
  const reaches: Reach[] = [];

  const reachOf = (destination: string, more: Partial<SshReachOptions> = {}): Reach => {
    const reach = openSshReach({ ...network.reachOptions(destination), ...more });
    reaches.push(reach);
    return reach;
  };
  const refusalOf = async (reach: Reach, purpose: "probe" | "change" = "probe"): Promise<Unreachable> => {
    const opened = await reach.open(HOST, purpose);
    if (opened.ok) throw new Error("Expected no session.");
    return opened.error;
  };
  const sessionOf = async (reach: Reach, purpose: "probe" | "change" = "probe"): Promise<HostSession> => {
    const opened = await reach.open(HOST, purpose);
    if (!opened.ok) throw new Error(opened.error.why);
    return opened.value;
  };
  const said = async (session: HostSession, script: string): Promise<string> => {
    const answer = await session.run({ words: ["sh", "-c", script], timeoutMs: TIMEOUT_MS });
    return answer.kind === "ended" ? answer.stdout.trim() : answer.kind;
  };
  const serverAddress = "echo $SSH_CONNECTION | cut -d' ' -f3";

  beforeAll(async () => {
    network = new SshNetwork();
    await network.serve("s", "server");
    await network.serve("j", "jump");
  });
  afterEach(async () => {
    for (const reach of reaches.splice(0)) await reach.close();
    network.configure([]);
    network.know({ [ADDRESS.server]: "server", [ADDRESS.jump]: "jump" });
  });
  afterAll(async () => {
    await network.remove();
  });

  it("leaves no process here, on the host or on the way when it is closed, also while a command runs", async () => {
    network.know({ [ADDRESS.jump]: "jump", [ADDRESS.serverBehindJump]: "server" });
    network.configure([
      "Host behind",
      `  HostName ${ADDRESS.serverBehindJump}`,
      `  ProxyJump root@${ADDRESS.jump}:${network.port}`,
    ]);
    const reach = reachOf("behind");
    const [probe, change] = [await sessionOf(reach), await sessionOf(reach, "change")];
    expect(await said(probe, "echo on")).toBe("on");
    const running = change.run({ words: ["sh", "-c", "sleep 300 & sleep 301"], timeoutMs: 300_000 });
    await sleep(500);
    expect((await network.strangers()).length).toBeGreaterThan(8);
    await reach.close();
    expect(await running).toMatchObject({ kind: "lost" });
    expect(await network.strangers()).toEqual([]);
  });

  describe("host keys", () => {
    it("refuses a host whose key nobody knows", async () => {
      network.know({});
      expect(await refusalOf(reachOf(ADDRESS.server))).toMatchObject({
        kind: "host-key",
        why: `Expected a host key of \`alpha\` in \`known_hosts\`, found none: \`No ED25519 host key is known for [${ADDRESS.server}]:${network.port} and you have requested strict checking.\`.`,
      });
    });

    it("takes and keeps an unknown key where the caller accepts new ones, and no other later", async () => {
      network.know({});
      const accepting = { acceptsNewHostKeys: true };
      await sessionOf(reachOf(ADDRESS.server, accepting));
      expect(readFileSync(network.path("known_hosts"), "utf8")).toContain(
        `[${ADDRESS.server}]:${network.port} `,
      );
      await sessionOf(reachOf(ADDRESS.server));
      network.know({ [ADDRESS.server]: "server-new" });
      expect(await refusalOf(reachOf(ADDRESS.server, accepting))).toMatchObject({
        kind: "host-key",
        why: "Expected the host key of `alpha` that is known, found another one.",
      });
    });

    it("is as strict with a host on the way", async () => {
      network.know({ [ADDRESS.server]: "server" });
      network.configure([
        `Host ${ADDRESS.server}`,
        `  ProxyJump ${ADDRESS.jump}`,
        "  StrictHostKeyChecking no",
      ]);
      expect(await refusalOf(reachOf(ADDRESS.server))).toMatchObject({ kind: "host-key" });
    });
  });

  describe("the way to a host", () => {
    it("leads through the jump host that the user's configuration names", async () => {
      network.know({ [ADDRESS.jump]: "jump", "10.98.0.2": "server" });
      network.configure([
        "Host behind",
        `  HostName ${ADDRESS.serverBehindJump}`,
        `  ProxyJump root@${ADDRESS.jump}:${network.port}`,
      ]);
      const session = await sessionOf(reachOf("behind"));
      expect(await said(session, "echo $SSH_CONNECTION | cut -d' ' -f1,3")).toBe("10.98.0.4 10.98.0.2");
    });

    it("leads through two hosts, one named by the other's own configuration", async () => {
      network.know({ [ADDRESS.jump]: "jump", "10.98.0.2": "server", [ADDRESS.server]: "server" });
      network.configure([
        "Host end",
        `  HostName ${ADDRESS.serverBehindJump}`,
        "  ProxyJump middle",
        "Host middle",
        `  HostName ${ADDRESS.jump}`,
        `  ProxyJump ${ADDRESS.server}`,
      ]);
      const session = await sessionOf(reachOf("end"));
      expect(await said(session, "echo $SSH_CONNECTION | cut -d' ' -f1")).toBe("10.98.0.4");
    });

    it("stays what the name meant at the start", async () => {
      network.know({ "alpha.example": "server" });
      const meanings = [[ADDRESS.server], [ADDRESS.nobody]];
      const reach = reachOf("alpha.example", { lookUp: async () => meanings.shift() ?? [] });
      expect(await said(await sessionOf(reach), serverAddress)).toBe(ADDRESS.server);
      expect(await said(await sessionOf(reach, "change"), serverAddress)).toBe(ADDRESS.server);
      expect(meanings).toHaveLength(1);
    });

    it("leads to the other addresses of a host that was renumbered, by the key of its name", async () => {
      network.know({ "alpha.example": "server" });
      const lookUp = async (): Promise<readonly string[]> => [ADDRESS.server];
      const reach = reachOf("alpha.example", { lookUp, addressesOf: () => [ADDRESS.serverToo] });
      expect(await said(await sessionOf(reach, "change"), serverAddress)).toBe(ADDRESS.server);
      network.at("s", ["ip", "address", "del", `${ADDRESS.server}/24`, "dev", "e0"]);
      try {
        network.at("s", ["ip", "address", "replace", `${ADDRESS.serverToo}/24`, "dev", "e0"]);
        expect(await said(await sessionOf(reach, "change"), serverAddress)).toBe(ADDRESS.serverToo);
      } finally {
        network.at("s", ["ip", "address", "replace", `${ADDRESS.server}/24`, "dev", "e0"]);
        network.at("s", ["ip", "address", "replace", `${ADDRESS.serverToo}/24`, "dev", "e0"]);
      }
      const started = performance.now();
      expect(await said(await sessionOf(reach, "change"), serverAddress)).toBe(ADDRESS.serverToo);
      expect(performance.now() - started).toBeLessThan(2000);
    });

    it("does not take another machine at an old address for the host, and goes on to the next", async () => {
      network.know({ "alpha.example": "server" });
      const lookUp = async (): Promise<readonly string[]> => [ADDRESS.jump];
      const reach = reachOf("alpha.example", { lookUp, addressesOf: () => [ADDRESS.server] });
      expect(await said(await sessionOf(reach), serverAddress)).toBe(ADDRESS.server);
      expect(
        await refusalOf(reachOf("alpha.example", { lookUp, addressesOf: () => [ADDRESS.nobody] })),
      ).toMatchObject({
        kind: "host-key",
        why: expect.stringMatching(
          /found another one\. At `10\.99\.0\.99`: Expected a (?:connection|way) to `alpha`/,
        ),
      });
    });

    it("is a connection of its own for each session, whatever the user's configuration shares", async () => {
      network.configure(["ControlMaster auto", `ControlPath ${network.path("master")}`, "ControlPersist 60"]);
      const reach = reachOf(ADDRESS.server);
      const ports = [await sessionOf(reach, "change"), await sessionOf(reach, "change")].map((session) =>
        said(session, "echo $SSH_CONNECTION | cut -d' ' -f2"),
      );
      expect(new Set(await Promise.all(ports)).size).toBe(2);
      expect(existsSync(network.path("master"))).toBe(false);
    });
  });

  describe("a host without a session", () => {
    it.each([
      [
        "nobody at the address",
        ADDRESS.nobody,
        /^(?:timed-out|unreachable)$/,
        /Expected a (?:connection|way) to `alpha`, found `ssh: connect to host 10\.99\.0\.99 port \d+: (?:No route to host|Connection timed out)`/,
      ],
      [
        "a port where nobody listens",
        `ssh://root@${ADDRESS.server}:9`,
        /^refused$/,
        /Expected an SSH server on `alpha`, found `ssh: connect to host 10\.99\.0\.2 port 9: Connection refused`/,
      ],
      [
        "a user who may not log in",
        `no-such-user@${ADDRESS.server}`,
        /^refused$/,
        /Expected to log in to `alpha` without a password, found `no-such-user@10\.99\.0\.2: Permission denied \(publickey\)\.`/,
      ],
      [
        "a name without an address",
        "no.such.name.invalid",
        /^unreachable$/,
        /Expected a name with an address for `alpha`, found `ssh: Could not resolve hostname no\.such\.name\.invalid/,
      ],
    ])("says why: %s", async (_, destination, kind, why) => {
      const refusal = await refusalOf(reachOf(destination));
      expect(refusal.kind).toMatch(kind);
      expect(refusal.why).toMatch(why);
      expect(refusal.hint).not.toBe("");
    });

    it.each(["-oProxyCommand=false", "root@-x", "a$(touch /tmp/tr-hostile)", "a b", "a'b", "a;b", "a\nb"])(
      "hands the destination %j to nobody",
      async (destination) => {
        network.configure(['Match exec "touch /tmp/tr-hostile; false # %h"']);
        expect((await refusalOf(reachOf(destination))).why).toBe(
          `Expected a destination of \`alpha\` that ssh and the commands of its configuration can take, found \`${destination}\`.`,
        );
        expect(existsSync("/tmp/tr-hostile")).toBe(false);
      },
    );

    it("says why: a configuration that OpenSSH does not read, and none at all", async () => {
      network.configure(["NoSuchOption yes"]);
      expect(await refusalOf(reachOf(ADDRESS.server))).toMatchObject({
        why: expect.stringMatching(
          /^Expected an SSH configuration that OpenSSH reads for `alpha`, found `.*nosuchoption/i,
        ),
      });
      expect(await refusalOf(reachOf(ADDRESS.server, { configFile: network.path("none") }))).toMatchObject({
        why: expect.stringMatching(
          /^Expected an SSH configuration that OpenSSH reads for `alpha`, found `Can't open/,
        ),
      });
      expect(await refusalOf(reachOf("", { destinationOf: () => null }))).toMatchObject({
        why: "Expected `ssh` of `alpha` in the fleet file, found none.",
      });
    });

    it("says why: a circle of jump hosts", async () => {
      network.configure(["Host a", "  ProxyJump b", "Host b", "  ProxyJump a"]);
      expect(await refusalOf(reachOf("a"))).toMatchObject({
        why: "Expected at most `8` hosts on the way to `alpha`, found more.",
      });
    });
  });

  describe("a host that goes away", () => {
    it("is lost within the alive interval, and has a session again when it is back", async () => {
      const reach = reachOf(ADDRESS.server);
      const session = await sessionOf(reach, "change");
      const running = session.run({ words: ["sleep", "300"], timeoutMs: 300_000 });
      await sleep(500);
      network.at("s", ["ip", "link", "set", "e0", "down"]);
      const started = performance.now();
      try {
        expect(await running).toEqual({
          kind: "lost",
          why: `The session ended before the answer was whole: \`Timeout, server ${ADDRESS.server} not responding\`.`,
        });
        expect(performance.now() - started).toBeLessThan(8000);
      } finally {
        network.at("s", ["ip", "link", "set", "e0", "up"]);
      }
      await session.close();
      expect(await said(await sessionOf(reach, "change"), "echo back")).toBe("back");
    });

    it("times a command out when it cannot be told to end it", async () => {
      const session = await sessionOf(reachOf(ADDRESS.server, { aliveSeconds: 30 }), "change");
      network.at("s", ["ip", "link", "set", "e0", "down"]);
      const started = performance.now();
      try {
        const answer = await session.run({ words: ["true"], timeoutMs: 1000 });
        expect(answer).toEqual({ kind: "timed-out", afterMs: 1000 });
        expect(performance.now() - started).toBeLessThan(5000);
        expect(await session.run({ words: ["true"], timeoutMs: 1000 })).toEqual({
          kind: "unreachable",
          why: "A command had not ended after 1 s, and the host did not say that it could be killed; the session was closed.",
        });
        await session.close();
      } finally {
        network.at("s", ["ip", "link", "set", "e0", "up"]);
      }
    });
  });

  it("lets a command use up its time when the controller is gone, and ends it then", async () => {
    const reach = reachOf(ADDRESS.server);
    const [watching, left] = [await sessionOf(reach), await sessionOf(reach, "change")];
    const shell = await shellPid(left);
    const file = network.path("pids");
    const running = left.run({ words: ["sh", "-c", `echo $$ >${file}; sleep 324`], timeoutMs: 3000 });
    await sleep(600);
    process.kill(youngestClient(), "SIGKILL");
    expect(await running).toMatchObject({ kind: "lost" });
    const pids = await pidsIn(watching, file);
    expect(pids).toHaveLength(1);
    expect(await livingOf(pids)).toEqual(pids);
    await sleep(4000);
    expect(await livingOf([shell, ...pids])).toEqual([]);
  });

  describe("a user who is not root", () => {
    const sudoers = sudoersFor(USER);

    it("has a probe session, and no change session without a word from the sudoers file", async () => {
      const reach = reachOf(`${USER}@${ADDRESS.server}`);
      expect(await said(await sessionOf(reach), "id -un")).toBe(USER);
      expect(await refusalOf(reach, "change")).toEqual({
        kind: "refused",
        why: "Expected to run the host program on `alpha` as root, found that the user is not root and sudo refuses: `sudo: a password is required`.",
        hint: "Connect as root, or let the user do so with what `pointsman init --sudoers USER` prints.",
      });
    });

    it("has a sudoers file that visudo finds right", () => {
      const file = network.path("sudoers-to-check");
      writeFileSync(file, sudoers.ok ? sudoers.value : "", { mode: 0o440 });
      const checked = spawnSync("visudo", ["-c", "-s", "-f", file], { encoding: "utf8" });
      expect([checked.status, checked.stdout]).toEqual([0, `${file}: parsed OK\n`]);
    });

    describe("with the sudoers file", () => {
      let change: HostSession;

      beforeAll(async () => {
        await network.stopServers();
        await network.serve("s", "server", { sudoers: sudoers.ok ? sudoers.value : "" });
        await network.serve("j", "jump");
        const root = await sessionOf(reachOf(ADDRESS.server), "change");
        const program =
          'echo "$(id -u) $*"; [ "$1" != stage ] || cat; if [ "$1" = switch ]; then sleep 300 & echo $$ $! >"$2"; wait; fi';
        await root.run({
          words: ["sh", "-c", "umask 077; cat >/var/lib/pointsman/pointsman-host; chmod 755 /var/lib"],
          input: program,
          timeoutMs: TIMEOUT_MS,
        });
        chmodSync(network.folder, 0o777);
      });

      const host = (...args: readonly string[]): Parameters<HostSession["run"]>[0] => ({
        words: ["sh", "/var/lib/pointsman/pointsman-host", ...args],
        timeoutMs: TIMEOUT_MS,
      });

      it("runs the host program as root, with its words and its input as they are", async () => {
        change = await sessionOf(reachOf(`${USER}@${ADDRESS.server}`), "change");
        expect(await change.run(host("version"))).toEqual({
          kind: "ended",
          code: 0,
          stdout: "0 version\n",
          stderr: "",
        });
        const hostile = "$(id) ; * ' \" \\ \n -rf";
        expect(await change.run({ ...host("stage", "run-p1", hostile), input: "in\nput" })).toMatchObject({
          code: 0,
          stdout: `0 stage run-p1 ${hostile}\nin\nput`,
        });
      });

      it.each([
        [["sh", "-c", "id"]],
        [["id"]],
        [["sh", "/var/lib/pointsman/pointsman-host", "expire", "run-p1"]],
        [["sh", "/var/lib/pointsman/pointsman-host"]],
        [["sh", "/var/lib/pointsman/../pointsman/pointsman-host", "version"]],
        [["sh", "-x", "/var/lib/pointsman/pointsman-host", "version"]],
        [["sh", "/tmp/evil", "/var/lib/pointsman/pointsman-host", "version"]],
        [["/bin/bash", "/var/lib/pointsman/pointsman-host", "version"]],
      ] as const)("may not run %j", async (words) => {
        change = await sessionOf(reachOf(`${USER}@${ADDRESS.server}`), "change");
        expect(await change.run({ words, timeoutMs: TIMEOUT_MS })).toMatchObject({
          kind: "ended",
          code: 1,
          stdout: "",
          stderr: expect.stringContaining("sudo:"),
        });
      });

      it("has what runs as root ended in time, with its children", async () => {
        change = await sessionOf(reachOf(`${USER}@${ADDRESS.server}`), "change");
        const root = await sessionOf(reachOf(ADDRESS.server), "change");
        const file = network.path("root-pids");
        const started = performance.now();
        expect(await change.run({ ...host("switch", file), timeoutMs: 1000 })).toEqual({
          kind: "timed-out",
          afterMs: 1000,
        });
        expect(performance.now() - started).toBeLessThan(4500);
        const pids = await pidsIn(root, file);
        expect(pids).toHaveLength(2);
        expect(await livingOf(pids)).toEqual([]);
        expect(await change.run(host("version"))).toMatchObject({ kind: "ended", code: 0 });
      });
    });
  });

  it("tries again, by chance, when the server drops logins because too many wait", async () => {
    await network.stopServers();
    await network.serve("s", "server", { options: ["MaxStartups 2:100:2"] });
    const reach = reachOf(ADDRESS.server);
    const opened = await Promise.all(Array.from({ length: 12 }, () => reach.open(HOST, "change")));
    expect(opened.map(({ ok }) => ok)).toEqual(Array.from({ length: 12 }, () => true));
    expect(network.log("s")).toMatch(/past MaxStartups|drop connection/);
  });
});

/** The ssh that this process started last. */
function youngestClient(): number {
  const clients = readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .map((name) => ({
      pid: Number(name),
      words: proc(name, "cmdline"),
      fields: proc(name, "stat")
        .replace(/^.*\) /s, "")
        .split(" "),
    }))
    .filter(({ words, fields }) => fields[1] === String(process.pid) && words.includes("exec sh"))
    .toSorted((a, b) => Number(a.fields[19]) - Number(b.fields[19]) || a.pid - b.pid);
  const last = clients.at(-1);
  if (last === undefined) throw new Error("There is no client.");
  return last.pid;
}

function proc(pid: string, file: string): string {
  try {
    return readFileSync(`/proc/${pid}/${file}`, "utf8");
  } catch {
    return "";
  }
}
