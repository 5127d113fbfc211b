import type { HelpedView, HelperView, OperationView } from "./plan-view.js";
import { counted } from "./style-text.js";

/** What helper stages are, over their list. */
export const HELPERS_ARE = "made before the change, taken back when every host is done";

/** One helper stage in a line. */
export function describeHelper({ kind, host, why }: HelperView): string {
  return `${kind} on ${host}: ${why}`;
}

/** What a command does for a helper stage, as a comment of the shell; empty for the change's own commands. */
export function commentHelper({ helper }: OperationView, helpers: readonly HelperView[]): string {
  const kind = helper === undefined ? undefined : helpers[helper.place]?.kind;
  if (helper === undefined || kind === undefined) return "";
  if (kind === "flush") return "  # helper stage flush";
  return helper.does === "make"
    ? `  # helper stage ${kind}, until the last phase`
    : `  # ends helper stage ${kind}`;
}

/** What was tried beyond the order of the steps. */
export function describeHelped({ kinds, sets, proposals, isCut }: HelpedView): string {
  const judged = `${counted(proposals, "proposal")} of its witnesses looked at, ${counted(sets, "whole plan")} judged`;
  const end = isCut ? "more are left" : "none helps";
  return kinds.length === 0
    ? `Other orders of a host's own operations: ${judged}, ${end}. Helper stages: not allowed.`
    : `Other orders of a host's own operations, and helper stages (${kinds.join(", ")}): ${judged}, ${end}.`;
}
