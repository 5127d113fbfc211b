/** Why a run does not go on. `policy`: what becomes of confirmed phases is the policy's; `all`: everything is taken back. */
export interface Halt {
  readonly why: string;
  readonly scope: "policy" | "all";
}

/** A halt by which the policy decides about confirmed phases. */
export function halt(why: string): Halt {
  return { why, scope: "policy" };
}
