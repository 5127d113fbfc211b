import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { z } from "zod";
import type { FleetSpecification, FlowQuestion } from "./fleet-specification.js";

const WORKER = fileURLToPath(new URL("worker.py", import.meta.url));

const kernelFlow = z.object({
  from: z.string(),
  to: z.string(),
  verdict: z.enum(["delivered", "loop", "lost", "lost-reply"]),
  path: z.array(z.string()),
  back: z.array(z.string()),
  acceptedAt: z.array(z.string()),
  redirects: z.array(z.object({ at: z.string(), by: z.string(), gateway: z.string() })),
  expiredAt: z.array(z.string()),
  isUnfinished: z.boolean(),
  refusal: z.string().nullable(),
  size: z.union([z.number(), z.literal("full")]).exactOptional(),
  /** How large the packet of a `full` flow was in the end. */
  bytes: z.number().exactOptional(),
});
const built = z.object({ snapshot: z.string(), refused: z.record(z.string(), z.array(z.string())) });
const ran = z.object({ flows: z.array(kernelFlow) });
const failed = z.object({ error: z.string() });

/** What the kernel did with one flow. */
export type KernelFlow = Readonly<z.infer<typeof kernelFlow>>;

/** `snapshot`: the directory with its live state, kept until the fleet is let go; `refused`: the lines the kernel did not take, by host. */
export type BuiltFleet = Readonly<z.infer<typeof built>>;

/** One worker process with at most one fleet of namespaces; the namespaces end with the process. */
export interface Laboratory {
  /** Builds the fleet in place of the one before. */
  readonly build: (fleet: FleetSpecification) => Promise<BuiltFleet>;
  /** Carries out shell commands in the hosts of the fleet; `fleet` says which links and caches the same hosts have then. */
  readonly become: (
    commands: Readonly<Record<string, readonly string[]>>,
    fleet: FleetSpecification,
  ) => Promise<BuiltFleet>;
  /** Runs the flows one after another; patient runs leave nothing to a slow machine. */
  readonly run: (flows: readonly FlowQuestion[], pace: "hasty" | "patient") => Promise<readonly KernelFlow[]>;
  /** Lets go of the fleet. */
  readonly drop: () => Promise<void>;
  readonly close: () => Promise<void>;
}

/** Starts a worker. Needs root and python3. */
export function openLaboratory(): Laboratory {
  const child = spawn("python3", ["-B", WORKER], { stdio: ["pipe", "pipe", "inherit"] });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const ask = async (request: object): Promise<unknown> => {
    child.stdin.write(`${JSON.stringify(request)}\n`);
    const line = await lines.next();
    if (line.done === true)
      throw new Error("expected an answer from worker.py, found that it ended; its errors stand above");
    const answer: unknown = JSON.parse(line.value);
    const failure = failed.safeParse(answer);
    if (failure.success) throw new Error(`worker.py failed:\n${failure.data.error}`);
    return answer;
  };
  return {
    build: async (specification) => built.parse(await ask({ do: "build", specification })),
    become: async (commands, specification) =>
      built.parse(await ask({ do: "become", commands, specification })),
    run: async (flows, pace) => ran.parse(await ask({ do: "run", flows, patient: pace === "patient" })).flows,
    drop: async () => {
      await ask({ do: "drop" });
    },
    close: () => ended(child),
  };
}

/** True where this process may make namespaces: root. */
export function canBuildNamespaces(): boolean {
  return process.getuid?.() === 0;
}

async function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exit = once(child, "exit");
  child.stdin?.end();
  await exit;
}
