import type { Clock } from "#rollout/index.js";

interface Timer {
  readonly atMs: number;
  readonly order: number;
  readonly fire: () => void;
}

/** Time that goes on when nobody has anything left to do: hours of a run in milliseconds, and the same every time. */
export class VirtualClock implements Clock {
  #nowMs = 0;
  #order = 0;
  #timers: Timer[] = [];

  now(): string {
    return new Date(Date.UTC(2026, 0, 1) + this.#nowMs).toISOString();
  }

  monotonicMs(): number {
    return this.#nowMs;
  }

  sleep(ms: number): Promise<void> {
    return new Promise((resolve) => this.at(this.#nowMs + Math.max(0, ms), resolve));
  }

  /** Has something done at that time, or now if it is over. */
  at(atMs: number, fire: () => void): void {
    this.#timers.push({ atMs: Math.max(atMs, this.#nowMs), order: this.#order++, fire });
  }

  /** Lets time go on until `isOver` or until nothing is left to happen. Throws where that would take more than so many steps. */
  async run(isOver: () => boolean, mostSteps = 200_000): Promise<void> {
    for (let step = 0; step < mostSteps; step++) {
      await new Promise((resolve) => setImmediate(resolve));
      if (isOver()) return;
      const next = this.#next();
      if (next === undefined) return;
      this.#nowMs = next.atMs;
      next.fire();
    }
    throw new Error("a run does not end");
  }

  #next(): Timer | undefined {
    if (this.#timers.length === 0) return undefined;
    let first = 0;
    for (const [index, timer] of this.#timers.entries()) {
      const best = this.#timers[first];
      if (best === undefined) continue;
      if (timer.atMs < best.atMs || (timer.atMs === best.atMs && timer.order < best.order)) first = index;
    }
    return this.#timers.splice(first, 1)[0];
  }
}
