import type { Draft } from "./draft.js";
import type { Interfaces } from "./interfaces.js";
import type { LinkPlan } from "./links.js";

/** A boot under way: what was brought up so far. */
export interface Boot {
  readonly interfaces: Interfaces;
  readonly draft: Draft;
  /** Interfaces that were brought up, and those whose lower ones are being brought up right now. */
  readonly done: Set<string>;
  readonly open: Set<string>;
  /** Links that were made, set up, given an MTU, made a port. */
  readonly made: Set<string>;
  readonly ups: Set<string>;
  readonly mtus: Map<string, number>;
  readonly masters: Map<string, string>;
  readonly plans: Map<string, LinkPlan>;
}

/** Starts with the loopback, which is there before any script. */
export function newBoot(interfaces: Interfaces, draft: Draft): Boot {
  return {
    interfaces,
    draft,
    done: new Set(),
    open: new Set(),
    made: new Set(["lo"]),
    ups: new Set(["lo"]),
    mtus: new Map(),
    masters: new Map(),
    plans: new Map(),
  };
}
