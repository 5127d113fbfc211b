import { setTimeout as sleep } from "node:timers/promises";

const POLL_MS = 20;

/** Asks again and again until it is so; false when it was not so in time. */
export async function within(timeoutMs: number, isSo: () => boolean | Promise<boolean>): Promise<boolean> {
  const end = performance.now() + timeoutMs;
  for (;;) {
    if (await isSo()) return true;
    if (performance.now() >= end) return false;
    await sleep(POLL_MS);
  }
}
