import type { RunPolicy } from "#rollout/index.js";

/** How tests want a run where they say nothing else: short times, nothing asked of a person. */
export const TEST_POLICY: RunPolicy = {
  onFailure: "revert-all",
  order: "lock-step",
  pauses: false,
  awaitsConfirmation: false,
  persist: "on-confirm",
  deadlineSeconds: 60,
  confirmMarginSeconds: 10,
  requestTimeoutMs: 3000,
  healthTimeoutSeconds: 20,
  logWatchSeconds: 0,
};
