import { type EditResult, edit, type PlanRequest } from "#app/index.js";
import { type EditView, renderEditJson, renderEditText } from "#report/index.js";
import { orFail, usageFailure } from "./command-failure.js";
import type { CommandContext } from "./context.js";
import { EXIT } from "./exit-code.js";

/** What the command line says of the two ends of a plan. */
export interface ChangeOptions {
  readonly fleet?: string;
  readonly from?: string;
  readonly to?: string;
  readonly toFleet?: string;
  readonly change?: string;
  readonly snapshot?: string;
  readonly toSnapshot?: string;
  readonly json?: true;
}

/** The edits that `--change` asks for, and how they are shown. */
export interface EditedChange {
  readonly result: EditResult;
  readonly view: EditView;
}

/** Finds the edits that a change file needs; null where there is no `--change`. */
export function readChange(options: ChangeOptions): EditedChange | null {
  const { fleet, from, to, toFleet, change, snapshot, toSnapshot } = options;
  if (change === undefined) return null;
  const others = { to, "to-fleet": toFleet, snapshot, "to-snapshot": toSnapshot };
  const found = Object.entries({ fleet, from, ...others })
    .filter(([, value]) => value !== undefined)
    .map(([name]) => `\`--${name}\``);
  if (fleet === undefined || from === undefined || Object.values(others).some((one) => one !== undefined)) {
    throw usageFailure(
      `Expected \`--fleet\`, \`--from\` and \`--change\` alone, found ${found.length === 0 ? "only `--change`" : `${found.join(" ")} with \`--change\``}.`,
      "Name `--fleet FILE --from TREE --change FILE`: a change file says how configuration files are edited.",
    );
  }
  const result = orFail(edit({ from: { kind: "fleet", file: fleet, tree: from }, change }));
  return { result, view: editView(result, { from, change }) };
}

/** The edits as they are shown. */
export function editView(
  result: EditResult,
  names: { readonly from: string; readonly change: string },
): EditView {
  const { files, refusals, notes } = result;
  const hosts = result.hosts.map(({ host, edits }) => ({ host: host.id, edits }));
  return { ...names, hosts, files, refusals, notes };
}

/** Shows the edits before their plan; gives false where one is refused, so that there is nothing to plan. JSON is left to the plan. */
export async function printChange(
  { result, view }: EditedChange,
  options: ChangeOptions,
  context: CommandContext,
): Promise<boolean> {
  const isPlanned = result.after !== null;
  const text = renderEditText(view, context.styleFor(null));
  if (options.json !== true) await context.print([isPlanned ? `${text}\n` : text], null);
  else if (!isPlanned) await context.print([renderEditJson(view)], null);
  if (!isPlanned) context.exitWith(EXIT.refused);
  return isPlanned;
}

/** The two ends of the plan: the files as they are, and as they are edited. */
export function endsOf({ result, view }: EditedChange): Pick<PlanRequest, "from" | "to" | "names"> {
  return {
    from: { kind: "open", network: result.before },
    to: { kind: "open", network: result.after ?? result.before },
    names: { from: view.from, to: view.change },
  };
}
