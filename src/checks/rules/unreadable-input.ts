import { hostOf } from "../refusals.js";
import type { CheckInput, Finding, Rule } from "../rule.js";

const name = "unreadable-input";

/** What the readers of files have to say besides what is not modelled. */
export const unreadableInput: Rule = {
  name,
  title: "A file is damaged or says something doubtful",
  explanation:
    "A part of the input could not be read, or was read and is most likely not what was meant. All other findings hold only for the part that could be read.",
  check: (input: CheckInput) =>
    input.issues.flatMap((issue): readonly Finding[] => {
      if (issue.severity === "unmodelled" || issue.code.startsWith("boot/")) return [];
      return [
        {
          rule: name,
          severity: issue.severity,
          message: issue.message,
          host: hostOf(input, issue),
          source: issue.source,
          evidence: [`\`${issue.code}\``],
          wayOut: issue.hint,
        },
      ];
    }),
};
