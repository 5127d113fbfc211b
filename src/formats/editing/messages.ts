import type { ConfigurationEdit, EditRefusal, Source } from "#model/index.js";

type Told = Omit<EditRefusal, "edit">;

/** A kind of edit that this dialect has no words for. */
export function foreignEdit(path: string, edit: ConfigurationEdit): Told {
  return {
    message: `Expected an edit of addresses, routes or an MTU in \`${path}\`, found \`${edit.kind}\`.`,
    hint: "Give the edit to the file that holds the flags of k3s.",
    source: null,
  };
}

/** Nothing stands there that could be changed. */
export function notFound(what: string, hint: string): Told {
  return { message: `Expected \`${what}\` in the files, found none.`, hint, source: null };
}

/** A link that the files do not name; `source` is where they name one by a pattern. */
export function unknownLink(link: string, source: Source | null, hint: string): Told {
  const found = source === null ? "none" : "links that are named by a pattern or by their hardware";
  return { message: `Expected the link \`${link}\` in the files, found ${found}.`, hint, source };
}

/** A value that stands in several places. */
export function severalPlaces(what: string, count: number, source: Source): Told {
  return {
    message: `Expected \`${what}\` once, found it in ${count} places; the first is here.`,
    hint: "Remove all but one of them, then ask again.",
    source,
  };
}

/** An address or a gateway that somebody else gives at run time. */
export function dynamicLink(link: string, protocol: string, source: Source, hint: string): Told {
  return {
    message: `Expected a value that is written in the files, found that \`${link}\` gets it by \`${protocol}\`.`,
    hint,
    source,
  };
}

/** More default routes than one: which of them is meant is not said. */
export function severalDefaults(link: string, count: number, source: Source | null): Told {
  return {
    message: `Expected one default route to change for \`${link}\`, found ${count}.`,
    hint: "Name the routes: remove the one and add the other instead of setting the gateway.",
    source,
  };
}

/** The proposal was read again and means something else. */
export function otherMeaning(
  what: string,
  given: { readonly difference: string; readonly source: Source | null; readonly hint: string },
): Told {
  return {
    message: `Expected an edit that changes \`${what}\` alone, found that it ${given.difference}.`,
    hint: given.hint,
    source: given.source,
  };
}

/** The dialect knows no place for it. */
export function obstacle(
  what: string,
  given: { readonly found: string; readonly source: Source | null; readonly hint: string },
): Told {
  return {
    message: `Expected a plain line for \`${what}\`, found ${given.found}.`,
    hint: given.hint,
    source: given.source,
  };
}

/** These files do not speak of k3s. */
export function noK3s(path: string): Told {
  return {
    message: `Expected the settings of k3s in \`${path}\`, found none.`,
    hint: "Name the file that starts k3s under `configuration` of the host in the fleet file.",
    source: null,
  };
}

/** A flag of k3s that stands nowhere as a plain word. */
export function flagObstacle(
  change: { readonly flag: string; readonly from: string | null; readonly to: string },
  source: Source,
): Told {
  const found = change.from === null ? "no place where it can be added" : "one that code computes";
  return {
    message: `Expected \`--${change.flag}\` as a plain word that can be edited, found ${found}.`,
    hint: `Write \`--${change.flag}=${change.to}\` by hand where the flags of k3s are put together.`,
    source,
  };
}

/** A flag of k3s that is there with a value that the files do not give. */
export function unknownFlag(change: { readonly flag: string; readonly to: string }, source: Source): Told {
  return {
    message: `Expected \`--${change.flag}\` as a plain word that can be edited, found a value that is not known from the files.`,
    hint: `Write \`--${change.flag}=${change.to}\` by hand where the value comes from.`,
    source,
  };
}
