import { describe, expect, it } from "vitest";
import type { Issue } from "#model/index.js";
import { at } from "../../../test/fleet-builder.js";
import { lines, runRule } from "../../../test/rule-case.js";
import { unmodelled } from "./unmodelled.js";

function issue(message: string, source: Issue["source"] = null): Issue {
  return { code: "nft/rule", severity: "unmodelled", message, source, hint: "Check by hand." };
}

describe("unmodelled", () => {
  it("notes what is not known of each host, with its place", () => {
    const place = at("a/nft.json", 4);
    const findings = runRule(unmodelled, {
      snapshot: { a: { unmodelled: [issue("A firewall rule.", place)] }, b: {} },
    });
    expect(findings).toEqual([
      {
        rule: "unmodelled",
        severity: "note",
        message: "A firewall rule.",
        host: "a",
        source: place,
        evidence: ["`nft/rule`"],
        wayOut: "Check by hand.",
      },
    ]);
  });

  it("says the same thing once, and of two hosts without a place twice", () => {
    const same = issue("A firewall rule.", at("shared.nix", 4));
    const placeless = issue("No `sysctl.txt`.");
    const snapshot = { a: { unmodelled: [same, placeless] }, b: { unmodelled: [same, placeless] } };
    expect(lines(runRule(unmodelled, { snapshot, issues: [same] }))).toEqual([
      "note a: A firewall rule.",
      "note a: No `sysctl.txt`.",
      "note b: No `sysctl.txt`.",
    ]);
  });

  it("also notes issues that belong to no host, and leaves errors and warnings to their rule", () => {
    const issues = [issue("A file of the fleet."), { ...issue("An error."), severity: "error" as const }];
    expect(lines(runRule(unmodelled, { snapshot: { a: {} }, issues }))).toEqual([
      "note fleet: A file of the fleet.",
    ]);
  });
});
