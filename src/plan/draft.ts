import type { Host, HostId, Snapshot } from "#model/index.js";
import type { HelperProposal } from "./helper-stage.js";
import type { HostChange } from "./plan.js";
import { proposalName } from "./proposals/propose.js";
import { scaffold } from "./scaffold.js";

/** A change with helper stages, and with other orders of some hosts' own operations (by `operationName`). */
export interface Draft {
  readonly helpers: readonly HelperProposal[];
  readonly orders: ReadonlyMap<HostId, readonly string[]>;
}

/** One thing that a draft may have more: helper stages that belong together, or the order of one host. */
export type Addition =
  | { readonly kind: "helpers"; readonly helpers: readonly HelperProposal[] }
  | { readonly kind: "order"; readonly host: HostId; readonly order: readonly string[] };

/** The change as the difference has it. */
export const PLAIN_DRAFT: Draft = { helpers: [], orders: new Map() };

/** The draft with more; what it has already is not added twice. */
export function extend(draft: Draft, addition: Addition): Draft {
  if (addition.kind === "order")
    return { ...draft, orders: new Map(draft.orders).set(addition.host, addition.order) };
  const known = new Set(draft.helpers.map(proposalName));
  const fresh = addition.helpers.filter((helper) => !known.has(proposalName(helper)));
  return fresh.length === 0 ? draft : { ...draft, helpers: [...draft.helpers, ...fresh] };
}

/** What a draft holds, whatever the order in which it came. */
export function draftName({ helpers, orders }: Draft): string {
  const reordered = [...orders].map(([host, order]) => `${host}: ${order.join(" ")}`);
  return [...helpers.map(proposalName), ...reordered].sort().join("\n");
}

/** The stages of every host under a draft, or null where the kernel refuses part of it. */
export type BuildChanges = (draft: Draft) => readonly HostChange[] | null;

/** Builds changes in the order of the fleet; what was built once for a host is not built again. */
export function changesBuilder(
  before: Snapshot,
  after: Snapshot,
  changes: readonly HostChange[],
): BuildChanges {
  const plain = new Map(changes.map((change) => [change.host, change]));
  const known = new Map<string, HostChange | null>();
  const build = (host: Host, { helpers, orders }: Draft): HostChange | null | undefined => {
    const own = helpers.filter((helper) => helper.host === host.id);
    const order = orders.get(host.id) ?? null;
    if (own.length === 0 && order === null) return plain.get(host.id);
    const name = [...own.map(proposalName), host.id, ...(order ?? [])].join("\n");
    const found = known.get(name);
    if (found !== undefined) return found;
    const built = scaffold({
      host: host.id,
      before: host,
      after: after.hosts.get(host.id) ?? host,
      helpers: own,
      order,
    });
    known.set(name, built);
    return built;
  };
  return (draft) => {
    const built = [...before.hosts.values()].map((host) => build(host, draft));
    return built.includes(null) ? null : built.filter((change) => change !== undefined && change !== null);
  };
}
