import { z } from "zod";
import type { KernelFlow } from "./laboratory.js";

const simulatedFlow = z.object({
  from: z.string(),
  to: z.string(),
  verdict: z.string(),
  verdicts: z.array(z.string()),
  path: z.array(z.string()),
  back: z.array(z.string()),
  paths: z.array(z.array(z.string())).optional(),
  backs: z.array(z.array(z.string())).optional(),
});

/** What `pointsman matrix --json` prints, as far as it is compared. */
export const simulatedMatrix = z.object({ schemaVersion: z.literal(1), flows: z.array(simulatedFlow) });

/** One flow as the simulator sees it. */
export type SimulatedFlow = Readonly<z.infer<typeof simulatedFlow>>;

/** `unknown`: the simulator says that something on the way is not modelled, and the kernel's answer is not among its others. */
export type Comparison =
  | { readonly kind: "agreed" }
  | { readonly kind: "unknown" }
  | { readonly kind: "disagreed"; readonly differences: readonly string[] };

/** Compares verdict and both paths; where the simulator gives sets, the kernel's answer must be in them. */
export function compareFlow(kernel: KernelFlow, simulated: SimulatedFlow | undefined): Comparison {
  if (simulated === undefined) return { kind: "disagreed", differences: ["the simulator has no such flow"] };
  const isKnownVerdict = simulated.verdicts.includes(kernel.verdict);
  if (!isKnownVerdict && simulated.verdicts.includes("unknown")) return { kind: "unknown" };
  const isLoop = kernel.verdict === "loop";
  const differences = [
    isKnownVerdict ? null : `verdict: kernel ${kernel.verdict}, simulator ${simulated.verdicts.join(" or ")}`,
    pathDifference("path", kernel.path, simulated.paths ?? [simulated.path], isLoop),
    pathDifference("back", kernel.back, simulated.backs ?? [simulated.back], isLoop),
  ].filter((difference) => difference !== null);
  if (differences.length === 0) return { kind: "agreed" };
  return simulated.verdicts.includes("unknown") ? { kind: "unknown" } : { kind: "disagreed", differences };
}

function pathDifference(
  name: string,
  kernel: readonly string[],
  simulated: readonly (readonly string[])[],
  isLoop: boolean,
): string | null {
  const written = (path: readonly string[]): string => (isLoop ? untilRepetition(path) : path).join(" ");
  if (simulated.some((path) => written(path) === written(kernel))) return null;
  return `${name}: kernel [${written(kernel)}], simulator ${simulated.map((path) => `[${written(path)}]`).join(" or ")}`;
}

/** The path up to and with the first host that comes a second time. */
export function untilRepetition(path: readonly string[]): readonly string[] {
  const first = path.findIndex((host, index) => path.indexOf(host) < index);
  return first === -1 ? path : path.slice(0, first + 1);
}
