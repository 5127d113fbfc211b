import { describe, expect, it } from "vitest";
import { say } from "./messages.js";

describe("messages of the shared root", () => {
  it.each([
    [
      say.notRoot(),
      "not-possible",
      "The lab's shared root is made by debootstrap, which needs root; this process is not root.",
      "Run it as root.",
    ],
    [
      say.noMirror("bookworm"),
      "not-possible",
      "Expected a source of `bookworm main` of Debian among the sources of apt (`apt-get indextargets`), found none.",
      "Add one, run `apt-get update`, then try again.",
    ],
    [
      say.stepFailed("debootstrap", { cause: new Error("debootstrap ended with 1"), log: "/cache/root.log" }),
      "failed",
      "The lab's shared root could not be made: step `debootstrap` failed (debootstrap ended with 1). Nothing half-made is left.",
      "What its commands said is in `/cache/root.log`; try again when the cause is gone.",
    ],
    [
      say.lockTimedOut("/cache/lock", 900),
      "timed-out",
      "Another process makes the lab's shared root; it was not ready after 900 seconds (lock `/cache/lock`).",
      "Wait for it, or end it, then try again.",
    ],
  ])("%s", (error, code, message, hint) => {
    expect([error.code, error.message, error.hint]).toEqual([code, message, hint]);
  });
});
