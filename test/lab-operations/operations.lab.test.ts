import { afterAll, describe, expect, it } from "vitest";
import { parseIPv4 } from "#ip/index.js";
import { linkName, type Operation, operation } from "#model/index.js";
import { play, runSequence } from "./campaign.js";
import { sweepNamespaces } from "./kernel-host.js";

/** Seeds of the run: 25 by default; `POINTSMAN_SEQUENCES=600 POINTSMAN_FIRST_SEED=1000` is a long one. */
const sequences = Number(process.env["POINTSMAN_SEQUENCES"] ?? 25);
const firstSeed = Number(process.env["POINTSMAN_FIRST_SEED"] ?? 1);

function requireRoot(): void {
  if (process.getuid?.() !== 0) {
    throw new Error(
      "Expected to run as root, because network namespaces are made; run `sudo npx vitest run test/lab-operations`.",
    );
  }
}

afterAll(sweepNamespaces);

describe("applyOperation and the kernel", () => {
  it(`agree on every answer and every state of ${sequences} random sequences`, {
    timeout: 60_000 + sequences * 2_000,
  }, () => {
    requireRoot();
    let operations = 0;
    for (let seed = firstSeed; seed < firstSeed + sequences; seed += 1) {
      const { operations: done, found } = runSequence(seed);
      operations += done;
      expect(found, `seed ${seed}`).toBeNull();
    }
    expect(operations).toBeGreaterThanOrEqual(sequences);
  });

  it("agree on a default that reaches only links without address", () => {
    requireRoot();
    const ip = parseIPv4("10.0.0.1");
    if (ip === null) throw new Error("a constant of the test is wrong");
    const sequence: readonly Operation[] = [
      { kind: "address-add", address: operation.address({ link: linkName("e0"), ip, length: 8 }) },
      { kind: "sysctl", key: "conf.default.rp_filter", value: 1 },
    ];
    expect(play((_, index) => sequence[index] ?? null, [])).toBeNull();
  });
});
