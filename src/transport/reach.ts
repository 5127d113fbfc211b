import type { HostReach, HostSession, Unreachable } from "#rollout/index.js";

/** The name of a host in the fleet. */
export type HostId = HostSession["host"];

/** What a session is for; see `HostReach`. */
export type Purpose = Parameters<HostReach["open"]>[1];

/** What opening a session answers. */
export type Opened<S extends HostSession = HostSession> =
  | { readonly ok: true; readonly value: S }
  | { readonly ok: false; readonly error: Unreachable };

/** A program and its arguments. */
export type StartWords = readonly [string, ...string[]];

/**
 * A reach with its sessions. A probe session is shared: `open` gives the one that lives, and opens it anew once it was lost or closed. A
 * change session is fresh at each `open`, over a connection of its own, so that a confirmation proves the way to the host; whoever opened it
 * closes it.
 */
export interface Reach extends HostReach {
  /** Closes every session that is open. Idempotent; `open` works again afterwards. */
  readonly close: () => Promise<void>;
}
