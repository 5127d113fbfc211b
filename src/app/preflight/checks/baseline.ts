import { compareCells, type ProbeReading } from "#probe/index.js";
import type { Check } from "../check.js";
import { failed, fine } from "../finding.js";
import { say } from "../messages.js";

/** The matrix is as the plan takes it to be before anything changes. */
export const baseline: Check = {
  name: "baseline",
  look: async ({ program, measure }) => {
    const { disagreements, notMeasured } = compareCells(await measure(program.baseline));
    const cells = program.baseline.length;
    const findings = [
      ...disagreements
        .slice(0, 1)
        .map((first) =>
          failed(say.disagrees(disagreements.length, cells, seenWords(first)), say.disagreesHint),
        ),
      ...notMeasured
        .slice(0, 1)
        .map((first) =>
          failed(
            say.unmeasured(notMeasured.length, cells, `${flowWords(first)}: ${first.why}`),
            say.unmeasuredHint,
          ),
        ),
    ];
    return findings.length === 0 ? [fine(say.agrees(cells))] : findings;
  },
};

function seenWords(reading: ProbeReading): string {
  return `${flowWords(reading)} was expected to be ${reading.cell.expected}, and is ${reading.observed}`;
}

function flowWords({ cell }: ProbeReading): string {
  return `\`${cell.from}\` to \`${cell.to}\``;
}
