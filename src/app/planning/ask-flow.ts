import { buildWorld, judgeExits, judgeFlow, type Verdict, type World } from "#dataplane/index.js";
import type { AskFlow, FlowDemand } from "#plan/index.js";
import { isDelivered, isLost } from "./rate-flows.js";

/** Judges one flow in one state by its demand, with the walk where it does not meet it. */
export const askFlow: AskFlow = (state, segments, { flow, demand, memories }) => {
  const world = buildWorld(
    state.map((host) => ({ id: host.id, stages: [host] })),
    segments,
    memories,
  );
  const host = world.indexOf.get(flow.from);
  if (host === undefined) return null;
  const key = { host, to: flow.to, ...(flow.size === undefined ? {} : { size: flow.size }) };
  const { verdict, verdicts, path, back, hops } = judgeFlow(world, key, true);
  if (isMet(demand, verdicts, () => leavesBy(world, key, demand))) return null;
  return { flow, demand, verdict, path, back, hops };
};

function isMet(demand: FlowDemand, verdicts: readonly Verdict[], leavesRight: () => boolean): boolean {
  if (demand === "any") return true;
  if (demand === "free") return !verdicts.includes("loop");
  if (demand === "delivered") return isDelivered(verdicts);
  if (demand === "lost") return isLost(verdicts) && !verdicts.includes("loop");
  return !verdicts.includes("loop") && !verdicts.includes("unknown") && leavesRight();
}

function leavesBy(world: World, key: Parameters<typeof judgeExits>[1], demand: FlowDemand): boolean {
  if (typeof demand === "string") return true;
  const allowed = new Set<string>(demand.exits);
  return judgeExits(world, key).every(
    (exit) => allowed.has(exit) || (exit === "self" && allowed.has(world.hosts[key.host]?.id ?? "")),
  );
}
