import type { FlowKey, FlowOutcome, Verdict, World } from "#dataplane/index.js";
import type { Demand } from "./phase.js";

/** What an outcome is worth to a demand. */
export type Grade = "good" | "bad" | "unknown";

/** Grades the outcomes of one flow by its demand. */
export function buildGrade(world: World, key: FlowKey, demand: Demand): (outcome: FlowOutcome) => Grade {
  if (typeof demand === "string") return ({ verdict }) => gradeVerdict(verdict, demand);
  const exits = new Set(demand.exits.map((exit) => (exit === "self" ? key.host : world.indexOf.get(exit))));
  return ({ verdict, path }) => {
    if (verdict === "unknown") return "unknown";
    return verdict !== "loop" && exits.has(path.at(-1) ?? key.host) ? "good" : "bad";
  };
}

function gradeVerdict(verdict: Verdict, demand: Demand & string): Grade {
  if (demand === "any") return "good";
  if (verdict === "loop") return "bad";
  if (demand === "free") return "good";
  if (verdict === "unknown") return "unknown";
  return (verdict === "delivered") === (demand === "delivered") ? "good" : "bad";
}
