import type { HostStep, RunPhase } from "../run-program.js";

/** Hosts of one phase that go through the three rounds together, under one record. */
export interface Trial {
  readonly phase: RunPhase;
  readonly record: string;
  readonly steps: readonly HostStep[];
}
