import { describe, expect, it } from "vitest";
import type { Issue } from "#model/index.js";
import { at } from "../../../test/fleet-builder.js";
import { configure, lines, refusal, routeStep, runRule } from "../../../test/rule-case.js";
import { unreadableInput } from "./unreadable-input.js";

function issue(severity: Issue["severity"]): Issue {
  return {
    code: "uci/half-a-line",
    severity,
    message: "Half a line.",
    source: at("a/network", 3),
    hint: "Mend it.",
  };
}

describe("unreadable-input", () => {
  it("passes on errors and warnings of the readers with their severity and, where it is plain, their host", () => {
    const steps = [routeStep("default via 10.0.0.1", at("a/network", 1))];
    const findings = runRule(unreadableInput, {
      snapshot: { a: {} },
      configurations: configure({ a: { steps } }),
      issues: [issue("error"), issue("warning")],
    });
    expect(lines(findings)).toEqual(["error a: Half a line.", "warning a: Half a line."]);
    expect(findings[0]?.source).toEqual(at("a/network", 3));
  });

  it("leaves refusals at boot and what is not modelled to their rules", () => {
    const issues = [issue("unmodelled"), refusal("link-is-down", null)];
    expect(runRule(unreadableInput, { snapshot: { a: {} }, issues })).toEqual([]);
  });

  it("names no host where several share the file", () => {
    const steps = [routeStep("default via 10.0.0.1", at("a/network", 1))];
    const configurations = configure({ a: { steps }, b: { steps } });
    const findings = runRule(unreadableInput, {
      snapshot: { a: {}, b: {} },
      configurations,
      issues: [issue("error")],
    });
    expect(lines(findings)).toEqual(["error fleet: Half a line."]);
  });
});
