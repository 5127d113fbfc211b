import {
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { ensureRoot } from "#lab/index.js";

describe("ensureRoot", () => {
  it("gives two that want it at once the same whole root", async () => {
    const [first, second] = await Promise.all([ensureRoot(), ensureRoot()]);
    expect(first).toBe(second);
    for (const program of [
      "usr/bin/etcd",
      "usr/sbin/sshd",
      "usr/bin/nix-env",
      "usr/share/ifupdown2/sbin/start-networking",
      "usr/sbin/netplan",
    ]) {
      expect(existsSync(join(first, program)), program).toBe(true);
    }
  }, 600_000);

  it("leaves each host to be its own: no machine id, no host key, no name server", async () => {
    const root = await ensureRoot();
    expect(statSync(join(root, "etc/machine-id")).size).toBe(0);
    expect(statSync(join(root, "etc/resolv.conf")).size).toBe(0);
    expect(existsSync(join(root, "etc/ssh/ssh_host_ed25519_key"))).toBe(false);
    expect(lstatSync(join(root, "var/lib/dbus/machine-id")).isSymbolicLink()).toBe(true);
    expect(lstatSync(join(root, "etc/systemd/system/getty.target")).isSymbolicLink()).toBe(true);
  });

  it("has beside it a root of busybox that knows nothing of systemd", async () => {
    const root = await ensureRoot("busybox");
    expect(existsSync(join(root, "usr/sbin/sshd"))).toBe(true);
    expect(existsSync(join(root, "usr/lib/systemd"))).toBe(false);
    expect(existsSync(join(root, "bin/bash"))).toBe(false);
    expect(readFileSync(join(root, "etc/passwd"), "utf8")).toContain("root:x:0:0:root:/root:/bin/ash");
  });

  it("removes what an interrupted one has left, and says where the log of a failed one is", async () => {
    const cache = mkdtempSync(join(tmpdir(), "pointsman-lab-root-"));
    const path = process.env["PATH"];
    try {
      mkdirSync(join(cache, ".making-root-0/debian"), { recursive: true });
      // Nothing but a lock and a shell is found there, so the first program of the recipe is missing.
      const bin = join(cache, "bin");
      mkdirSync(bin);
      for (const name of ["flock", "sh", "cat", "apt-get", "dpkg"])
        symlinkSync(join("/usr/bin", name), join(bin, name));
      process.env["PATH"] = bin;
      await expect(ensureRoot("debian", cache)).rejects.toMatchObject({
        code: "failed",
        message: expect.stringContaining("step `debootstrap` failed (spawn debootstrap ENOENT)"),
        hint: expect.stringMatching(/^What its commands said is in `.*\/root-[0-9a-f]{12}\.log`; try again/),
      });
      expect(existsSync(join(cache, ".making-root-0"))).toBe(false);
    } finally {
      process.env["PATH"] = path;
      rmSync(cache, { recursive: true, force: true });
    }
  });
});
