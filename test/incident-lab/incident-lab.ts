import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type FlowWatch, openWholeNetwork, specifyLab, watchFlows } from "#app/index.js";
import {
  installSystem,
  type LabPlaces,
  type LabSpecification,
  labDown,
  labExec,
  labUp,
  labWords,
  openLab,
} from "#lab/index.js";
import { hostId } from "#model/index.js";
import { type Ended, type Started, start } from "./start.js";

const ROOT = new URL("../..", import.meta.url).pathname;
const EXAMPLE = join(ROOT, "examples", "inc-0004");

/** The members of the cluster, with the address of each. */
export const NODES = [
  ["nl-k8s-01", "10.10.0.2"],
  ["nl-k8s-02", "10.10.0.4"],
  ["nl-k8s-03", "10.10.0.5"],
  ["nl-k8s-04", "10.10.0.3"],
] as const;

/** The trees of the example that hosts are brought to. */
export type Tree = "before" | "fixed" | "wide";

/** Where the host program keeps its state. */
const HOST_STATE = "/var/lib/pointsman";

type Words = readonly [string, ...string[]];

/** What a lab of the incident may have besides. */
export interface IncidentOptions {
  /** Also makes the namespaces apart from those of others. */
  readonly places: LabPlaces;
  readonly name: string;
  /** Changes what the lab is to be; the fleet file knows nothing of it. */
  readonly alter?: (specification: LabSpecification) => LabSpecification;
  /** Changes the fleet file. */
  readonly fleetText?: (text: string) => string;
}

/** Eight hosts of the incident, booted, and an operator who reaches them over SSH alone. */
export class IncidentLab {
  readonly name: string;
  readonly folder: string;
  readonly fleetFile: string;
  readonly #places: LabPlaces;

  private constructor({ name, places }: IncidentOptions) {
    this.name = name;
    this.#places = places;
    this.folder = mkdtempSync(join(tmpdir(), "pointsman-incident-"));
    this.fleetFile = join(this.folder, "pointsman-lab.yaml");
  }

  /** Boots all hosts from the tree `before`, and waits until every member of etcd is healthy. */
  static async boot(options: IncidentOptions): Promise<IncidentLab> {
    const lab = new IncidentLab(options);
    try {
      cpSync(EXAMPLE, lab.folder, { recursive: true });
      const text = readFileSync(lab.fleetFile, "utf8");
      writeFileSync(lab.fleetFile, options.fleetText?.(text) ?? text);
      const source = { kind: "fleet", file: lab.fleetFile, tree: lab.tree("before"), nix: "never" } as const;
      const made = await specifyLab({ name: lab.name, source, kind: "systemd", operator: null });
      if (!made.ok) throw new Error(made.error.message);
      await labUp(options.alter?.(made.value) ?? made.value, options.places);
      await lab.waitForEtcd();
      return lab;
    } catch (error) {
      await lab.remove();
      throw error;
    }
  }

  async remove(): Promise<void> {
    await labDown(this.name, this.#places);
    rmSync(this.folder, { recursive: true, force: true });
  }

  tree(name: Tree): string {
    return join(this.folder, name);
  }

  /** Runs a command on a host through its console; throws where it does not end with 0. */
  async must(host: string, ...words: Words): Promise<string> {
    const done = await labExec(this.name, host, words, { places: this.#places });
    if (done.code !== 0)
      throw new Error(`${host}: ${words.join(" ")}: ${done.code} ${done.stdout} ${done.stderr}`);
    return done.stdout.trim();
  }

  /** The words that run a command of this machine in the network of a node: its kernel, and a process that a signal reaches. */
  #inNetworkOf(node: string, words: Words): Words {
    const number = openLab(this.name, this.#places).hosts.find(({ id }) => id === node)?.number;
    return ["nsenter", `--net=/run/netns/${this.#places.label}-${this.name}-h${number}`, ...words];
  }

  /** Starts a command of this machine in the network of a node. */
  inNetworkOf(node: string, words: Words): Started {
    return start(this.#inNetworkOf(node, words));
  }

  /**
   * Starts a command in the network of the operator, with the files of this machine but for the state of its host program: the operator's
   * host is one of the fleet, and no claim on it may meet that of another lab.
   */
  operate(words: Words): Started {
    const state = join(this.folder, "operator");
    for (const folder of [state, HOST_STATE]) mkdirSync(folder, { recursive: true, mode: 0o700 });
    const script = 'mount --bind "$0" "$1" && shift && exec "$@"';
    const own = ["unshare", "-m", "sh", "-c", script, state, HOST_STATE, ...words] as const;
    return start(labWords(this.name, "operator", own, this.#places));
  }

  /** Starts `pointsman` where the operator sits; hosts are reached by SSH, and nothing else. */
  pointsman(...args: readonly string[]): Started {
    return this.operate([process.execPath, join(ROOT, "bin", "pointsman"), ...args]);
  }

  get sshConfig(): string {
    return openLab(this.name, this.#places).sshConfig ?? "";
  }

  #reach(): readonly string[] {
    return ["--ssh-config", this.sshConfig, "--state", this.stateFolder];
  }

  /** Writes a plan from `before` to another tree, and gives its path; `options` of `plan`. */
  async plan(to: Tree, ...options: readonly string[]): Promise<Ended & { readonly path: string }> {
    const path = join(this.folder, `${to}${options.join("")}.json`);
    const ends = ["--from", this.tree("before"), "--to", this.tree(to)];
    const done = await this.pointsman("plan", "--fleet", this.fleetFile, ...ends, "-o", path, ...options)
      .ended;
    return { ...done, path };
  }

  /** Starts `apply` of a plan; systems are written where they are given. */
  apply(plan: string, systems: readonly string[], ...options: readonly string[]): Started {
    const written = systems.length === 0 ? ["--persist", "never"] : systems;
    const all = [...this.#reach(), "--yes", "--log-watch", "0", ...written, ...options];
    return this.pointsman("apply", plan, "--fleet", this.fleetFile, ...all);
  }

  /** Where runs of this fleet are kept. */
  get stateFolder(): string {
    return join(this.folder, "state");
  }

  rollback(): Started {
    return this.pointsman("rollback", ...this.#reach(), "--yes");
  }

  resume(): Started {
    return this.pointsman("resume", ...this.#reach());
  }

  /** Lays what the modules of a tree build to into the store of each node; gives the options of `apply` for them. */
  async installSystems(to: Tree): Promise<readonly string[]> {
    const opened = openWholeNetwork({
      kind: "fleet",
      file: this.fleetFile,
      tree: this.tree(to),
      nix: "never",
    });
    if (!opened.ok || opened.value.fleet === null || opened.value.tree === null) throw new Error("no fleet");
    const { fleet, tree, configurations, snapshot } = opened.value;
    const options: string[] = [];
    for (const [node] of NODES) {
      const host = fleet.hosts.find(({ id }) => id === node);
      const configuration = configurations.get(hostId(node));
      if (host === undefined || configuration === undefined) throw new Error(node);
      const { words, input } = installSystem({ fleet, host, tree, configuration, snapshot });
      const done = await labExec(this.name, node, words, { places: this.#places, input });
      if (done.code !== 0) throw new Error(done.stderr);
      options.push("--system", `${node}=${done.stdout.trim()}`);
    }
    return options;
  }

  /** An echo every 10 ms between every two nodes, both ways. */
  watch(): FlowWatch {
    const flows = NODES.flatMap(([from]) =>
      NODES.filter(([to]) => to !== from).map(([owner, to]) => ({
        from: hostId(from),
        to,
        owner: hostId(owner),
      })),
    );
    return watchFlows(flows, (host, words) => this.#inNetworkOf(host, words));
  }

  /** Whether the member of each node says that it reads through a leader, and the term it is in: each election begins one. */
  async etcd(): Promise<readonly { readonly isHealthy: boolean; readonly term: number }[]> {
    const script =
      "curl -s -m 2 http://127.0.0.1:2381/health; ETCDCTL_API=3 etcdctl --command-timeout=2s endpoint status -w json";
    return Promise.all(
      NODES.map(async ([node]) => {
        const words = ["sh", "-c", script] as const;
        const { stdout } = await labExec(this.name, node, words, { places: this.#places });
        const term = /"raftTerm":(\d+)/.exec(stdout)?.[1];
        return { isHealthy: stdout.includes('"health":"true"'), term: Number(term ?? Number.NaN) };
      }),
    );
  }

  async waitForEtcd(): Promise<void> {
    const end = performance.now() + 90_000;
    while (!(await this.etcd()).every(({ isHealthy }) => isHealthy)) {
      if (performance.now() > end) throw new Error("etcd did not become healthy");
      await new Promise((resolve) => setTimeout(resolve, 300));
    }
  }

  /** Addresses and routes of a host, without what flannel and the pods have, and what it boots next. */
  async networkOf(host: string): Promise<string> {
    return this.must(host, "sh", "-c", NETWORK_SCRIPT);
  }

  /** The same of every node, in order. */
  networks(): Promise<readonly string[]> {
    return Promise.all(NODES.map(([node]) => this.networkOf(node)));
  }

  /** What the profile of a node, and so its next boot, is. */
  bootsNext(node: string): Promise<string> {
    return this.must(node, "readlink", "-f", "/nix/var/nix/profiles/system");
  }

  /** `STATE` of each record on a node that is not put away, with the seconds until its dead-man fires. */
  async records(node: string): Promise<readonly { readonly id: string; readonly state: string }[]> {
    const script =
      "[ ! -e /var/lib/pointsman/pointsman-host ] || sh /var/lib/pointsman/pointsman-host status";
    const status = await this.must(node, "sh", "-c", script);
    return [...status.matchAll(/^record (\S+) (\S+) /gm)].map(([, id = "", state = ""]) => ({ id, state }));
  }
}

const NETWORK_SCRIPT = `
ip -o -4 addr show | grep -v -e cni0 -e flannel -e veth | sed 's/ valid_lft.*//; s/^[0-9]*: //' | sort
ip -4 route show table all | grep -v -e cni0 -e flannel -e veth | sed 's/ *$//' | sort`;
