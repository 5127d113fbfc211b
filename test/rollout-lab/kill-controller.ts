import { spawn } from "node:child_process";
import { join } from "node:path";
import type { ApplyRequest, ContinueRequest, Failure, NamedReach, RunOutcome } from "#app/index.js";
import { ROOT } from "../repository/root.js";

/** What of a request can be told to another process. */
type Told<Request, Keys extends keyof Request> = Pick<Request, Keys>;

/** What a controller is to do, and where it dies. */
export type ControllerOrder = {
  /** Around the append of that entry, from 1; null: it lives to its end. */
  readonly kill: { readonly entry: number; readonly when: "before" | "after" } | null;
} & (
  | {
      readonly verb: "apply";
      readonly request: Told<
        ApplyRequest,
        "planPath" | "fleetPath" | "stateFolder" | "policy" | "configuration" | "skippedChecks" | "window"
      > & { readonly reach: NamedReach; readonly systems: Readonly<Record<string, string>> };
    }
  | {
      readonly verb: "resume" | "rollback";
      readonly request: Told<ContinueRequest, "stateFolder" | "fleetPath" | "run" | "repairsJournal"> & {
        readonly reach: NamedReach | null;
      };
    }
);

/** What became of a controller. */
export type ControllerEnd =
  | { readonly kind: "killed" }
  | { readonly kind: "ended"; readonly outcome: RunOutcome; readonly runId: string; readonly entries: number }
  | { readonly kind: "refused"; readonly failure: Failure }
  | { readonly kind: "broken"; readonly stderr: string };

/** A controller that works; `prefix` are words before it, such as those that enter a network namespace. */
export interface RunningController {
  readonly pid: number | undefined;
  readonly end: Promise<ControllerEnd>;
  readonly kill: () => void;
}

/** Starts a controller in a process of its own, from the built program. */
export function startController(order: ControllerOrder, prefix: readonly string[] = []): RunningController {
  const words = [
    process.execPath,
    join(ROOT, "test", "rollout-lab", "controller.mjs"),
    JSON.stringify(order),
  ];
  const [program = "", ...args] = [...prefix, ...words];
  const child = spawn(program, args, { stdio: ["ignore", "pipe", "pipe"] });
  let stdout = "";
  let stderr = "";
  child.stdout.setEncoding("utf8").on("data", (piece: string) => {
    stdout += piece;
  });
  child.stderr.setEncoding("utf8").on("data", (piece: string) => {
    stderr += piece;
  });
  const end = new Promise<ControllerEnd>((resolve) => {
    child.on("error", (error) => resolve({ kind: "broken", stderr: error.message }));
    child.on("close", (_, signal) =>
      resolve(signal === "SIGKILL" ? { kind: "killed" } : readEnd(stdout, stderr)),
    );
  });
  return { pid: child.pid, end, kill: () => child.kill("SIGKILL") };
}

function readEnd(stdout: string, stderr: string): ControllerEnd {
  try {
    const said = JSON.parse(stdout.trim().split("\n").at(-1) ?? "") as
      | { readonly failure: Failure }
      | { readonly outcome: RunOutcome; readonly runId: string; readonly entries: number };
    return "failure" in said ? { kind: "refused", failure: said.failure } : { kind: "ended", ...said };
  } catch {
    return { kind: "broken", stderr };
  }
}
