import { type Cidr, formatPrefix } from "#ip/index.js";
import {
  type ConfigurationEditor,
  type ConfigurationTree,
  type EditedRoute,
  type HostConfiguration,
  type LinkName,
  ok,
  type Result,
  type Source,
} from "#model/index.js";
import type { AddressChange, Change, MtuChange, RouteChange } from "./change.js";
import { type EditRequest, editConfiguration, type Obstacle, type Proposal } from "./edit.js";

/** What a network dialect knows of its own files, opened once for each change. */
export interface NetworkDialect<Files> {
  readonly read: (tree: ConfigurationTree, path: string) => HostConfiguration;
  readonly open: (tree: ConfigurationTree, path: string) => Files;
  readonly address: Propose<Files, AddressChange>;
  readonly route: Propose<Files, RouteChange>;
  readonly mtu: Propose<Files, MtuChange>;
  readonly hints: EditHints;
}

type Propose<Files, Kind extends Change> = (
  files: Files,
  change: Kind,
  place: Source | null,
) => readonly Proposal[] | Obstacle;

/** What to write by hand, in sentence case. */
export interface EditHints {
  readonly setAddress: (address: string, link: LinkName) => string;
  readonly dropAddress: (address: string, link: LinkName) => string;
  readonly setRoute: (route: EditedRoute) => string;
  readonly dropRoute: (route: EditedRoute) => string;
  readonly setMtu: (change: MtuChange) => string;
}

/** The editor of a dialect from its ways to make each kind of change. */
export function networkEditor<Files>(dialect: NetworkDialect<Files>): ConfigurationEditor {
  const { read, hints } = dialect;
  const propose = (request: EditRequest): Result<readonly Proposal[], Obstacle> => {
    const proposed = proposeFor(dialect, request);
    return "found" in proposed ? { ok: false, error: proposed } : ok(proposed);
  };
  const hint = (change: Change): string => hintFor(hints, change);
  return (tree, path, edits) => editConfiguration({ read, propose, hint }, { tree, path, edits });
}

function proposeFor<Files>(
  dialect: NetworkDialect<Files>,
  { tree, path, change, place }: EditRequest,
): readonly Proposal[] | Obstacle {
  const files = dialect.open(tree, path);
  switch (change.kind) {
    case "address":
      return dialect.address(files, change, place);
    case "route":
      return dialect.route(files, change, place);
    case "mtu":
      return dialect.mtu(files, change, place);
  }
}

function hintFor(hints: EditHints, change: Change): string {
  switch (change.kind) {
    case "mtu":
      return hints.setMtu(change);
    case "address": {
      const { link, from, to } = change;
      return to === null ? hints.dropAddress(text(from), link) : hints.setAddress(text(to), link);
    }
    case "route": {
      const { from, to } = change;
      if (to !== null) return hints.setRoute(to);
      return from === null ? "Nothing is left to do by hand." : hints.dropRoute(from);
    }
  }
}

function text(address: Cidr | null): string {
  return address === null ? "" : formatPrefix(address);
}
