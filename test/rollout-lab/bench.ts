import { spawn } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { buildLab, removeLab } from "#app/index.js";
import { labExec, openLab } from "#lab/index.js";
import { ROOT } from "../repository/root.js";
import {
  type ControllerEnd,
  type ControllerOrder,
  type RunningController,
  startController,
} from "./kill-controller.js";
import type { SmallFleet } from "./small-fleets.js";

const LOOK_MS = 20;

/** A line of a journal, as far as it is judged here. */
export interface WrittenEntry {
  readonly seq: number;
  readonly kind: string;
  readonly verb?: string;
  readonly record?: string;
  readonly phase?: number;
  readonly decision?: string;
  readonly what?: string;
  readonly outcome?: { readonly kind: string };
}

/** What a program of this machine said. */
export interface Said {
  readonly code: number | null;
  readonly text: string;
}

/** Where one host stands, by its kernel and its files, and what its host program says of its records. */
export interface HostStanding {
  readonly state: "old" | "new" | "other";
  /** Those that are not put away. */
  readonly records: readonly { readonly id: string; readonly state: string }[];
  /** The run that has it, or null. */
  readonly claim: string | null;
  /** What the kernel and the files are, for when it is neither. */
  readonly facts: string;
}

/** All hosts of a fleet. */
export type FleetStanding = ReadonlyMap<string, HostStanding>;

/** How each host of a fleet looks before and after its plan. */
export interface KnownEnds {
  readonly old: ReadonlyMap<string, string>;
  readonly new: ReadonlyMap<string, string>;
}

/** The least deadline that the budget of these plans allows with this patience for one request. */
export const QUICK = {
  logWatchSeconds: 0,
  deadlineSeconds: 42,
  requestTimeoutMs: 5000,
  confirmMarginSeconds: 5,
} as const;

type Kill = ControllerOrder["kill"];

/** What of the order for `apply` may be chosen. */
export interface ApplyChoice {
  readonly kill?: Kill;
  readonly policy?: Extract<ControllerOrder, { verb: "apply" }>["request"]["policy"];
}

/** One lab of a small fleet, with a folder for the runs of its controllers. */
export class Bench {
  readonly lab: string;
  readonly fleet: SmallFleet;
  readonly stateFolder: string;

  private constructor(lab: string, fleet: SmallFleet) {
    this.lab = lab;
    this.fleet = fleet;
    this.stateFolder = join(fleet.folder, `state-${lab}`);
  }

  /** Builds the lab, with the files of before on its hosts. */
  static async build(lab: string, fleet: SmallFleet): Promise<Bench> {
    const { fleetFile: file, folder } = fleet;
    const source = { kind: "fleet", file, tree: join(folder, "before"), nix: "never" } as const;
    const built = await buildLab({ name: lab, source, kind: "netns", operator: null });
    if (!built.ok) throw new Error(`${built.error.message} ${built.error.more.join(" ")}`);
    const bench = new Bench(lab, fleet);
    try {
      for (const host of fleet.hosts) await bench.#seed(host);
      return bench;
    } catch (error) {
      await bench.remove();
      throw error;
    }
  }

  async #seed(host: string): Promise<void> {
    for (const [path, text] of this.fleet.filesOf(host)) {
      const script = 'mkdir -p "$2" && cat >"$1"';
      await this.must(host, ["sh", "-c", script, "sh", path, dirname(path)], text);
    }
  }

  async remove(): Promise<void> {
    await removeLab(this.lab);
  }

  /** Runs a command on a host; throws where it does not end with 0. */
  async must(host: string, words: readonly [string, ...string[]], input = ""): Promise<string> {
    const { code, stdout, stderr } = await labExec(this.lab, host, words, { input });
    if (code !== 0) throw new Error(`${host}: ${words.join(" ")}: ${code} ${stdout} ${stderr}`);
    return stdout;
  }

  startApply({ kill = null, policy = {} }: ApplyChoice = {}): RunningController {
    return startController({
      verb: "apply",
      kill,
      request: {
        planPath: this.fleet.planPath,
        fleetPath: this.fleet.fleetFile,
        stateFolder: this.stateFolder,
        reach: { kind: "lab", name: this.lab },
        policy: { ...QUICK, ...policy },
        configuration: null,
        systems: {},
        skippedChecks: [],
        window: null,
      },
    });
  }

  startAgain(verb: "resume" | "rollback", kill: Kill = null): RunningController {
    return startController({
      verb,
      kill,
      request: {
        stateFolder: this.stateFolder,
        fleetPath: null,
        run: null,
        repairsJournal: false,
        reach: null,
      },
    });
  }

  apply(choice: ApplyChoice = {}): Promise<ControllerEnd> {
    return this.startApply(choice).end;
  }

  resume(): Promise<ControllerEnd> {
    return this.startAgain("resume").end;
  }

  /** A verb of the command line as an operator types it; `state` where another machine is played. */
  say(verb: string, words: readonly string[] = [], state = this.stateFolder): Promise<Said> {
    const all = [join(ROOT, "bin", "pointsman"), verb, ...words, "--state", state];
    const child = spawn(process.execPath, all, { stdio: ["ignore", "pipe", "pipe"] });
    let text = "";
    for (const stream of [child.stdout, child.stderr])
      stream.setEncoding("utf8").on("data", (piece: string) => {
        text += piece;
      });
    return new Promise((resolve) => child.once("close", (code) => resolve({ code, text })));
  }

  /** `apply`, as an operator types it. */
  sayApply(words: readonly string[] = [], state = this.stateFolder): Promise<Said> {
    const { planPath, fleetFile } = this.fleet;
    const fixed = [planPath, "--yes", "--fleet", fleetFile, "--lab", this.lab, "--log-watch", "0"];
    return this.say("apply", [...fixed, ...words], state);
  }

  /** Resolves when the journal has such an entry, with it; null: nothing of the kind came. */
  async awaitEntry(isIt: (entry: WrittenEntry) => boolean, seconds = 60): Promise<WrittenEntry | null> {
    for (let waited = 0; waited < seconds * 1000; waited += LOOK_MS) {
      const found = this.entries().find(isIt);
      if (found !== undefined) return found;
      await sleep(LOOK_MS);
    }
    return null;
  }

  /** The folder of the last run, or null where none was made. */
  runFolder(): string | null {
    const runs = join(this.stateFolder, this.fleet.name, "runs");
    try {
      const last = readdirSync(runs).sort().at(-1);
      return last === undefined ? null : join(runs, last);
    } catch {
      return null;
    }
  }

  journalFile(): string {
    return join(this.runFolder() ?? "", "journal.ndjson");
  }

  /** All whole lines of the last run's journal; empty where there is none. */
  entries(): readonly WrittenEntry[] {
    try {
      const lines = readFileSync(this.journalFile(), "utf8").split("\n").slice(0, -1);
      return lines.map((line) => JSON.parse(line) as WrittenEntry);
    } catch {
      return [];
    }
  }

  /** What a host has: addresses, routes, and the text of its own files. */
  async factsOf(host: string): Promise<string> {
    const files = [...this.fleet.filesOf(host).keys()];
    const script =
      "ip -o -4 addr show | sed 's/ valid_lft.*//; s/^[0-9]*: //' | sort; ip -4 route show table all | sort; cat \"$@\"";
    return this.must(host, ["sh", "-c", script, "sh", ...files]);
  }

  async facts(): Promise<ReadonlyMap<string, string>> {
    const all = await Promise.all(
      this.fleet.hosts.map(async (host) => [host, await this.factsOf(host)] as const),
    );
    return new Map(all);
  }

  /** The lines of `status` of a host's own program; empty where it was never installed. */
  async statusOf(host: string): Promise<string> {
    const script = '[ ! -e "$1/pointsman-host" ] || POINTSMAN_STATE=$1 sh "$1/pointsman-host" status';
    return this.must(host, ["sh", "-c", script, "sh", this.stateOnHost(host)]);
  }

  /** Where a host keeps its records. */
  stateOnHost(host: string): string {
    const lab = openLab(this.lab);
    const record = lab.hosts.find(({ id }) => id === host);
    return join(lab.folder, "hosts", String(record?.number), "state");
  }

  async standingOf(host: string, ends: KnownEnds): Promise<HostStanding> {
    const [facts, status] = await Promise.all([this.factsOf(host), this.statusOf(host)]);
    const isOld = facts === ends.old.get(host);
    const records = [...status.matchAll(/^record (\S+) (\S+) /gm)].map(([, id = "", state = ""]) => ({
      id,
      state,
    }));
    const claim = /^claim (\S+)$/m.exec(status)?.[1] ?? "-";
    return {
      state: isOld ? "old" : facts === ends.new.get(host) ? "new" : "other",
      records,
      claim: claim === "-" ? null : claim,
      facts,
    };
  }

  async standing(ends: KnownEnds): Promise<FleetStanding> {
    const all = await Promise.all(
      this.fleet.hosts.map(async (host) => [host, await this.standingOf(host, ends)] as const),
    );
    return new Map(all);
  }
}
