import { writeFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { randomSource } from "../lab/random-source.js";
import { type CampaignLine, renderCampaign, sumUp } from "./campaign-record.js";
import {
  killedAndLeft,
  killedAndResumed,
  killedAt,
  race,
  rebooted,
  rebootedUnderWay,
  type Trial,
} from "./faults.js";
import { Floor, IS_NEW, type KnownFleet, type Work } from "./floor.js";
import {
  aborted,
  foreignAddress,
  foreignFile,
  fullDisk,
  neverBack,
  readOnlyEtc,
  sessionsCut,
  sessionsCutOften,
} from "./hardships.js";
import { DAMAGES, damagedJournal } from "./journals.js";

/** How often what is random is tried; less by the environment, for a first look. */
const count = (name: string, full: number): number =>
  Number(process.env[`POINTSMAN_CAMPAIGN_${name}`] ?? full);

const KILLS = count("KILLS", 200);
const RACES = count("RACES", 100);
const REBOOTS = count("REBOOTS", 50);
const LABS = count("LABS", 6);
const SEED = count("SEED", 8);
/** Every so manieth entry of the journal is one to be killed at. */
const STRIDE = count("STRIDE", 1);
/** Where the measurements are written; missing: they are only printed. */
const RECORD = process.env["POINTSMAN_CAMPAIGN_RECORD"];

const floor = new Floor(process.env["POINTSMAN_LAB_LABEL"] ?? "cp", LABS);
const lines: CampaignLine[] = [];
const random = randomSource(SEED);
let one: KnownFleet;
let two: KnownFleet;

beforeAll(async () => {
  [one, two] = await Promise.all([
    floor.learn("one-phase", IS_NEW["one-phase"]),
    floor.learn("two-phases", IS_NEW["two-phases"]),
  ]);
}, 300_000);

afterAll(async () => {
  const text = renderCampaign(lines, LABS);
  process.stdout.write(`seed ${SEED}\n${text}`);
  if (RECORD !== undefined) writeFileSync(RECORD, text);
  await floor.close();
}, 300_000);

interface Campaign {
  readonly name: string;
  readonly workload: string;
  readonly trials: readonly { readonly on: KnownFleet; readonly work: Work<Trial> }[];
}

/** Every trial is made, also behind one that went wrong. */
async function run({ name, workload, trials }: Campaign): Promise<readonly string[]> {
  const ended = await Promise.all(trials.map(({ on, work }) => attempt(on, work)));
  lines.push(sumUp(name, workload, ended));
  return ended.flatMap(({ what, problems }) => problems.map((problem) => `${what}: ${problem}`));
}

async function attempt(on: KnownFleet, work: Work<Trial>): Promise<Trial> {
  const trial = await floor.on(on, work).catch(
    (error: unknown): Trial => ({
      what: on.fleet.name,
      problems: [`the trial itself broke: ${String(error)}`],
      whole: "mixed",
      seconds: 0,
    }),
  );
  const { what, whole, seconds, problems } = trial;
  process.stdout.write(
    `${problems.length === 0 ? "ok " : "NOT"} ${what}: ${whole}, ${seconds.toFixed(1)} s ${problems.join(" | ")}\n`,
  );
  return trial;
}

/** Before and after the fsync of every entry, of both plans. */
function everyKill(work: typeof killedAndResumed): Campaign["trials"] {
  return [one, two].flatMap((on) =>
    on.entries
      .filter(({ seq }) => seq % STRIDE === 0)
      .flatMap(({ seq: entry }) =>
        (["before", "after"] as const).map((when) => ({ on, work: work({ entry, when }) })),
      ),
  );
}

function times<T>(howOften: number, make: (index: number) => T): readonly T[] {
  return Array.from({ length: howOften }, (_, index) => make(index));
}

const HOSTS = ["r", "a", "b"] as const;
const MOMENTS = ["armed", "switched", "decided"] as const;

describe.concurrent("A rollout", () => {
  it("is whole after `resume` wherever in its journal the controller was killed", async () => {
    const workload = "Kill -9 before and after the fsync of every entry of the journal, then `resume`.";
    const trials = everyKill(killedAndResumed);
    expect(await run({ name: "killed at an entry, resumed", workload, trials })).toEqual([]);
  });

  it("is old without `resume` where nothing was decided, else as each host was confirmed", async () => {
    const workload =
      "The same without `resume`, judged 2 s behind the deadline; `resume` comes later and is judged, too.";
    const trials = everyKill(killedAndLeft);
    expect(await run({ name: "killed at an entry, left alone", workload, trials })).toEqual([]);
  });

  it("belongs to one of two controllers that begin at once", async () => {
    const workload =
      "Two `pointsman apply` at the same moment: half of them with one state folder, half as on two machines.";
    const trials = times(RACES, (index) => ({ on: one, work: race(index % 2 === 0) }));
    expect(await run({ name: "races", workload, trials })).toEqual([]);
  });

  it("comes up old where a host reboots in its window", async () => {
    const workload = "A host reboots when armed, switched or decided; the controller is dead, or works on.";
    const trials = times(REBOOTS, (index) => {
      const [host, moment] = [random.pick(HOSTS), MOMENTS[index % MOMENTS.length] ?? "armed"];
      // A host that is confirmed is outside its window; with the controller alive that is a matter of milliseconds.
      const isAlive = index % 2 === 1 && moment !== "decided";
      return { on: one, work: isAlive ? rebootedUnderWay(host, moment) : rebooted(host, moment) };
    });
    expect(await run({ name: "reboots in the window", workload, trials })).toEqual([]);
  });

  it("refuses a journal that is torn, cut, edited or in another order, by the entry's number", async () => {
    const workload = "`pointsman resume` on a damaged journal; then on the whole one.";
    const trials = DAMAGES.map((damage) => ({ on: one, work: damagedJournal(damage) }));
    expect(await run({ name: "damaged journals", workload, trials })).toEqual([]);
  });

  it("never leaves a half-armed fleet where one host cannot write", async () => {
    const workload = "The disk of the state directory is full, or /etc read-only, on one host.";
    const moments = ["before", ...MOMENTS] as const;
    const trials = moments.flatMap((when) => [
      { on: one, work: fullDisk("a", when) },
      { on: one, work: readOnlyEtc("b", when) },
    ]);
    expect(await run({ name: "full disks and read-only /etc", workload, trials })).toEqual([]);
  });

  it("leaves the others as the policy says where a host never comes back", async () => {
    const workload = "A host loses its power when it has switched, and is started after the run has ended.";
    const trials = [
      { on: one, work: neverBack("a", { phase: 1, policy: "revert-all" }) },
      { on: two, work: neverBack("r", { phase: 1, policy: "revert-all" }) },
      { on: two, work: neverBack("a", { phase: 2, policy: "revert-all" }) },
      { on: two, work: neverBack("a", { phase: 2, policy: "keep-confirmed" }) },
    ];
    expect(await run({ name: "hosts that never come back", workload, trials })).toEqual([]);
  });

  it("is taken back where somebody else changes a host in its window, or another terminal aborts", async () => {
    const workload =
      "A foreign address or line of a file on one host; `pointsman abort` from another terminal.";
    const trials = (["armed", "switched"] as const).flatMap((moment) => [
      { on: one, work: foreignFile("a", moment) },
      { on: two, work: aborted(moment) },
    ]);
    const address = { on: one, work: foreignAddress("b", "switched") };
    expect(await run({ name: "foreign writers and aborts", workload, trials: [...trials, address] })).toEqual(
      [],
    );
  });

  it("is whole where replies are lost", async () => {
    const workload = "All sessions of the controller are cut at one moment, or again and again.";
    const cuts = MOMENTS.flatMap((moment) => [one, two].map((on) => ({ on, work: sessionsCut(moment) })));
    const often = times(4, (index) => ({ on: two, work: sessionsCutOften(5, 300 + 400 * index) }));
    expect(await run({ name: "lost replies", workload, trials: [...cuts, ...often] })).toEqual([]);
  });

  it("is whole wherever in time the controller was killed", async () => {
    const workload = "Kill -9 at random moments; every fifth is left alone until its deadline first.";
    const trials = times(KILLS, (index) => {
      const on = index % 2 === 0 ? one : two;
      return { on, work: killedAt(random.between(500, Math.round(on.seconds * 1000)), index % 5 !== 0) };
    });
    expect(await run({ name: "killed at a random moment", workload, trials })).toEqual([]);
  });
});
