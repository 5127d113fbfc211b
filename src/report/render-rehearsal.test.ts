import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import type { RehearsedRunView } from "./rehearsal-view.js";
import { renderRehearsal, renderRehearsalJson } from "./render-rehearsal.js";
import { PLAIN } from "./style-text.js";

const clean: RehearsedRunView = {
  fault: null,
  outcome: "done",
  exitCode: 0,
  wasResumed: false,
  state: { whole: "new", strange: [], absent: [] },
  worst: null,
  lostEchoes: 0,
  sentEchoes: 9000,
  secondsToWhole: 12.34,
  isAsPromised: true,
  said: "",
};
const killed: RehearsedRunView = {
  ...clean,
  fault: "n1 loses its power for good, phase 1, when armed",
  outcome: "rollback incomplete",
  exitCode: 5,
  wasResumed: true,
  state: { whole: "old", strange: [], absent: ["n1"] },
  worst: { from: "n2", to: "10.0.0.3", longestGapMs: 420 },
  lostEchoes: 43,
};
const broken: RehearsedRunView = {
  ...clean,
  fault: "the disk of n1 is full, phase 1, when armed",
  outcome: "rolled back",
  exitCode: 4,
  state: {
    whole: "neither",
    strange: [{ host: "n1", lines: ["ip addr add 10.0.0.1/16 dev eth0"] }],
    absent: [],
  },
  isAsPromised: false,
  said: "Rolled back: the gate of phase 1 failed.\n",
};

describe("a rehearsal as a table", () => {
  it("has a line for each run and says that all is as promised", () => {
    const text = renderRehearsal({ planDigest: "sha256:0", hosts: 4, runs: [clean, killed] }, PLAIN);
    expect(text.split("\n").map((line) => line.split(/ {2,}/))).toEqual([
      ["fault", "outcome", "fleet", "longest gap", "whole after"],
      ["none", "done", "all new", "none", "12.3 s"],
      [
        "n1 loses its power for good, phase 1, when armed",
        "rollback incomplete, resumed",
        "all old, n1 without power",
        "420 ms n2 -> 10.0.0.3 (43 lost in all)",
        "12.3 s",
      ],
      [""],
      [
        "As promised: 2 runs of the plan on a twin of its 4 hosts; every fleet ended whole, as its exit code says.",
      ],
      [""],
    ]);
  });

  it("names what is not whole and what the controller said of it", () => {
    const text = renderRehearsal({ planDigest: "sha256:0", hosts: 4, runs: [clean, broken] }, PLAIN);
    expect(text).toContain("NOT WHOLE");
    expect(text).toContain(
      "    n1:\n      ip addr add 10.0.0.1/16 dev eth0\n    Rolled back: the gate of phase 1 failed.\n",
    );
    expect(text).toContain(
      "Not as promised: 1 of 2 runs of the plan on a twin of its 4 hosts. Do not apply this plan before you know why.",
    );
  });

  it("is one JSON document that its schema describes", () => {
    const view = { planDigest: "sha256:0", hosts: 4, runs: [clean, killed, broken] };
    const schema = readFileSync(new URL("../../schemas/rehearsal.schema.json", import.meta.url), "utf8");
    const printed: unknown = JSON.parse(renderRehearsalJson(view));
    expect(z.fromJSONSchema(JSON.parse(schema)).parse(printed)).toEqual({ schemaVersion: 1, ...view });
  });
  it("is the same as JSON", () => {
    const json: unknown = JSON.parse(
      renderRehearsalJson({ planDigest: "sha256:0", hosts: 4, runs: [killed] }),
    );
    expect(json).toEqual({ schemaVersion: 1, planDigest: "sha256:0", hosts: 4, runs: [killed] });
  });
});
