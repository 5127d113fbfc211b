import { z } from "zod";
import { HELPER_KINDS } from "#plan/index.js";
import { operationSchema } from "./operation-schema.js";

const verdicts = z.array(z.enum(["delivered", "unknown", "lost-reply", "lost", "loop"]));
const strategy = z.enum(["live", "rolling-stop", "full-stop"]);
const count = z.number().int().min(0);

const step = z.strictObject({
  host: z.string().min(1),
  /** What the step does, in order; each operation ends in a stage of its own. */
  operations: z
    .array(
      z.strictObject({
        command: z.string(),
        operation: operationSchema,
        /** Makes or unmakes the helper stage of that place in `helpers`; missing for what the change itself needs. */
        helper: z.strictObject({ place: count, does: z.enum(["make", "unmake"]) }).exactOptional(),
      }),
    )
    .min(1),
  /** Brings the host back to where it was before the step. */
  revert: z.array(z.string()),
});

const expectedFlow = z.strictObject({
  from: z.string(),
  to: z.string(),
  count: count.optional(),
  during: verdicts,
  after: verdicts,
});

const gate = z.strictObject({
  /** Consecutive agreements of the measured matrix with `expected` before the next phase. */
  consecutive: count,
  settleSeconds: count,
  timeoutSeconds: count,
});

const phase = z.strictObject({
  steps: z.array(step),
  gate,
  proof: z.strictObject({ states: z.string().regex(/^\d+$/), flows: count, classes: count, walks: count }),
  expected: z.array(expectedFlow),
});

/** Facts that a host holds only while the change runs. */
const helper = z.strictObject({ kind: z.enum(HELPER_KINDS), host: z.string().min(1), why: z.string() });

const member = z.strictObject({
  name: z.string(),
  servers: z.array(z.string()),
  agents: z.array(z.string()),
});

const end = z.union([
  z.strictObject({ kind: z.literal("any") }),
  z.strictObject({ kind: z.literal("host"), host: z.string() }),
  z.strictObject({ kind: z.literal("prefix"), prefix: z.string() }),
]);

const invariant = z.strictObject({
  from: end,
  to: end,
  expect: z.enum(["delivered", "lost", "free"]),
  why: z.string(),
});

/** The files of a snapshot directory by path, JSON as JSON. */
const snapshot = z.record(z.string(), z.unknown());

/** What is not modelled of a host, which no file of a snapshot directory says, by host. */
const unmodelled = z.record(z.string(), z.array(z.strictObject({ code: z.string(), message: z.string() })));

const sha256 = z.string().regex(/^[0-9a-f]{64}$/);

/**
 * One configuration file whose text differs between the two networks, by digests alone: such files may hold secrets.
 * `at`: where it lies on its host, or null where nothing says so; `before` and `after`: SHA-256 in hex, or null where it is not there.
 */
const changedFile = z.strictObject({
  host: z.string().min(1),
  dialect: z.enum(["nixos", "ifupdown", "uci", "netplan", "networkd", "k3s"]),
  path: z.string().min(1),
  at: z.string().min(1).nullable(),
  before: sha256.nullable(),
  after: sha256.nullable(),
});

/** A plan file: everything that `prove` needs to judge it again from scratch, and a person to carry it out. */
export const planFileSchema = z.strictObject({
  schemaVersion: z.literal(1),
  tool: z.strictObject({ name: z.literal("pointsman"), version: z.string() }),
  /** SHA-256 over the canonical JSON of all the rest. */
  digest: z.string().regex(/^sha256:[0-9a-f]{64}$/),
  fleet: z.string(),
  from: z.string(),
  to: z.string(),
  result: z.enum(["proved", "nothing-to-do"]),
  strategy: strategy.nullable(),
  assumptions: z.array(z.string()),
  /** The host that the operator works from, where it is one of the fleet. */
  operator: z.string().min(1).nullable(),
  clusters: z.array(member),
  invariants: z.array(invariant),
  /** Helper stages; plans of before there were any do not have the key. */
  helpers: z.array(helper).default([]),
  phases: z.array(phase),
  /** What of the configuration files is to be written to the hosts; plans of before there was any do not have the key. */
  files: z.array(changedFile).default([]),
  network: z.strictObject({ before: snapshot, after: snapshot }),
  unmodelled: z.strictObject({ before: unmodelled, after: unmodelled }),
  /** Where each host's configuration lies and how it is reached; for the runbook. */
  hosts: z.array(
    z.strictObject({ name: z.string(), role: z.string(), os: z.string(), ssh: z.string().nullable() }),
  ),
});

/** A plan file as read. */
export type PlanFile = z.infer<typeof planFileSchema>;
/** One phase of a plan file. */
export type PlanFilePhase = PlanFile["phases"][number];
/** One changed configuration file of a plan file. */
export type ChangedFile = PlanFile["files"][number];
