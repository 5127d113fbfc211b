import { existsSync, mkdirSync, readdirSync, readFileSync, rmdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { say } from "./messages.js";
import { within } from "./wait.js";

/** How long processes may take to be gone, or to stand still. */
const END_MS = 20_000;
const MOUNT = "/sys/fs/cgroup";

/**
 * Where control groups are on this machine. `main` is version 2: it kills and freezes. With version 1 beside it, each host needs a group
 * of its own in the hierarchy by which systemd knows its units, or stopping a unit of one host would stop it on all.
 */
interface Hierarchies {
  readonly main: string;
  readonly all: readonly string[];
  /** Limits the share of a processor. */
  readonly cpu: { readonly folder: string; readonly version: 1 | 2 } | null;
}

function findHierarchies(): Hierarchies {
  if (existsSync(join(MOUNT, "cgroup.controllers")))
    return { main: MOUNT, all: [MOUNT], cpu: { folder: MOUNT, version: 2 } };
  const main = join(MOUNT, "unified");
  if (!existsSync(join(main, "cgroup.controllers"))) throw say.noControlGroups();
  const cpu = join(MOUNT, "cpu");
  const hasCpu = existsSync(join(cpu, "cgroup.procs"));
  const others = [join(MOUNT, "systemd"), ...(hasCpu ? [cpu] : [])].filter((folder) => existsSync(folder));
  return { main, all: [main, ...others], cpu: hasCpu ? { folder: cpu, version: 1 } : null };
}

/** The control groups of one lab: whatever runs in it is in one of them, so that nothing needs to be remembered to be ended. */
export class ControlGroups {
  readonly #at: Hierarchies;
  readonly #lab: string;

  /** `lab`: its group below each hierarchy, such as `pml/incident`. */
  constructor(lab: string) {
    this.#at = findHierarchies();
    this.#lab = lab;
  }

  /** Makes the group of all that works for the lab and is no host. */
  makeFirst(): void {
    mkdirSync(this.supervisors, { recursive: true });
  }

  /** Makes the groups of a host; there already is as good. */
  make(host: number): void {
    for (const folder of this.of(host)) mkdirSync(join(folder, "console"), { recursive: true });
    mkdirSync(join(this.supervisors, `h${host}`), { recursive: true });
  }

  /** The folders of a host's groups, one in each hierarchy. */
  of(host: number): readonly string[] {
    return this.#at.all.map((hierarchy) => join(hierarchy, this.#lab, `h${host}`));
  }

  /** What boots hosts again stands apart from them: it stays when a host loses its power. */
  get supervisors(): string {
    return join(this.#at.main, this.#lab, "supervisors");
  }

  /** Ends every process of the lab at once, and waits until the last is gone. */
  async killAll(): Promise<void> {
    await killGroup(join(this.#at.main, this.#lab));
  }

  /** Ends every process of a host at once, waits until its supervisor has seen it, and ends that too where it does not. */
  async kill(host: number): Promise<void> {
    await killGroup(join(this.#at.main, this.#lab, `h${host}`));
    const supervisor = join(this.supervisors, `h${host}`);
    await within(END_MS, () => !isPopulated(supervisor));
    await killGroup(supervisor);
  }

  /** Stops or goes on with every process of a host. */
  async freeze(host: number, isFrozen: boolean): Promise<void> {
    const group = join(this.#at.main, this.#lab, `h${host}`);
    writeFileSync(join(group, "cgroup.freeze"), isFrozen ? "1" : "0");
    const wanted = isFrozen ? 1 : 0;
    await within(END_MS, () => eventOf(group, "frozen") === wanted);
  }

  /** How much of one processor a host may use, or null for all it wants. Whether this machine can say so. */
  limit(host: number, percent: number | null): boolean {
    const { cpu } = this.#at;
    if (cpu === null) return false;
    const period = 100_000;
    const quota = percent === null ? null : percent * (period / 100);
    const group = join(cpu.folder, this.#lab, `h${host}`);
    if (cpu.version === 1) {
      writeFileSync(join(group, "cpu.cfs_quota_us"), String(quota ?? -1));
      return true;
    }
    // A controller is there only where every group above hands it down.
    for (const above of [
      "",
      ...this.#lab.split("/").map((_, depth, parts) => parts.slice(0, depth + 1).join("/")),
    ])
      writeFileSync(join(cpu.folder, above, "cgroup.subtree_control"), "+cpu");
    writeFileSync(join(group, "cpu.max"), `${quota ?? "max"} ${period}`);
    return true;
  }

  /** Whether this very process is in the lab. */
  holdsThisProcess(): boolean {
    const own = readFileSync("/proc/self/cgroup", "utf8").split("\n");
    return own.some((line) => line.startsWith(`0::/${this.#lab}/`));
  }

  /** Removes all groups of the lab, none of which has a process any more; those that are still there. */
  async remove(): Promise<readonly string[]> {
    const folders = this.#at.all.map((hierarchy) => join(hierarchy, this.#lab));
    await within(5_000, () => folders.every(removeTree));
    for (const hierarchy of this.#at.all) removeEmpty(join(hierarchy, this.#lab, ".."));
    return folders.filter((folder) => existsSync(folder));
  }

  /** The labs of a label that have groups. */
  static labsOf(label: string): readonly string[] {
    const folders = findHierarchies().all.map((hierarchy) => join(hierarchy, label));
    return [...new Set(folders.flatMap(foldersIn))];
  }
}

async function killGroup(group: string): Promise<void> {
  if (!existsSync(group)) return;
  writeFileSync(join(group, "cgroup.kill"), "1");
  await within(END_MS, () => !isPopulated(group));
}

function isPopulated(group: string): boolean {
  return eventOf(group, "populated") === 1;
}

function eventOf(group: string, name: "populated" | "frozen"): number | null {
  const lines = readFileSync(join(group, "cgroup.events"), "utf8").split("\n");
  const found = lines.find((line) => line.startsWith(`${name} `));
  return found === undefined ? null : Number(found.slice(name.length + 1));
}

/** From the inside out; true when it is gone. */
function removeTree(folder: string): boolean {
  for (const name of foldersIn(folder)) removeTree(join(folder, name));
  removeEmpty(folder);
  return !existsSync(folder);
}

function removeEmpty(folder: string): void {
  try {
    rmdirSync(folder);
  } catch {
    // In use by another lab, or by a process that is about to end: whoever asked looks whether it is gone.
  }
}

function foldersIn(folder: string): readonly string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => name);
}
