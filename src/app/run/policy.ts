import type { RunPolicy } from "#rollout/index.js";

/** A run as it goes where nobody says otherwise; its deadline is computed from the budget of its phases. */
export const DEFAULT_POLICY: Omit<RunPolicy, "deadlineSeconds"> = {
  onFailure: "revert-all",
  order: "lock-step",
  pauses: false,
  awaitsConfirmation: false,
  persist: "on-confirm",
  confirmMarginSeconds: 15,
  requestTimeoutMs: 15_000,
  healthTimeoutSeconds: 300,
  logWatchSeconds: 120,
};
