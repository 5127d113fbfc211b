import { describe, expect, it } from "vitest";
import { parseArmed, parseStatus, whyOf } from "./parse-answers.js";

const HEAD = "host pointsman-host 1\nboot 1b-2c\nuptime 120\n";

describe("The answer to status", () => {
  it("has the claim and each record, oldest first", () => {
    const text = `${HEAD}claim r1\nrecord r1-services switched rebooted no left 300 persisted no note\nrecord r1-p1 confirmed rebooted yes left - persisted failed note no space: left\n`;
    expect(parseStatus(text)).toEqual({
      ok: true,
      value: {
        bootId: "1b-2c",
        uptimeSeconds: 120,
        claim: "r1",
        records: [
          {
            id: "r1-services",
            state: "switched",
            hasRebooted: false,
            secondsLeft: 300,
            persisted: "no",
            note: "",
          },
          {
            id: "r1-p1",
            state: "confirmed",
            hasRebooted: true,
            secondsLeft: null,
            persisted: "failed",
            note: "no space: left",
          },
        ],
      },
    });
  });

  it("has no claim where the host says `-`", () => {
    expect(parseStatus(`${HEAD}claim -\n`)).toMatchObject({ ok: true, value: { claim: null, records: [] } });
  });

  it.each([
    ["nothing", "", "Expected `host pointsman-host 1` from the host program, found nothing"],
    ["another version", HEAD.replace("1\n", "2\n"), "found `host pointsman-host 2`"],
    ["no boot id", "host pointsman-host 1\nuptime 3\n", "Expected `boot` and the boot id"],
    ["no uptime", "host pointsman-host 1\nboot 1b\nuptime soon\n", "Expected `uptime` and whole seconds"],
    ["no claim", `${HEAD}`, "Expected `claim` and a run or `-`"],
    ["half a record", `${HEAD}claim -\nrecord r1-p1 arm`, "Expected a line feed at the end of the answer"],
    [
      "an unknown state",
      `${HEAD}claim -\nrecord a asleep rebooted no left - persisted no note\n`,
      "Expected a record",
    ],
    [
      "a record twice",
      `${HEAD}claim -\n${"record a armed rebooted no left 1 persisted no note\n".repeat(2)}`,
      "Expected each record once",
    ],
    ["a line more", `${HEAD}claim -\nhello\n`, "Expected a record from the host program, found `hello`"],
  ])("with %s is an error in words, never half a status", (_, text, words) => {
    const status = parseStatus(text);
    expect(status.ok).toBe(false);
    expect(status.ok ? "" : status.error).toContain(words);
  });
});

describe("The answer to arm", () => {
  it("has deadline and boot id", () => {
    expect(parseArmed("armed r-p1 deadline 400 boot 1b-2c\n")).toEqual({
      ok: true,
      value: { deadlineUptime: 400, bootId: "1b-2c" },
    });
  });

  it("is an error in words where they are missing", () => {
    expect(parseArmed("why already armed\n")).toEqual({
      ok: false,
      error:
        "Expected `armed ID deadline SECONDS boot BOOTID` from the host program, found `why already armed`: another version of it, or not its answer.",
    });
  });
});

describe("The reason of a refusal", () => {
  it("is its last line `why`", () => {
    expect(whyOf("note x\nwhy first\nwhy claimed by r2\n")).toBe("claimed by r2");
  });

  it("is empty where there is none", () => {
    expect(whyOf("")).toBe("");
    expect(whyOf("whynot\n")).toBe("");
  });
});
