import { describe, expect, it } from "vitest";
import {
  type CommandWords,
  type PersistItem,
  parseStatus,
  renderCommands,
  stagePersist,
  whyOf,
} from "#rollout/index.js";

/** A host with the host program on it, real or a model. Everything about it is as on a fresh one. */
export interface ContractHost {
  /** Carries out `pointsman-host ARGS`. */
  readonly tell: (
    args: readonly string[],
    input: string,
  ) => Promise<{ readonly code: number; readonly stdout: string }>;
  readonly wait: (seconds: number) => Promise<void>;
  readonly reboot: () => Promise<void>;
  /** Somebody else changes the network of the host. */
  readonly touch: () => Promise<void>;
  /** Which of both the kernel has: what `forward` or what `revert` sets. */
  readonly kernel: () => Promise<"new" | "old">;
  readonly file: () => Promise<"new" | "old">;
  readonly close: () => Promise<void>;
  /** What can be changed on it. */
  readonly ground: {
    readonly forward: CommandWords;
    readonly revert: CommandWords;
    /** What its kernel refuses. */
    readonly refused: CommandWords;
    /** Replaces a file that is there. */
    readonly file: Extract<PersistItem, { kind: "file" }>;
  };
}

type Ground = ContractHost["ground"];

/** One thing that is done or looked at. Words `FORWARD`, `BROKEN` and so on stand for texts of the host's ground. */
export type ContractStep =
  | {
      readonly tell: readonly string[];
      readonly input?: keyof typeof TEXTS;
      readonly code: number;
      /** What the answer says among other things; for a refusal: its reason. */
      readonly says?: string;
    }
  | { readonly wait: number }
  | { readonly reboot: true }
  | { readonly touch: true }
  | { readonly kernel: "new" | "old" }
  | { readonly file: "new" | "old" }
  /** States of records, oldest first, as `status` has them: `ID STATE persisted`. */
  | { readonly records: readonly string[] }
  | { readonly claim: string | null };

const TEXTS = {
  forward: ({ forward }: Ground) => commands([forward]),
  broken: ({ forward, refused }: Ground) => commands([forward, refused]),
  forbidden: () => "reboot\tnow\n",
  revert: ({ revert }: Ground) => commands([revert]),
  persist: ({ file }: Ground) => stagePersist([file]).persist,
  "persist-of-another-file": ({ file }: Ground) =>
    stagePersist([{ ...file, before: "0".repeat(64) }]).persist,
  text: ({ file }: Ground) => file.text,
} as const;

function commands(lines: readonly CommandWords[]): string {
  const text = renderCommands(lines);
  if (!text.ok) throw new Error(text.error);
  return text.value;
}

const ID = "run-p1";
/** Time enough for a few verbs on a busy machine. */
const SOON = 8;

function armed(seconds: number, forward: keyof typeof TEXTS = "forward"): readonly ContractStep[] {
  return [
    { tell: ["claim", "run"], code: 0 },
    { tell: ["stage", ID, "forward"], input: forward, code: 0 },
    { tell: ["stage", ID, "revert"], input: "revert", code: 0 },
    { tell: ["stage", ID, "file-1"], input: "text", code: 0 },
    { tell: ["stage", ID, "persist"], input: "persist", code: 0 },
    { tell: ["stage", ID, "keep"], code: 0 },
    { tell: ["arm", ID, String(seconds)], code: 0, says: `armed ${ID} deadline ` },
  ];
}

/** What every host program answers; the rollout is built on exactly this. */
const HOST_PROGRAM_CASES: readonly {
  readonly name: string;
  readonly steps: readonly ContractStep[];
}[] = [
  {
    name: "knows nothing at first",
    steps: [{ tell: ["version"], code: 0, says: "pointsman-host 1" }, { claim: null }, { records: [] }],
  },
  {
    name: "is claimed by one run at a time, and as often as that one likes",
    steps: [
      { tell: ["claim", "run"], code: 0 },
      { tell: ["claim", "run"], code: 0 },
      { tell: ["claim", "other"], code: 3, says: "claimed by run" },
      { claim: "run" },
      { tell: ["unclaim", "run"], code: 0 },
      { tell: ["unclaim", "run"], code: 0 },
      { claim: null },
      { tell: ["claim", "other"], code: 0 },
    ],
  },
  {
    name: "changes nothing when it is armed",
    steps: [...armed(60), { kernel: "old" }, { file: "old" }, { records: [`${ID} armed no`] }],
  },
  {
    name: "is not armed twice",
    steps: [
      ...armed(60),
      { tell: ["arm", ID, "60"], code: 3, says: "already armed" },
      { records: [`${ID} armed no`] },
    ],
  },
  {
    name: "is not armed where a file is not as planned",
    steps: [
      { tell: ["stage", ID, "forward"], input: "forward", code: 0 },
      { tell: ["stage", ID, "revert"], input: "revert", code: 0 },
      { tell: ["stage", ID, "file-1"], input: "text", code: 0 },
      { tell: ["stage", ID, "persist"], input: "persist-of-another-file", code: 0 },
      { tell: ["arm", ID, "60"], code: 3, says: "is not as it was when the change was planned" },
      { records: [] },
    ],
  },
  {
    name: "switches once, in the kernel alone",
    steps: [
      ...armed(60),
      { tell: ["switch", ID], code: 0, says: `switched ${ID}` },
      { kernel: "new" },
      { file: "old" },
      { tell: ["switch", ID], code: 0, says: "note already" },
      { records: [`${ID} switched no`] },
    ],
  },
  {
    name: "takes a switch back that fails in the middle",
    steps: [
      ...armed(60, "broken"),
      { tell: ["switch", ID], code: 4, says: "line 2" },
      { kernel: "old" },
      { records: [`${ID} reverted no`] },
    ],
  },
  {
    name: "takes everything back by itself when its time is over",
    steps: [
      ...armed(SOON),
      { tell: ["switch", ID], code: 0 },
      { wait: SOON + 3 },
      { kernel: "old" },
      { records: [`${ID} reverted no`] },
      { tell: ["confirm", ID], code: 3, says: "reverted" },
      { file: "old" },
    ],
  },
  {
    name: "counts its time anew when it is extended",
    steps: [
      ...armed(SOON),
      { tell: ["switch", ID], code: 0 },
      { tell: ["extend", ID, "60"], code: 0 },
      { wait: SOON + 3 },
      { kernel: "new" },
      { records: [`${ID} switched no`] },
    ],
  },
  {
    name: "writes its file when it is confirmed, and no dead-man is left",
    steps: [
      ...armed(SOON),
      { tell: ["switch", ID], code: 0 },
      { tell: ["confirm", ID], code: 0, says: `confirmed ${ID} persisted yes` },
      { tell: ["confirm", ID], code: 0, says: `confirmed ${ID} persisted yes` },
      { wait: SOON + 3 },
      { kernel: "new" },
      { file: "new" },
      { records: [`${ID} confirmed yes`] },
    ],
  },
  {
    name: "is not confirmed before it has switched",
    steps: [...armed(60), { tell: ["confirm", ID], code: 3 }, { records: [`${ID} armed no`] }],
  },
  {
    name: "is not confirmed when somebody else has changed its network",
    steps: [
      ...armed(60),
      { tell: ["switch", ID], code: 0 },
      { touch: true },
      { tell: ["confirm", ID], code: 3 },
      { file: "old" },
      { records: [`${ID} switched no`] },
    ],
  },
  {
    name: "takes back what is switched, and again does nothing",
    steps: [
      ...armed(60),
      { tell: ["switch", ID], code: 0 },
      { tell: ["revert", ID], code: 0, says: `reverted ${ID} level ` },
      { tell: ["revert", ID], code: 0 },
      { kernel: "old" },
      { tell: ["switch", ID], code: 3 },
      { kernel: "old" },
    ],
  },
  {
    name: "takes back what is confirmed, its file too",
    steps: [
      ...armed(60),
      { tell: ["switch", ID], code: 0 },
      { tell: ["confirm", ID], code: 0 },
      { tell: ["revert", ID], code: 0 },
      { kernel: "old" },
      { file: "old" },
      { records: [`${ID} reverted no`] },
    ],
  },
  {
    name: "comes up old from a reboot in the window, and is not confirmed after it",
    steps: [
      ...armed(60),
      { tell: ["switch", ID], code: 0 },
      { reboot: true },
      { kernel: "old" },
      { records: [`${ID} reverted no rebooted`] },
      { tell: ["confirm", ID], code: 3 },
      { tell: ["revert", ID], code: 0 },
    ],
  },
  {
    name: "comes up new from a reboot after it was confirmed",
    steps: [
      ...armed(60),
      { tell: ["switch", ID], code: 0 },
      { tell: ["confirm", ID], code: 0 },
      { reboot: true },
      { kernel: "new" },
      { records: [`${ID} confirmed yes rebooted`] },
    ],
  },
  {
    name: "puts away what is finished and nothing that is live",
    steps: [
      ...armed(60),
      { tell: ["release", ID], code: 3 },
      { tell: ["revert", ID], code: 0 },
      { tell: ["release", ID], code: 0 },
      { records: [] },
      { tell: ["revert", ID], code: 3, says: "no record" },
    ],
  },
  {
    name: "is not armed while another record is live, and is when that one is finished",
    steps: [
      ...armed(60),
      { tell: ["stage", "run-p2", "forward"], input: "forward", code: 0 },
      { tell: ["stage", "run-p2", "revert"], input: "revert", code: 0 },
      { tell: ["arm", "run-p2", "60"], code: 3, says: `record ${ID} is armed` },
      { tell: ["switch", ID], code: 0 },
      { tell: ["confirm", ID], code: 0 },
      { tell: ["stage", "run-p2", "forward"], input: "forward", code: 0 },
      { tell: ["stage", "run-p2", "revert"], input: "revert", code: 0 },
      { tell: ["arm", "run-p2", "60"], code: 0 },
      { records: [`${ID} confirmed yes`, "run-p2 armed no"] },
    ],
  },
  {
    name: "does not know a record of no name",
    steps: [
      { tell: ["switch", "run-p9"], code: 3, says: "no record" },
      { tell: ["extend", "run-p9", "10"], code: 3 },
      { tell: ["confirm", "run-p9"], code: 3 },
      { tell: ["arm", "run-p9", "10"], code: 3, says: "nothing is staged" },
    ],
  },
  {
    name: "carries out no program that it does not know",
    steps: [
      { tell: ["stage", ID, "forward"], input: "forbidden", code: 0 },
      { tell: ["stage", ID, "revert"], input: "revert", code: 0 },
      { tell: ["arm", ID, "60"], code: 3, says: "reboot" },
      { records: [] },
      { tell: ["no-such-verb"], code: 64 },
    ],
  },
];

/** Runs all cases against one kind of host. */
export function describeHostProgram(kind: string, open: () => Promise<ContractHost>): void {
  describe(`The host program (${kind})`, () => {
    it.each(HOST_PROGRAM_CASES)("$name", async ({ steps }) => {
      const host = await open();
      try {
        for (const step of steps) await take(host, step);
      } finally {
        await host.close();
      }
    });
  });
}

async function take(host: ContractHost, step: ContractStep): Promise<void> {
  const where = JSON.stringify(step);
  if ("tell" in step) {
    const input = step.input === undefined ? "" : TEXTS[step.input](host.ground);
    const answer = await host.tell(step.tell, input);
    expect(answer.code, `${where}: ${answer.stdout}`).toBe(step.code);
    if (step.code !== 0) expect(whyOf(answer.stdout), where).not.toBe("");
    if (step.says !== undefined) expect(answer.stdout, where).toContain(step.says);
  } else if ("wait" in step) await host.wait(step.wait);
  else if ("reboot" in step) await host.reboot();
  else if ("touch" in step) await host.touch();
  else if ("kernel" in step) expect(await host.kernel(), where).toBe(step.kernel);
  else if ("file" in step) expect(await host.file(), where).toBe(step.file);
  else await look(host, step, where);
}

async function look(
  host: ContractHost,
  step: Extract<ContractStep, { records: readonly string[] } | { claim: string | null }>,
  where: string,
): Promise<void> {
  const status = parseStatus((await host.tell(["status"], "")).stdout);
  if (!status.ok) throw new Error(status.error);
  if ("claim" in step) {
    expect(status.value.claim, where).toBe(step.claim);
    return;
  }
  const records = status.value.records.map(
    ({ id, state, persisted, hasRebooted }) => `${id} ${state} ${persisted}${hasRebooted ? " rebooted" : ""}`,
  );
  expect(records, where).toEqual(step.records);
}
