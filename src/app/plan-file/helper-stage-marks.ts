import type { HostId } from "#model/index.js";
import type { PlacedHelper } from "#plan/index.js";
import type { PlanFile } from "./schema.js";

/** Which helper stage an operation makes or unmakes: its place in the plan's list. */
export interface HelperMark {
  readonly place: number;
  readonly does: "make" | "unmake";
}

/** The mark of a host's operation by its number from 0, or null where it is one of the change itself. */
export function markOf(helpers: readonly PlacedHelper[], host: HostId, operation: number): HelperMark | null {
  for (const [place, { made, unmade, host: own }] of helpers.entries()) {
    if (own !== host) continue;
    if (operation >= made.from && operation < made.to) return { place, does: "make" };
    if (operation >= unmade.from && operation < unmade.to) return { place, does: "unmake" };
  }
  return null;
}

/**
 * What a plan file says of its helper stages and does not do, or null: each host makes its own before the operations of the change, and takes
 * them back when no host has any of those left. A flush may stand anywhere and is not taken back.
 */
export function findUntrueMark({ helpers, phases }: Pick<PlanFile, "helpers" | "phases">): string | null {
  const isFlush = (mark: HelperMark | undefined): boolean =>
    mark !== undefined && helpers[mark.place]?.kind === "flush";
  const marked = phases.flatMap(({ steps }, phase) =>
    steps.flatMap(({ host, operations }) =>
      operations.map(({ command, helper }) => ({ host, phase, command, helper })),
    ),
  );
  const stranger = marked.find(
    ({ host, helper }) => helper !== undefined && helpers[helper.place]?.host !== host,
  );
  if (stranger !== undefined)
    return `Host \`${stranger.host}\`: \`${stranger.command}\` is said to belong to a helper stage that the host does not have.`;
  const lastOwn = Math.max(
    -1,
    ...marked.filter(({ helper }) => helper === undefined).map(({ phase }) => phase),
  );
  const early = marked.find(({ helper, phase }) => helper?.does === "unmake" && phase <= lastOwn);
  if (early !== undefined)
    return `Host \`${early.host}\`: \`${early.command}\` takes a helper stage back in phase ${early.phase + 1}, before the change is over.`;
  const late = marked.find(({ host, helper }, index) => {
    const before = marked.slice(0, index).filter((other) => other.host === host);
    return (
      helper?.does === "make" &&
      !isFlush(helper) &&
      before.some((other) => other.helper?.does !== "make" && !isFlush(other.helper))
    );
  });
  if (late !== undefined)
    return `Host \`${late.host}\`: \`${late.command}\` makes a helper stage after operations of the change.`;
  const unused = helpers.find(
    ({ kind }, place) =>
      !(kind === "flush" ? ["make"] : ["make", "unmake"]).every((does) =>
        marked.some(({ helper }) => helper?.place === place && helper.does === does),
      ),
  );
  return unused === undefined
    ? null
    : `Host \`${unused.host}\`: its helper stage \`${unused.kind}\` is not both made and taken back.`;
}
