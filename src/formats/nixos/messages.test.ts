import { describe, expect, it } from "vitest";
import {
  budgetIssue,
  conflictIssue,
  globalDhcpIssue,
  missingFileIssue,
  missingImportIssue,
  notAModuleIssue,
  syntaxIssue,
  tooLargeIssue,
  wrongTypeIssue,
} from "./messages.js";

const source = { file: "a.nix", line: 2, column: 3 };

describe("messages", () => {
  it.each([
    [syntaxIssue({ kind: "syntax", expected: "`;`", found: "}", at: 0 }, source), "Expected `;`, found `}`."],
    [
      syntaxIssue({ kind: "duplicate", expected: "", found: "a", at: 0 }, source),
      "Expected each attribute once, found `a` a second time.",
    ],
    [
      syntaxIssue({ kind: "too-deep", expected: "", found: "(", at: 0 }, source),
      "Expected an expression of at most 300 nested levels, found a deeper one at `(`.",
    ],
    [tooLargeIssue("a.nix", 3, 2), "Expected a module of at most `2` characters, found `3`."],
    [missingFileIssue("a.nix"), "Expected a NixOS module, found no file `a.nix`."],
    [
      missingImportIssue("`b.nix`: there is no such file in the configuration tree", source),
      "Expected a module that can be read here, found the import `b.nix`: there is no such file in the configuration tree.",
    ],
    [
      notAModuleIssue("a list", source),
      "Expected a module (an attribute set, or a function that gives one), found a list.",
    ],
    [
      budgetIssue(source),
      "Expected a module that evaluates in a bounded number of steps, found one that does not end in time.",
    ],
    [
      wrongTypeIssue("networking.x", "a string", "a list", source),
      "Expected a string for `networking.x`, found `a list`.",
    ],
    [
      conflictIssue("networking.x", ["a", "b"], source),
      "Expected one value for `networking.x`, found `a` and `b` of the same priority.",
    ],
    [
      globalDhcpIssue(source),
      "Expected each link that runs DHCP by name, found `networking.useDHCP = true`: every Ethernet link without addresses runs it.",
    ],
  ])("says what was expected and what was found (%#)", (issue, message) => {
    expect(issue.message).toBe(message);
    expect(issue.code).toMatch(/^nixos\/[a-z-]+$/);
    expect(issue.hint).toMatch(/^[A-Z].*\.$/);
    expect(issue.source?.file).toBe("a.nix");
  });
});
