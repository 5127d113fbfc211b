import { spawnSync } from "node:child_process";
import { existsSync, readdirSync } from "node:fs";
import { readSnapshot, renderOperation } from "#formats/iproute2/index.js";
import { type Host, hostId, type Operation } from "#model/index.js";

/** What the kernel answered to one operation: its words where it refused, and its state afterwards. */
export interface KernelAnswer {
  readonly refusal: string | null;
  readonly host: Host;
}

const FILES = ["addr", "route", "rule", "neigh", "proxy-neigh", "fdb"] as const;
const MARK = "=-=-=";

const SHOW = [
  "ip -j -d addr show",
  "ip -j -d route show table all",
  "ip -j rule show",
  "ip -j neigh show nud all",
  "ip -j neigh show proxy",
  "bridge -j fdb show",
  "grep -H . /proc/sys/net/ipv4/ip_forward /proc/sys/net/ipv4/conf/*/forwarding /proc/sys/net/ipv4/conf/*/promote_secondaries /proc/sys/net/ipv4/conf/*/rp_filter",
].join(`; echo "${MARK}"; `);

/** A host in a network namespace of its own. Its cables lead into a second namespace, where the other ends are up. */
export class KernelHost {
  readonly #name: string;

  constructor(name: string) {
    this.#name = name;
    const far = `${name}-x`;
    this.#outside(["netns", "add", name]);
    this.#outside(["netns", "add", far]);
    const batch = ["e0", "e1", "e2"].flatMap((link, index) => [
      `link add ${link} address 02:00:00:00:00:0${index + 1} type veth peer name ${link} netns ${far}`,
    ]);
    run([
      "ip",
      "netns",
      "exec",
      name,
      "sh",
      "-c",
      "echo 1 > /proc/sys/net/ipv6/conf/all/disable_ipv6; echo 1 > /proc/sys/net/ipv6/conf/default/disable_ipv6",
    ]);
    run([
      "ip",
      "netns",
      "exec",
      far,
      "sh",
      "-c",
      "echo 1 > /proc/sys/net/ipv6/conf/all/disable_ipv6; echo 1 > /proc/sys/net/ipv6/conf/default/disable_ipv6",
    ]);
    run(["ip", "-n", name, "-batch", "-"], `${batch.join("\n")}\n`);
    // The reader derives table local where it is empty, so it never is.
    // A table exists from its first route on, and the kernel's words for a missing route tell the two apart.
    run(
      ["ip", "-n", name, "-batch", "-"],
      "link set lo up\nroute add blackhole 203.0.113.0/24\nroute del blackhole 203.0.113.0/24\nroute add blackhole 203.0.113.1 table local\n",
    );
    run(["ip", "-n", far, "-batch", "-"], "link set e0 up\nlink set e1 up\nlink set e2 up\n");
  }

  /** Carries the operation out and reads the whole state back. */
  apply(operation: Operation | null): KernelAnswer {
    const command = operation === null ? "true" : renderOperation(operation);
    const result = run(["ip", "netns", "exec", this.#name, "sh", "-c", `${command} >&2; echo $?; ${SHOW}`]);
    const end = result.stdout.indexOf("\n");
    const status = result.stdout.slice(0, end);
    return {
      refusal: status === "0" ? null : result.stderr.trim(),
      host: this.#readState(result.stdout.slice(end + 1).split(`${MARK}\n`)),
    };
  }

  /** Removes both namespaces, with all that is in them. */
  remove(): void {
    spawnSync("ip", ["netns", "del", this.#name]);
    spawnSync("ip", ["netns", "del", `${this.#name}-x`]);
  }

  #outside(words: readonly string[]): void {
    run(["ip", ...words]);
  }

  #readState(parts: readonly string[]): Host {
    const files = new Map<string, string>(
      FILES.map((file, index) => [`hosts/h/${file}.json`, parts[index] ?? ""]),
    );
    files.set(
      "hosts/h/sysctl.txt",
      (parts[FILES.length] ?? "").replace(/^\/proc\/sys\/(\S+):(-?\d+)$/gm, "$1=$2"),
    );
    files.set("wiring.json", '{"segments": {}}');
    const reading = readSnapshot({
      read: (path) => files.get(path) ?? null,
      list: (folder) => [...files.keys()].filter((path) => path.startsWith(`${folder}/`)),
    });
    if (!reading.ok)
      throw new Error(`the reader refused the kernel's state: ${JSON.stringify(reading.error)}`);
    const host = reading.value.snapshot.hosts.get(hostId("h"));
    if (host === undefined) throw new Error("the reader lost the host");
    return host;
  }
}

const NAMESPACES = "/run/netns";

/** Removes what runs left behind whose process was killed before it could tidy up: namespaces that carry the number of no process. */
export function sweepNamespaces(): void {
  for (const name of existsSync(NAMESPACES) ? readdirSync(NAMESPACES) : []) {
    const owner = /^pmop(\d+)-/.exec(name)?.[1];
    if (owner !== undefined && !existsSync(`/proc/${owner}`)) spawnSync("ip", ["netns", "del", name]);
  }
}

function run(words: readonly string[], input?: string): { readonly stdout: string; readonly stderr: string } {
  const [program = "", ...rest] = words;
  const result = spawnSync(program, rest, { encoding: "utf8", ...(input === undefined ? {} : { input }) });
  if (result.error !== undefined || result.status === null)
    throw new Error(`${words.join(" ")}: ${result.stderr}`);
  if (input !== undefined && result.status !== 0) throw new Error(`${words.join(" ")}: ${result.stderr}`);
  return result;
}
