import { execFileSync } from "node:child_process";
import { chmodSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, describe, expect, it } from "vitest";
import { type PersistItem, whyOf } from "#rollout/index.js";
import { DASH, openHost, SHELLS, type ShellKind, sha256, type TestHost, until, WIDEN } from "./test-host.js";

const undo: (() => void)[] = [];

afterEach(() => {
  const failures: unknown[] = [];
  for (const step of undo.splice(0).reverse()) {
    try {
      step();
    } catch (failure) {
      failures.push(failure);
    }
  }
  expect(failures).toEqual([]);
});

async function open(
  shell: ShellKind = DASH,
  environment: Readonly<Record<string, string>> = {},
): Promise<TestHost> {
  const host = await openHost(shell, environment);
  undo.push(() => host.close());
  return host;
}

/** A small file system at `path`, gone with the test. */
function mountSmall(path: string, options: string): void {
  mkdirSync(path, { recursive: true });
  execFileSync("mount", ["-t", "tmpfs", "-o", options, "hp", path]);
  undo.push(() => execFileSync("umount", ["-l", path]));
}

function file(path: string, text: string, before: string | null): PersistItem {
  return { kind: "file", path, before: before === null ? null : sha256(before), text };
}

async function arm(host: TestHost, persist: readonly PersistItem[]): Promise<string> {
  await host.stage("run-p1", { ...WIDEN, persist });
  const answer = await host.run(["arm", "run-p1", "60"]);
  expect(answer.stderr).toBe("");
  return answer.code === 0 ? "" : whyOf(answer.stdout);
}

/** No record, no process, no file beside others, and the network as it was. */
async function expectNothingLeft(host: TestHost, before: string, folder: string): Promise<void> {
  expect(await host.dump()).toBe(before);
  await until(() => host.processes().length === 0, 3000);
  expect(readdirSync(join(host.dir, "state")).filter((name) => name.startsWith("arming"))).toEqual([]);
  expect(readdirSync(join(host.dir, "state/records"))).toEqual([]);
  expect(readdirSync(folder).filter((name) => name.startsWith("."))).toEqual([]);
}

describe.each(SHELLS)("Files under $name", (shell) => {
  it("keep owner and mode, come and go, and go back", async () => {
    const host = await open(shell);
    const at = (name: string): string => join(host.dir, name);
    writeFileSync(at("a"), "old a\n");
    chmodSync(at("a"), 0o604);
    execFileSync("chown", ["1:2", at("a")]);
    writeFileSync(at("c"), "old c\n");
    const items: PersistItem[] = [
      file(at("a"), "new a\n", "old a\n"),
      file(at("b"), "new b\n", null),
      { kind: "file-delete", path: at("c"), before: sha256("old c\n") },
      { kind: "check", platform: "networkd" },
    ];
    expect(await arm(host, items)).toBe("");
    expect(readFileSync(at("a"), "utf8")).toBe("old a\n");
    expect(await host.run(["switch", "run-p1"])).toMatchObject({ code: 0 });
    expect(await host.run(["confirm", "run-p1"])).toMatchObject({
      code: 0,
      stdout: "confirmed run-p1 persisted yes\nnote unchecked networkd\n",
    });
    expect(readFileSync(at("a"), "utf8")).toBe("new a\n");
    expect(statSync(at("a"))).toMatchObject({ uid: 1, gid: 2, mode: 0o100604 });
    expect(readFileSync(at("b"), "utf8")).toBe("new b\n");
    expect(statSync(at("b")).mode).toBe(0o100644);
    expect(readdirSync(host.dir)).not.toContain("c");
    expect(await host.run(["revert", "run-p1"])).toMatchObject({ code: 0 });
    expect(readFileSync(at("a"), "utf8")).toBe("old a\n");
    expect(statSync(at("a"))).toMatchObject({ uid: 1, gid: 2, mode: 0o100604 });
    expect(readFileSync(at("c"), "utf8")).toBe("old c\n");
    expect(readdirSync(host.dir)).not.toContain("b");
    expect(readdirSync(host.dir).filter((name) => name.startsWith("."))).toEqual([]);
  });

  it("that somebody changed after they were persisted are left as they are, and a person is asked for", async () => {
    const host = await open(shell);
    const path = join(host.dir, "a");
    writeFileSync(path, "old\n");
    expect(await arm(host, [file(path, "new\n", "old\n")])).toBe("");
    await host.run(["switch", "run-p1"]);
    expect(await host.run(["confirm", "run-p1"])).toMatchObject({ code: 0 });
    writeFileSync(path, "theirs\n");
    const answer = await host.run(["revert", "run-p1"]);
    expect(answer.code).toBe(4);
    expect(whyOf(answer.stdout)).toBe(
      `\`${path}\` was changed by somebody else after it was written; it is left as it is`,
    );
    expect(readFileSync(path, "utf8")).toBe("theirs\n");
    writeFileSync(path, "new\n");
    expect(await host.run(["revert", "run-p1"])).toMatchObject({ code: 0 });
    expect(readFileSync(path, "utf8")).toBe("old\n");
  });

  it("on a full disk are refused when armed, and nothing is left", async () => {
    const host = await open(shell);
    const folder = join(host.dir, "etc");
    mountSmall(folder, "size=64k");
    writeFileSync(join(folder, "interfaces"), "old\n");
    expect(() => writeFileSync(join(folder, "ballast"), "x".repeat(100_000))).toThrow(/ENOSPC/);
    const before = await host.dump();
    expect(await arm(host, [file(join(folder, "interfaces"), "new\n".repeat(5000), "old\n")])).toMatch(
      /No space left on device/,
    );
    await expectNothingLeft(host, before, folder);
  });

  it("on a read-only file system are refused when armed, and nothing is left", async () => {
    const host = await open(shell);
    const folder = join(host.dir, "etc");
    mountSmall(folder, "size=64k");
    writeFileSync(join(folder, "interfaces"), "old\n");
    execFileSync("mount", ["-o", "remount,ro", folder]);
    const before = await host.dump();
    expect(await arm(host, [file(join(folder, "interfaces"), "new\n", "old\n")])).toMatch(
      /Read-only file system/,
    );
    await expectNothingLeft(host, before, folder);
  });

  it("with the state directory full: arming is refused, and what is armed is taken back all the same", async () => {
    const host = await open(shell);
    const state = join(host.dir, "state");
    mountSmall(state, "size=256k");
    const before = await host.dump();
    expect(await arm(host, [])).toBe("");
    expect(await host.run(["switch", "run-p1"])).toMatchObject({ code: 0 });
    expect(() => writeFileSync(join(state, "ballast"), "x".repeat(500_000))).toThrow(/ENOSPC/);
    expect(await host.run(["revert", "run-p1"])).toMatchObject({
      code: 0,
      stdout: "reverted run-p1 level 1\n",
    });
    expect(await host.dump()).toBe(before);
    expect(await host.run(["release", "run-p1"])).toMatchObject({ code: 0 });
    const staged = await host.run(["stage", "run-p2", "forward"], "ip\tlink\tset\tdev\te0\tup\n");
    expect(staged.code).toBe(3);
    expect(whyOf(staged.stdout)).toMatch(/No space left/);
  });

  it("with the state directory read-only: the dead-man takes back all the same, and says that it could not note it", async () => {
    const host = await open(shell);
    const state = join(host.dir, "state");
    mountSmall(state, "size=256k");
    const before = await host.dump();
    expect(await arm(host, [])).toBe("");
    expect(await host.run(["switch", "run-p1"])).toMatchObject({ code: 0 });
    execFileSync("mount", ["-o", "remount,ro", state]);
    const answer = await host.run(["revert", "run-p1"]);
    expect(answer.code).toBe(4);
    expect(whyOf(answer.stdout)).toBe("the state directory cannot be written");
    expect(await host.dump()).toBe(before);
    execFileSync("mount", ["-o", "remount,rw", state]);
    expect(await host.run(["revert", "run-p1"])).toMatchObject({ code: 0 });
    expect(await host.dump()).toBe(before);
  });

  it.each([
    ["a symbolic link", (path: string): string => path, "is not a plain file"],
    ["a path with `..`", (path: string): string => `${path}/../x`, "is not the path of a file"],
    ["a relative path", (): string => "etc/x", "is not the path of a file"],
    ["a path with a line feed", (path: string): string => `${path}\nx`, "is not the path of a file"],
    ["a folder that is not there", (path: string): string => `${path}.d/x`, "cannot be prepared"],
  ])("of %s are refused", async (_, pathOf, words) => {
    const host = await open(shell);
    const path = join(host.dir, "link");
    await host.sh(`ln -s /etc/hostname '${path}'`);
    expect(await arm(host, [file(pathOf(path), "new\n", null)])).toContain(words);
  });

  it("that are not as they were planned are refused", async () => {
    const host = await open(shell);
    const path = join(host.dir, "a");
    writeFileSync(path, "other\n");
    for (const before of ["old\n", null]) {
      expect(await arm(host, [file(path, "new\n", before)])).toContain(
        "is not as it was when the change was planned",
      );
    }
  });

  it("of a path with every character but control ones and a backslash are written there and nowhere else", async () => {
    const host = await open(shell);
    const name = "-rf $(touch x) `touch y`;*?[a]'\"&|<>#~ üñ";
    const path = join(host.dir, name);
    writeFileSync(path, "old\n");
    const names = readdirSync(host.dir).toSorted();
    expect(await arm(host, [file(path, "new\n", "old\n")])).toBe("");
    await host.run(["switch", "run-p1"]);
    expect(await host.run(["confirm", "run-p1"])).toMatchObject({ code: 0 });
    expect(readFileSync(path, "utf8")).toBe("new\n");
    await host.run(["revert", "run-p1"]);
    await host.run(["release", "run-p1"]);
    expect(readFileSync(path, "utf8")).toBe("old\n");
    expect(readdirSync(host.dir).toSorted()).toEqual(names);
  });

  it("that the platform's tool refuses go back, the record says so, and a later confirm does the rest", async () => {
    const host = await open(shell);
    const path = join(host.dir, "network");
    writeFileSync(path, "old\n");
    const uci = `#!/bin/sh\ncase $* in changes) cat ${host.dir}/changes ;; *) grep -q '^new' ${path} && [ -e ${host.dir}/strict ] && { echo 'uci: Parse error' >&2; exit 1; }; exit 0 ;; esac\n`;
    writeFileSync(join(host.dir, "bin/uci"), uci, { mode: 0o755 });
    writeFileSync(join(host.dir, "changes"), "network.lan.ipaddr='1.2.3.4'\n");
    const items: PersistItem[] = [file(path, "new\n", "old\n"), { kind: "check", platform: "uci" }];
    expect(await arm(host, items)).toMatch(/^`uci changes` is not empty: somebody else is at work/);
    writeFileSync(join(host.dir, "changes"), "");
    expect(await arm(host, items)).toBe("");
    await host.run(["switch", "run-p1"]);
    writeFileSync(join(host.dir, "strict"), "");
    const answer = await host.run(["confirm", "run-p1"]);
    expect(answer.code).toBe(4);
    expect(whyOf(answer.stdout)).toBe(
      "confirmed, and not persisted: uci does not understand what was written: uci: Parse error",
    );
    expect(readFileSync(path, "utf8")).toBe("old\n");
    expect((await host.run(["status"])).stdout).toMatch(
      /record run-p1 confirmed rebooted no left - persisted failed note not persisted: uci/,
    );
    expect(whyOf((await host.run(["release", "run-p1"])).stdout)).toMatch(/not all of it is persisted/);
    await host.sh(`rm ${host.dir}/strict`);
    expect(await host.run(["confirm", "run-p1"])).toMatchObject({
      stdout: "confirmed run-p1 persisted yes\n",
    });
    expect(readFileSync(path, "utf8")).toBe("new\n");
  });

  it("are no failure while they are being written, and no line of them is told where netplan refuses it", async () => {
    const host = await open(shell);
    const path = join(host.dir, "99-test.yaml");
    writeFileSync(path, "old\n");
    const words = `${path}:3:5: Error in network definition: unknown key 'x'`;
    const netplan = `#!/bin/sh\ntouch ${host.dir}/asked\nuntil [ -e ${host.dir}/answer ]; do sleep 0.1; done\nprintf '%s\\n' "${words}" '  password: hunter2' '  ^' >&2\nexit 1\n`;
    writeFileSync(join(host.dir, "bin/netplan"), netplan, { mode: 0o755 });
    // The check copies the machine's own folder, which may be missing here.
    writeFileSync(
      join(host.dir, "bin/cp"),
      '#!/bin/sh\ncase $* in *"/etc/netplan "*) ;; *) exec /bin/cp "$@" ;; esac\n',
      {
        mode: 0o755,
      },
    );
    expect(await arm(host, [file(path, "new\n", "old\n"), { kind: "check", platform: "netplan" }])).toBe("");
    await host.run(["switch", "run-p1"]);
    const confirming = host.start(["confirm", "run-p1"]);
    await until(() => readdirSync(host.dir).includes("asked"), 10_000);
    expect((await host.run(["status"])).stdout).toMatch(/record run-p1 confirmed .* persisted no note$/m);
    writeFileSync(join(host.dir, "answer"), "");
    const answer = await confirming.answer;
    expect(answer.code).toBe(4);
    expect(whyOf(answer.stdout)).toBe(`confirmed, and not persisted: ${words}`);
    const status = (await host.run(["status"])).stdout;
    expect(status).toMatch(/record run-p1 confirmed .* persisted failed note not persisted/);
    expect(status).not.toContain("hunter2");
    expect(readFileSync(path, "utf8")).toBe("old\n");
  });

  it.each(["$(id>x)", "a;b", "-rf", "*", "x?[a]", "`id`", "é".repeat(7), "'\"&|<>"])(
    "stay away from the words of a link named %s",
    async (name) => {
      const host = await open(shell);
      const quoted = name.replaceAll("'", "'\\''");
      // iproute2 refuses some names that the kernel takes: rename through netlink as busybox does it.
      await host.sh(
        `ip link add q0 type bridge; ip link set q0 up; ip link set q0 down; busybox ip link set q0 name '${quoted}'`,
      );
      const before = await host.dump();
      await host.stage("run-p1", {
        forward: [
          ["ip", "addr", "add", "10.5.0.1/24", "dev", name],
          ["ip", "link", "set", "dev", name, "up"],
          ["ip", "route", "add", "10.6.0.0/16", "via", "10.5.0.9", "dev", name],
          ["sysctl", "-w", `net.ipv4.conf.${name}.rp_filter=1`],
        ],
        revert: [],
      });
      const names = readdirSync(host.dir);
      expect(await host.run(["arm", "run-p1", "60"])).toMatchObject({ code: 0, stderr: "" });
      expect(await host.run(["switch", "run-p1"])).toMatchObject({ code: 0, stderr: "" });
      expect(await host.run(["revert", "run-p1"])).toMatchObject({ stdout: "reverted run-p1 level 2\n" });
      expect(await host.dump()).toBe(before);
      expect(await host.run(["flush"])).toMatchObject({ code: 0 });
      expect(readdirSync(host.dir)).toEqual(names);
    },
  );
});

describe("A NixOS system", () => {
  it("is pinned when armed, becomes profile and boot entry when confirmed, and goes back", async () => {
    const inStore: ShellKind = {
      ...DASH,
      words: [
        "unshare",
        "-m",
        "sh",
        "-c",
        'mount --bind "$POINTSMAN_STATE/../nix" /nix && exec dash "$@"',
        "-",
      ],
    };
    const host = await open(inStore, { NIX_REMOTE: "" });
    const nix = join(host.dir, "nix");
    mkdirSync(nix);
    const inside = (script: string): string =>
      execFileSync("unshare", ["-m", "sh", "-ec", `mount --bind ${nix} /nix; ${script}`], {
        encoding: "utf8",
        env: { ...process.env, NIX_REMOTE: "" },
      }).trim();
    const [old = "", wanted = "", third = ""] = ["old", "wanted", "third"].map((name) => {
      const folder = join(host.dir, `nixos-${name}`, "bin");
      mkdirSync(folder, { recursive: true });
      writeFileSync(join(folder, "switch-to-configuration"), '#!/bin/sh\necho "$0 $1" >/nix/boots\n', {
        mode: 0o755,
      });
      return inside(`nix-store --add ${join(host.dir, `nixos-${name}`)} 2>/dev/null`);
    });
    inside(`nix-env -p /nix/var/nix/profiles/system --set ${old} 2>&1`);
    const current = (): string => inside("readlink -f /nix/var/nix/profiles/system");

    expect(
      await arm(host, [{ kind: "nixos-system", system: "/nix/store/00000000000000000000000000000000-no" }]),
    ).toMatch(/is not on this host: copy it there first/);
    expect(await arm(host, [{ kind: "nixos-system", system: wanted }])).toBe("");
    expect(current()).toBe(old);
    inside("nix-store --gc 2>/dev/null >&2");
    expect(inside(`ls -d ${wanted} ${old}`)).toBe(`${wanted}\n${old}`);
    expect(inside(`ls -d ${third} 2>/dev/null || echo gone`)).toBe("gone");

    await host.run(["switch", "run-p1"]);
    expect(await host.run(["confirm", "run-p1"])).toMatchObject({
      stdout: "confirmed run-p1 persisted yes\n",
    });
    expect(current()).toBe(wanted);
    expect(inside("cat /nix/boots")).toBe(`${wanted}/bin/switch-to-configuration boot`);
    expect(await host.run(["revert", "run-p1"])).toMatchObject({ stdout: "reverted run-p1 level 1\n" });
    expect(current()).toBe(old);
    expect(inside("cat /nix/boots")).toBe(`${old}/bin/switch-to-configuration boot`);
    expect(await host.run(["release", "run-p1"])).toMatchObject({ code: 0 });
    expect(readdirSync(join(host.dir, "state/gc"))).toEqual([]);
  });
});
