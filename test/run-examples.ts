import { hostId } from "#model/index.js";
import type {
  CellReading,
  HostStep,
  JournalEntry,
  NewJournalEntry,
  RunPolicy,
  RunProgram,
} from "#rollout/index.js";

/** The run that reports are tested with: two phases, two hosts and one. */
export const RUN = "20261123T031500Z-3f2a";

const N1 = hostId("n1");
const N2 = hostId("n2");
const R1 = hostId("r1");

const GATE = { consecutive: 3, settleSeconds: 10, timeoutSeconds: 60 };

const step = (host: HostStep["host"]): HostStep => ({
  host,
  forward: [["ip", "addr", "add", "10.0.0.1/8", "dev", "e0"]],
  revert: [["ip", "addr", "del", "10.0.0.1/8", "dev", "e0"]],
  persist: [{ kind: "file", path: "/etc/network/interfaces", before: null, text: "token: abc" }],
});

const POLICY: RunPolicy = {
  onFailure: "revert-all",
  order: "lock-step",
  pauses: false,
  awaitsConfirmation: false,
  persist: "on-confirm",
  deadlineSeconds: 180,
  confirmMarginSeconds: 15,
  requestTimeoutMs: 15_000,
  healthTimeoutSeconds: 300,
  logWatchSeconds: 120,
};

/** Its program, with another policy where wanted. */
export function exampleProgram(policy: Partial<RunPolicy> = {}): RunProgram {
  return {
    runId: RUN,
    fleet: "home",
    planDigest: "sha256:0123456789abcdef",
    strategy: "live",
    hosts: [N1, N2, R1],
    baseline: [],
    phases: [
      { number: 1, steps: [step(N1), step(N2)], gate: GATE, expected: [] },
      { number: 2, steps: [step(R1)], gate: GATE, expected: [] },
    ],
    services: [],
    movingAddresses: [],
    policy: { ...POLICY, ...policy },
  };
}

/** Entries as a journal has them, numbered and a second apart; their hashes are no hashes. */
export function journal(...entries: readonly NewJournalEntry[]): readonly JournalEntry[] {
  return entries.map((entry, index) => ({
    ...entry,
    seq: index + 1,
    time: new Date(Date.UTC(2026, 10, 23, 3, 15, index)).toISOString(),
    previous: `hash${index}`,
    hash: `hash${index + 1}`,
  }));
}

type Verb = Extract<NewJournalEntry, { readonly kind: "intent" }>["verb"];

/** What is announced and done on hosts, without a hitch. */
export function did(verb: Verb, record: string, ...hosts: readonly string[]): readonly NewJournalEntry[] {
  return [
    announced(verb, record, ...hosts),
    answered(verb, record, ...hosts.map((host) => [host, "done"] as const)),
  ];
}

/** What is announced to hosts. */
export function announced(verb: Verb, record: string, ...hosts: readonly string[]): NewJournalEntry {
  return { kind: "intent", verb, record, hosts: hosts.map(hostId) };
}

type Result = Extract<NewJournalEntry, { readonly kind: "result" }>["hosts"][number]["result"];

/** What hosts answered. */
export function answered(
  verb: Verb,
  record: string,
  ...hosts: readonly (readonly [host: string, result: Result, note?: string])[]
): NewJournalEntry {
  return {
    kind: "result",
    verb,
    record,
    hosts: hosts.map(([host, result, note = ""]) => ({ host: hostId(host), result, note })),
  };
}

/** The first entry of the run. */
export function begun(policy: Partial<RunPolicy> = {}): NewJournalEntry {
  return { kind: "begin", program: exampleProgram(policy), by: "ops@desk" };
}

/** A cell that was lost and should not be. */
export const LOST_CELL: CellReading = {
  cell: { from: N1, to: "10.0.0.3", expected: "delivered" },
  observed: "lost",
  why: "",
};
