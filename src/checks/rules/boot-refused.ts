import {
  type BootRefusal,
  hostOfRefusal,
  isGatewayNotOnlink,
  isSecondDefault,
  refusalsOf,
} from "../refusals.js";
import type { CheckInput, Finding, FindingSeverity, Rule } from "../rule.js";

const name = "boot-refused";

/** Refusals after which the wanted thing is there all the same. */
const ALREADY_THERE: ReadonlySet<string> = new Set(["address-exists", "link-exists", "rule-exists"]);

/** Kernel operations of the configuration that a boot does not get through. */
export const bootRefused: Rule = {
  name,
  title: "The kernel refuses a part of the configuration",
  explanation:
    "A boot carries out the configuration as single kernel operations. What the kernel refuses is missing afterwards, and some platforms leave out the rest of the same script as well. Gateways that are not on-link and second default routes have rules of their own.",
  check: (input: CheckInput) =>
    refusalsOf(input)
      .filter(
        (refusal) =>
          refusal.issue.severity !== "unmodelled" &&
          !isGatewayNotOnlink(refusal) &&
          !isSecondDefault(refusal),
      )
      .map((refusal) => describe(input, refusal)),
};

function describe(input: CheckInput, refusal: BootRefusal): Finding {
  const { issue, at } = refusal;
  const unit = at?.step.unit ?? "";
  const rest =
    at === null
      ? []
      : [
          at.step.onRefusal === "stop-unit"
            ? `the rest of \`${unit}\` is left out as well`
            : `the boot goes on with the rest of \`${unit}\``,
        ];
  return {
    rule: name,
    severity: severityOf(refusal),
    message: issue.message,
    host: hostOfRefusal(input, refusal),
    source: issue.source,
    evidence: [`\`${issue.code}\``, ...rest],
    wayOut: issue.hint,
  };
}

function severityOf({ kind, issue }: BootRefusal): FindingSeverity {
  return issue.severity === "warning" || ALREADY_THERE.has(kind) ? "warning" : "error";
}
