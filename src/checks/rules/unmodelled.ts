import type { HostId, Issue } from "#model/index.js";
import { formatSource } from "#model/index.js";
import { hostOf } from "../refusals.js";
import type { CheckInput, Finding, Rule } from "../rule.js";

const name = "unmodelled";

/** Everything that was read and whose effect is not known. */
export const unmodelled: Rule = {
  name,
  title: "Something is not modelled",
  explanation:
    "What is read but not understood is neither dropped nor guessed: it is named here with its place, and each verdict that depends on it is `unknown`, never `safe`.",
  check,
};

function check(input: CheckInput): readonly Finding[] {
  const found = new Map<string, Finding>();
  const add = (issue: Issue, host: HostId | null): void => {
    const place = issue.source === null ? "" : formatSource(issue.source);
    const key = `${issue.code} ${place} ${issue.message}`;
    if (!found.has(key) || (issue.source === null && host !== null))
      found.set(issue.source === null ? `${key} ${host ?? ""}` : key, describe(issue, host));
  };
  for (const host of input.snapshot.hosts.values()) {
    for (const issue of host.unmodelled) add(issue, host.id);
  }
  for (const issue of input.issues) {
    if (issue.severity === "unmodelled" && !isOfHost(input, issue)) add(issue, hostOf(input, issue));
  }
  return [...found.values()];
}

function isOfHost(input: CheckInput, issue: Issue): boolean {
  return [...input.snapshot.hosts.values()].some((host) => host.unmodelled.includes(issue));
}

function describe(issue: Issue, host: HostId | null): Finding {
  return {
    rule: name,
    severity: "note",
    message: issue.message,
    host,
    source: issue.source,
    evidence: [`\`${issue.code}\``],
    wayOut: issue.hint,
  };
}
