import type { HostId } from "#model/index.js";
import type { Strategy } from "#plan/index.js";
import type { Cell } from "./cell.js";

/** One command as words. The first is `ip`, `bridge`, `sysctl`, `service-stop` or `service-start`: the host program carries out no other. */
export type CommandWords = readonly [string, ...string[]];

/** What is written to disk when a host is confirmed, in the words of its platform. Nothing of it is done before. */
export type PersistItem =
  /** Replaces a whole file atomically. `before`: SHA-256 in hex of what must be there now, or null where no file may be. */
  | { readonly kind: "file"; readonly path: string; readonly before: string | null; readonly text: string }
  | { readonly kind: "file-delete"; readonly path: string; readonly before: string }
  /** A NixOS system that is on the host already: its profile and boot entry. */
  | { readonly kind: "nixos-system"; readonly system: string }
  /** Asks the platform's own tool whether it understands what was written. */
  | { readonly kind: "check"; readonly platform: "ifupdown2" | "netplan" | "networkd" | "uci" };

/** What one host does in one phase. */
export interface HostStep {
  readonly host: HostId;
  readonly forward: readonly CommandWords[];
  readonly revert: readonly CommandWords[];
  /** Empty where the host does not reach its last stage in this phase, or nothing is to be written. */
  readonly persist: readonly PersistItem[];
}

/** Hosts that change together, and what must be measured before the next phase. */
export interface RunPhase {
  /** From 1. */
  readonly number: number;
  readonly steps: readonly HostStep[];
  readonly gate: {
    readonly consecutive: number;
    readonly settleSeconds: number;
    readonly timeoutSeconds: number;
  };
  /** After the phase. */
  readonly expected: readonly Cell[];
}

/** Units that stand still on a host while its network changes. */
export interface HostServices {
  readonly host: HostId;
  /** Such as `k3s.service`. */
  readonly units: readonly string[];
}

/** How the operator wants the run. */
export interface RunPolicy {
  /** What becomes of confirmed phases when a later one fails. */
  readonly onFailure: "revert-all" | "keep-confirmed";
  readonly order: "lock-step" | "one-by-one";
  /** Asks before each next host; only one by one. */
  readonly pauses: boolean;
  readonly awaitsConfirmation: boolean;
  readonly persist: "on-confirm" | "never";
  /** Of each host's dead-man, counted from its arming. */
  readonly deadlineSeconds: number;
  /** Nobody is confirmed later than this before the first deadline. */
  readonly confirmMarginSeconds: number;
  /** For one request to a host. */
  readonly requestTimeoutMs: number;
  /** How long services may need until the cluster is healthy again. */
  readonly healthTimeoutSeconds: number;
  /** How long logs are watched at the end; 0: not at all. */
  readonly logWatchSeconds: number;
}

/** A plan made ready to run: everything that `rollout` does follows from this and from what it observes. Canonical JSON of it is in the journal's first entry. */
export interface RunProgram {
  readonly runId: string;
  readonly fleet: string;
  readonly planDigest: string;
  readonly strategy: Strategy;
  /** All hosts of the fleet, also those that do not change. */
  readonly hosts: readonly HostId[];
  /** Before anything changes. */
  readonly baseline: readonly Cell[];
  readonly phases: readonly RunPhase[];
  /** Those to stop: of all members for `full-stop`, of the phase's own host for `rolling-stop`, none for `live`. */
  readonly services: readonly HostServices[];
  /** Addresses that may move between hosts while the run goes on (virtual addresses); no change of theirs is a foreign one. */
  readonly movingAddresses: readonly string[];
  readonly policy: RunPolicy;
}
