import { describe, expect, it } from "vitest";
import { greetShell } from "./greet-shell.js";

describe("greetShell", () => {
  it("ends a shell that does not answer in time", async () => {
    expect(await greetShell(["sleep", "300"], 200)).toEqual({ kind: "timed-out", afterMs: 200 });
  });

  it("says how a shell ended that did not answer, a signal as 128 and its number", async () => {
    expect(await greetShell(["sh", "-c", "kill -TERM $$"], 20_000)).toEqual({
      kind: "ended",
      end: { code: 143, stderr: "" },
    });
  });
});
