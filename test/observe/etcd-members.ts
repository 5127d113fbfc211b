import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** Real etcd members, one in each namespace, with the timings of k3s. */
export interface EtcdMembers {
  readonly start: (name: string) => void;
  /** Resolves when the process is gone. */
  readonly kill: (name: string) => Promise<void>;
  readonly close: () => Promise<void>;
}

/** Members by name with their namespace and address; none of them runs yet. */
export function openEtcdMembers(
  members: Readonly<Record<string, { readonly namespace: string; readonly address: string }>>,
): EtcdMembers {
  const folder = mkdtempSync(join(tmpdir(), "ob-etcd-"));
  const running = new Map<string, ChildProcess>();
  const peers = Object.entries(members).map(([name, { address }]) => `${name}=http://${address}:2380`);

  const kill = async (name: string): Promise<void> => {
    const child = running.get(name);
    running.delete(name);
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
    const gone = once(child, "exit");
    child.kill("SIGKILL");
    await gone;
  };

  return {
    start: (name) => {
      const member = members[name];
      if (member === undefined) throw new Error(`no member ${name}`);
      const words = wordsOf(name, member.address, { folder, peers });
      // `ip netns exec` becomes the program that it starts, so the child is etcd itself.
      const child = spawn("ip", ["netns", "exec", member.namespace, ...words], { stdio: "ignore" });
      running.set(name, child);
    },
    kill,
    close: async () => {
      for (const name of [...running.keys()]) await kill(name);
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function wordsOf(
  name: string,
  address: string,
  { folder, peers }: { readonly folder: string; readonly peers: readonly string[] },
): readonly string[] {
  return [
    "etcd",
    `--name=${name}`,
    `--data-dir=${join(folder, name)}`,
    `--listen-peer-urls=http://${address}:2380`,
    `--initial-advertise-peer-urls=http://${address}:2380`,
    "--listen-client-urls=http://127.0.0.1:2379",
    "--advertise-client-urls=http://127.0.0.1:2379",
    "--listen-metrics-urls=http://127.0.0.1:2381",
    `--initial-cluster=${peers.join(",")}`,
    "--heartbeat-interval=500",
    "--election-timeout=5000",
    "--log-level=fatal",
  ];
}
