import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { labDownAll } from "#lab/index.js";
import { Bench, type KnownEnds, type WrittenEntry } from "./bench.js";
import { planSmallFleet, type SmallFleet, type SmallPlan } from "./small-fleets.js";

/** A fleet with what its hosts look like at both ends of its plan, and how long the clean run between them was. */
export interface KnownFleet {
  readonly fleet: SmallFleet;
  readonly ends: KnownEnds;
  /** The journal of the clean run. */
  readonly entries: readonly WrittenEntry[];
  readonly seconds: number;
}

/** Works on one lab; whatever happens, the lab is removed afterwards. */
export type Work<T> = (bench: Bench, known: KnownFleet) => Promise<T>;

/** Where labs of small fleets stand, so many at once, under a label that no other labs of this machine have. */
export class Floor {
  readonly #folder = mkdtempSync(join(tmpdir(), "pointsman-floor-"));
  readonly #fleets: SmallFleet[] = [];
  readonly #waiting: (() => void)[] = [];
  #free: number;
  #made = 0;

  constructor(label: string, atOnce: number) {
    this.#free = atOnce;
    process.env["POINTSMAN_LAB_LABEL"] = label;
    process.env["POINTSMAN_LAB_FOLDER"] = join(this.#folder, "labs");
    mkdirSync(join(this.#folder, "labs"));
  }

  async close(): Promise<void> {
    await labDownAll();
    for (const fleet of this.#fleets) fleet.remove();
    rmSync(this.#folder, { recursive: true, force: true });
    delete process.env["POINTSMAN_LAB_LABEL"];
    delete process.env["POINTSMAN_LAB_FOLDER"];
  }

  /** Plans a fleet and carries the plan out once without a fault: what it looks like then is what new means. */
  async learn(name: SmallPlan, isNew: (facts: ReadonlyMap<string, string>) => boolean): Promise<KnownFleet> {
    const fleet = planSmallFleet(name);
    this.#fleets.push(fleet);
    return this.#onLab(fleet, async (bench) => {
      const old = await bench.facts();
      const begun = performance.now();
      const end = await bench.apply();
      const seconds = (performance.now() - begun) / 1000;
      const after = await bench.facts();
      if (end.kind !== "ended" || end.outcome.kind !== "done" || isNew(old) || !isNew(after))
        throw new Error(`expected a clean run of ${name}, found ${JSON.stringify(end)}`);
      return { fleet, ends: { old, new: after }, entries: bench.entries(), seconds };
    });
  }

  /** One new lab of that fleet, as soon as there is room. */
  on<T>(known: KnownFleet, work: Work<T>): Promise<T> {
    return this.#onLab(known.fleet, (bench) => work(bench, known));
  }

  async #onLab<T>(fleet: SmallFleet, work: (bench: Bench) => Promise<T>): Promise<T> {
    await this.#enter();
    this.#made += 1;
    try {
      const bench = await Bench.build(`c${this.#made}`, fleet);
      try {
        return await work(bench);
      } finally {
        await bench.remove();
      }
    } finally {
      this.#leave();
    }
  }

  #enter(): Promise<void> {
    if (this.#free > 0) {
      this.#free -= 1;
      return Promise.resolve();
    }
    return new Promise((resolve) => this.#waiting.push(resolve));
  }

  #leave(): void {
    const next = this.#waiting.shift();
    if (next === undefined) this.#free += 1;
    else next();
  }
}

/** Whether the facts of a fleet are those that its plan is for, by what its new files say. */
export const IS_NEW: Readonly<Record<SmallPlan, (facts: ReadonlyMap<string, string>) => boolean>> = {
  "one-phase": (facts) =>
    [...facts].every(([, text]) => /inet 10\.88\.0\.\d\/23 /.test(text) && /^Address=.*\/23$/m.test(text)),
  "two-phases": (facts) =>
    [...facts].every(([host, text]) =>
      host === "r"
        ? text.includes("inet 10.88.0.254/24 ") && text.includes("Address=10.88.0.254/24")
        : text.includes("default via 10.88.0.254 ") && text.includes("Gateway=10.88.0.254"),
    ),
};
