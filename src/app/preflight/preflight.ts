import type { Check, Finding, PreflightCheck, PreflightContext } from "./check.js";
import { CHECKS } from "./checks.js";

/** Names of all checks, in the order in which they are made. */
export const PREFLIGHT_CHECKS: readonly string[] = CHECKS.map(({ name }) => name);

const WORST_FIRST = ["failed", "warning", "skipped", "ok"] as const;

/**
 * Looks at everything that a run wants to find well before it changes anything. One result for each check and outcome, in the order of the
 * list; changes nothing but the host program, which is installed where it is missing. Never throws; a check that breaks has failed.
 */
export async function preflight(context: PreflightContext): Promise<readonly PreflightCheck[]> {
  const results: PreflightCheck[] = [];
  for (const check of CHECKS) results.push(...(await lookAt(check, context)));
  return results;
}

async function lookAt(check: Check, context: PreflightContext): Promise<readonly PreflightCheck[]> {
  const { name } = check;
  if (context.skipped.includes(name))
    return [{ name, outcome: "skipped", detail: "The operator skipped it.", hint: "" }];
  const findings = await lookSafely(check, context);
  return WORST_FIRST.flatMap((outcome) => told(name, outcome, findings));
}

async function lookSafely(check: Check, context: PreflightContext): Promise<readonly Finding[]> {
  try {
    return await check.look(context);
  } catch (error) {
    const words = error instanceof Error ? error.message : String(error);
    return [
      { outcome: "failed", detail: `The check itself broke: ${words}.`, hint: "Report this as a bug." },
    ];
  }
}

function told(
  name: string,
  outcome: PreflightCheck["outcome"],
  findings: readonly Finding[],
): readonly PreflightCheck[] {
  const own = findings.filter((finding) => finding.outcome === outcome);
  if (own.length === 0) return [];
  return [
    {
      name,
      outcome,
      detail: unique(own.map(({ detail }) => detail)).join(" "),
      hint: unique(own.map(({ hint }) => hint)).join(" "),
    },
  ];
}

function unique(texts: readonly string[]): readonly string[] {
  return [...new Set(texts.filter((text) => text !== ""))];
}
