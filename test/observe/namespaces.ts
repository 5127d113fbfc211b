import { execFileSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { type HostId, hostId } from "#model/index.js";
import { openLabReach } from "#transport/index.js";

/** Hosts of a test: network namespaces on one switch, each with a link `e0`, removed with the network. */
export interface TestNetwork {
  /** The namespace of a host. */
  readonly namespaceOf: (host: string) => string;
  /** Runs a command in a host and gives what it printed; it has to end with 0. */
  readonly run: (host: string, ...words: readonly [string, ...string[]]) => string;
  readonly reach: ReturnType<typeof openLabReach>;
  readonly hosts: readonly HostId[];
  readonly close: () => Promise<void>;
}

/** What a host is made of: the addresses of `e0` with their prefix lengths, and whether it is a busybox alone. */
export interface TestHost {
  readonly addresses: readonly string[];
  readonly mac?: string;
  readonly kind?: "busybox";
}

/** Makes the network of these hosts. Needs root. */
export function openNetwork(hosts: Readonly<Record<string, TestHost>>): TestNetwork {
  const label = `ob-${randomBytes(3).toString("hex")}`;
  const namespaceOf = (host: string): string => `${label}-${host}`;
  const names = Object.keys(hosts);
  const folder = mkdtempSync(join(tmpdir(), "ob-root-"));
  const remove = (): void => {
    for (const name of [...names, "switch"]) deleteNamespace(namespaceOf(name));
    rmSync(folder, { recursive: true, force: true });
  };
  try {
    build(hosts, namespaceOf);
    const isBusybox = Object.values(hosts).some(({ kind }) => kind === "busybox");
    if (isBusybox) makeBusyboxRoot(folder);
  } catch (error) {
    remove();
    throw error;
  }
  const reach = openLabReach((host) => {
    const inside = ["ip", "netns", "exec", namespaceOf(host)] as const;
    return hosts[host]?.kind === "busybox"
      ? [...inside, "sh", "-c", CHROOT, "sh", folder]
      : [...inside, "sh"];
  });
  return {
    namespaceOf,
    run: (host, ...words) =>
      execFileSync("ip", ["netns", "exec", namespaceOf(host), ...words], {
        encoding: "utf8",
        stdio: ["ignore", "pipe", "pipe"],
        timeout: 60_000,
      }),
    reach,
    hosts: names.map(hostId),
    close: async () => {
      await reach.close();
      remove();
    },
  };
}

/** The mounts are seen by this process alone: `ip netns exec` has made it a mount namespace. */
const CHROOT = 'mount --rbind /sys "$1/sys" && mount -t proc proc "$1/proc" && exec chroot "$1" /bin/sh';

function build(hosts: Readonly<Record<string, TestHost>>, namespaceOf: (host: string) => string): void {
  const switchName = namespaceOf("switch");
  ip("netns", "add", switchName);
  ip("-n", switchName, "link", "add", "br0", "type", "bridge");
  ip("-n", switchName, "link", "set", "br0", "up");
  for (const [index, [name, { addresses, mac }]] of Object.entries(hosts).entries()) {
    const namespace = namespaceOf(name);
    const port = `p${index}`;
    ip("netns", "add", namespace);
    ip("-n", namespace, "link", "set", "lo", "up");
    ip("link", "add", "e0", "netns", namespace, "type", "veth", "peer", "name", port, "netns", switchName);
    ip("-n", namespace, "link", "set", "e0", "address", mac ?? `02:0b:00:00:00:${hex(index + 1)}`);
    ip("-n", switchName, "link", "set", port, "master", "br0", "up");
    ip("-n", namespace, "link", "set", "e0", "up");
    for (const address of addresses) ip("-n", namespace, "addr", "add", address, "brd", "+", "dev", "e0");
  }
}

function ip(...words: readonly string[]): void {
  execFileSync("ip", words, { stdio: ["ignore", "pipe", "pipe"], timeout: 20_000 });
}

function deleteNamespace(name: string): void {
  try {
    ip("netns", "del", name);
  } catch {
    // It was not made, or is gone.
  }
}

function hex(number: number): string {
  return number.toString(16).padStart(2, "0");
}

/** A root with nothing but busybox, as a small router has it. */
function makeBusyboxRoot(root: string): void {
  for (const folder of ["bin", "proc", "sys", "dev", "tmp"])
    mkdirSync(join(root, folder), { recursive: true });
  const program = execFileSync("sh", ["-c", "command -v busybox"], { encoding: "utf8" }).trim();
  const libraries = execFileSync("sh", ["-c", 'ldd "$1"', "sh", program], { encoding: "utf8" }).matchAll(
    /(\/\S+)/g,
  );
  for (const [library] of libraries) {
    mkdirSync(join(root, dirname(library)), { recursive: true });
    cpSync(library, join(root, library), { dereference: true });
  }
  cpSync(program, join(root, "bin/busybox"), { dereference: true });
  const applets = execFileSync(program, ["--list"], { encoding: "utf8" }).trim().split("\n");
  for (const applet of applets) if (applet !== "busybox") symlinkSync("busybox", join(root, "bin", applet));
}
