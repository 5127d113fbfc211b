import { z } from "zod";
import type { HostId } from "#model/index.js";
import type { JournalEntry } from "./entry.js";

const host = z
  .string()
  .min(1)
  .transform((name) => name as HostId);
const words = z.tuple([z.string()], z.string());
const cell = z.object({ from: host, to: z.string(), expected: z.enum(["delivered", "lost", "any"]) });

const persistItem = z.discriminatedUnion("kind", [
  z.object({
    kind: z.literal("file"),
    path: z.string(),
    before: z.string().nullable(),
    text: z.string(),
  }),
  z.object({ kind: z.literal("file-delete"), path: z.string(), before: z.string() }),
  z.object({ kind: z.literal("nixos-system"), system: z.string() }),
  z.object({ kind: z.literal("check"), platform: z.enum(["ifupdown2", "netplan", "networkd", "uci"]) }),
]);

const step = z.object({
  host,
  forward: z.array(words),
  revert: z.array(words),
  persist: z.array(persistItem),
});

const phase = z.object({
  number: z.int().positive(),
  steps: z.array(step),
  gate: z.object({ consecutive: z.number(), settleSeconds: z.number(), timeoutSeconds: z.number() }),
  expected: z.array(cell),
});

const policy = z.object({
  onFailure: z.enum(["revert-all", "keep-confirmed"]),
  order: z.enum(["lock-step", "one-by-one"]),
  pauses: z.boolean(),
  awaitsConfirmation: z.boolean(),
  persist: z.enum(["on-confirm", "never"]),
  deadlineSeconds: z.number(),
  confirmMarginSeconds: z.number(),
  requestTimeoutMs: z.number(),
  healthTimeoutSeconds: z.number(),
  logWatchSeconds: z.number(),
});

const program = z.object({
  runId: z.string().regex(/^[A-Za-z0-9-]+$/),
  fleet: z.string(),
  planDigest: z.string(),
  strategy: z.enum(["live", "rolling-stop", "full-stop"]),
  hosts: z.array(host),
  baseline: z.array(cell),
  phases: z.array(phase),
  services: z.array(z.object({ host, units: z.array(z.string()) })),
  movingAddresses: z.array(z.string()),
  policy,
});

const outcome = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("done") }),
  z.object({ kind: z.literal("rolled-back"), why: z.string() }),
  z.object({ kind: z.literal("kept"), phases: z.number(), why: z.string() }),
  z.object({ kind: z.literal("rollback-incomplete"), why: z.string(), hosts: z.array(host) }),
  z.object({ kind: z.literal("unknown"), why: z.string(), hosts: z.array(host) }),
  z.object({ kind: z.literal("refused"), why: z.string(), hint: z.string() }),
  z.object({ kind: z.literal("locked"), by: z.string() }),
  z.object({
    kind: z.literal("left"),
    armed: z.array(z.object({ host, secondsLeft: z.number() })),
  }),
]);

const verb = z.enum(["claim", "arm", "switch", "extend", "confirm", "revert", "release", "unclaim", "flush"]);

const result = z.object({
  host,
  result: z.enum(["done", "refused", "failed", "unknown", "unreachable"]),
  note: z.string(),
});

const place = {
  seq: z.int().positive(),
  time: z.string(),
  previous: z.string().regex(/^[0-9a-f]{64}$/),
  hash: z.string().regex(/^[0-9a-f]{64}$/),
};

/** What an entry of this version has; a key that it does not know would be lost, and then its hash would not fit. */
const entry = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("begin"), program, by: z.string(), ...place }),
  z.object({ kind: z.literal("resume"), by: z.string(), ...place }),
  z.object({ kind: z.literal("intent"), verb, record: z.string(), hosts: z.array(host), ...place }),
  z.object({ kind: z.literal("result"), verb, record: z.string(), hosts: z.array(result), ...place }),
  z.object({
    kind: z.literal("decision"),
    phase: z.int().positive(),
    decision: z.enum(["confirm", "take-back"]),
    why: z.string(),
    ...place,
  }),
  z.object({
    kind: z.literal("gate"),
    phase: z.int().nonnegative(),
    passed: z.boolean(),
    what: z.array(z.string()),
    ...place,
  }),
  z.object({ kind: z.literal("note"), what: z.string(), detail: z.string(), ...place }),
  z.object({ kind: z.literal("end"), outcome, ...place }),
]);

/** Reads a value as an entry of a journal, or says in words what is not as expected. */
export function parseEntry(
  value: unknown,
): { readonly ok: true; readonly value: JournalEntry } | { readonly ok: false; readonly error: string } {
  const parsed = entry.safeParse(value);
  if (parsed.success) return { ok: true, value: parsed.data };
  const [first] = parsed.error.issues;
  return { ok: false, error: `\`${first?.path.join(".") ?? ""}\`: ${first?.message ?? "not an entry"}` };
}
