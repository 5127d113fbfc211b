import type { IPv4, Prefix } from "#ip/index.js";
import type { ConfigurationTree } from "./configuration-tree.js";
import type { FlannelBackend } from "./fleet.js";
import type { LinkName } from "./identifiers.js";
import type { Source } from "./issue.js";
import type { Result } from "./result.js";

/** What one host's configuration should say from now on, in terms that every dialect has. */
export type ConfigurationEdit =
  /** The prefix length of an address that the file gives to a link. */
  | {
      readonly kind: "address-length";
      readonly link: LinkName;
      readonly ip: IPv4;
      /** As the file has it today; an address may stand there with two lengths. */
      readonly from: number;
      readonly to: number;
    }
  | { readonly kind: "address-add"; readonly link: LinkName; readonly ip: IPv4; readonly length: number }
  | { readonly kind: "address-remove"; readonly link: LinkName; readonly ip: IPv4; readonly length: number }
  /** The default gateway; null takes the default route away. */
  | {
      readonly kind: "gateway";
      readonly gateway: IPv4 | null;
      readonly link: LinkName;
      readonly isOnlink: boolean;
    }
  | { readonly kind: "route-add"; readonly route: EditedRoute }
  | { readonly kind: "route-remove"; readonly route: EditedRoute }
  | { readonly kind: "mtu"; readonly link: LinkName; readonly mtu: number }
  | { readonly kind: "flannel-backend"; readonly backend: FlannelBackend }
  /** The address that k3s gives its node (`--node-ip`). */
  | { readonly kind: "node-ip"; readonly ip: IPv4 }
  /** The URL by which a node of k3s joins its cluster (`--server`). */
  | { readonly kind: "k3s-server"; readonly url: string };

/** A static route as configuration files write it. */
export interface EditedRoute {
  readonly destination: Prefix;
  /** null for a network that is on the link itself. */
  readonly gateway: IPv4 | null;
  readonly link: LinkName;
  /** null where the file names none. */
  readonly metric: number | null;
  readonly isOnlink: boolean;
}

/** A file with its text after the edits. */
export interface EditedFile {
  readonly path: string;
  readonly text: string;
}

/** Why an edit cannot be made in these files: the operator has to make it by hand. */
export interface EditRefusal {
  readonly edit: ConfigurationEdit;
  /** What was expected and what was found, in sentence case. */
  readonly message: string;
  /** What to do next. */
  readonly hint: string;
  readonly source: Source | null;
}

/**
 * Makes edits in the files that a dialect's reader would read at `path`, and in nothing else of their text: comments, order and
 * indentation stay. Never throws; edits of kinds that the dialect does not have (flannel in a network file) are refused.
 * Only files whose text differs are returned. An edit that is there already changes nothing.
 */
export type ConfigurationEditor = (
  tree: ConfigurationTree,
  path: string,
  edits: readonly ConfigurationEdit[],
) => Result<readonly EditedFile[], EditRefusal>;
