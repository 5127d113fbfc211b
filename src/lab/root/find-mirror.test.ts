import { describe, expect, it } from "vitest";
import { mirrorIn } from "./find-mirror.js";

const LINES = [
  "nodistro|main|other|other|https://packages.example/other/",
  "bookworm-security|main|Debian|Debian-Security|http://mirror.example/security/",
  "bookworm-updates|main|Debian|Debian|http://mirror.example/updates/",
  "bookworm|contrib|Debian|Debian|http://mirror.example/contrib/",
  "bookworm|main|Debian|Debian|http://mirror.example/debian/",
].join("\n");

describe("mirrorIn", () => {
  it("finds the mirror of the suite itself, not of its updates or of others", () => {
    expect(mirrorIn(LINES, "bookworm")).toBe("http://mirror.example/debian/");
  });

  it.each([
    ["another suite", LINES, "sid"],
    ["no source at all", "", "bookworm"],
  ])("finds nothing in %s", (_, text, suite) => {
    expect(mirrorIn(text, suite)).toBeNull();
  });
});
