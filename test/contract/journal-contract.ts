import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { hostId } from "#model/index.js";
import { type Journal, type NewJournalEntry, renderEntry, verifyJournal } from "#rollout/index.js";

/** A journal under test, and the same again as a later controller opens it. */
export interface JournalUnderTest {
  readonly journal: Journal;
  readonly reopen: () => Promise<Journal>;
  readonly remove: () => void;
}

/** The beginning of a run without phases. */
export const BEGIN: NewJournalEntry = {
  kind: "begin",
  by: "ops@desk",
  program: {
    runId: "20261123T031500Z-3f2a",
    fleet: "home",
    planDigest: `sha256:${"0".repeat(64)}`,
    strategy: "live",
    hosts: [hostId("n1")],
    baseline: [],
    phases: [],
    services: [],
    movingAddresses: [],
    policy: {
      onFailure: "revert-all",
      order: "lock-step",
      pauses: false,
      awaitsConfirmation: false,
      persist: "on-confirm",
      deadlineSeconds: 60,
      confirmMarginSeconds: 5,
      requestTimeoutMs: 5000,
      healthTimeoutSeconds: 60,
      logWatchSeconds: 0,
    },
  },
};

/** Any later entry. */
export function note(detail: string): NewJournalEntry {
  return { kind: "note", what: "test", detail };
}

/** What every journal of a run keeps to, wherever its entries lie. */
export function describeJournal(name: string, make: () => Promise<JournalUnderTest>): void {
  describe(`The journal: ${name}`, () => {
    let under: JournalUnderTest;
    beforeEach(async () => {
      under = await make();
    });
    afterEach(() => under.remove());

    it("begins empty", () => {
      expect(under.journal.entries()).toEqual([]);
    });

    it("gives each entry its place in the chain once it is written", async () => {
      await under.journal.append(BEGIN);
      await under.journal.append(note("one"));
      const entries = under.journal.entries();
      expect(entries.map(({ seq, kind }) => [seq, kind])).toEqual([
        [1, "begin"],
        [2, "note"],
      ]);
      expect(entries[1]?.previous).toBe(entries[0]?.hash);
      expect(verifyJournal(entries.map(renderEntry).join(""))).toEqual({ ok: true, value: entries });
    });

    it("keeps the order of entries that were given without waiting", async () => {
      await under.journal.append(BEGIN);
      await Promise.all(Array.from({ length: 50 }, (_, index) => under.journal.append(note(String(index)))));
      const details = under.journal.entries().flatMap((entry) => (entry.kind === "note" ? entry.detail : []));
      expect(details).toEqual(Array.from({ length: 50 }, (_, index) => String(index)));
    });

    it("is the same to a later controller, which goes on where it ended", async () => {
      await under.journal.append(BEGIN);
      await under.journal.append(note("ümlaut \u2028 \u0000 and \n lines"));
      const again = await under.reopen();
      expect(again.entries()).toEqual(under.journal.entries());
      await again.append(note("later"));
      expect(again.entries().map(({ seq }) => seq)).toEqual([1, 2, 3]);
      expect((await under.reopen()).entries()).toEqual(again.entries());
    });
  });
}
