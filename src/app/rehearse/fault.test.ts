import { describe, expect, it } from "vitest";
import { hostId, linkName } from "#model/index.js";
import { describeFault, listFaults, pickFaults } from "./fault.js";

const victim = (phase: number) => ({ phase, host: hostId("n1"), link: linkName("eth0") });

describe("the faults of a rehearsal", () => {
  it("strike one host of each phase, at each of their moments", () => {
    const faults = listFaults([victim(1), victim(2)], 1);
    expect(faults.filter((fault) => fault.kind !== "controller-killed" && fault.phase === 2)).toHaveLength(
      16,
    );
    expect(faults).toHaveLength(32);
  });

  it("kill the controller after every entry of the journal but the last", () => {
    const faults = listFaults([], 4);
    expect(faults).toEqual([1, 2, 3].map((entry) => ({ kind: "controller-killed", entry })));
  });

  it("are spread over all kinds where only some are wanted", () => {
    const faults = listFaults([victim(1)], 24);
    const kinds = pickFaults(faults, 8).map(({ kind }) => kind);
    expect(new Set(kinds).size).toBeGreaterThan(4);
    expect(kinds[0]).toBe("session-reset");
    expect(kinds.at(-1)).toBe("controller-killed");
  });

  it("are all of them where more are wanted than there are", () => {
    const faults = listFaults([victim(1)], 3);
    expect(pickFaults(faults, 1000)).toEqual(faults);
  });

  it("are named with their place", () => {
    expect(describeFault({ kind: "loss", moment: "armed", ...victim(2) })).toBe(
      "eth0 of n1 loses 30 % of its frames, phase 2, when armed",
    );
    expect(describeFault({ kind: "controller-killed", entry: 7 })).toBe(
      "controller killed after entry 7 of the journal",
    );
  });
});
