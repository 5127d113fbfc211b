import type { Finding } from "#checks/index.js";
import { checkNetwork } from "../check.js";
import type { Network } from "../network.js";

/** What the checks say of both ends of a change. */
export interface CheckedChange {
  readonly findings: readonly Finding[];
  /** Errors of the target that are not there today: reason to refuse it. */
  readonly newErrors: readonly Finding[];
}

/** Checks the network as it is and the one to come. An error that is there today does not forbid a change that leaves it as it is. */
export function checkChange(before: Network, after: Network): CheckedChange {
  const known = new Set(checkNetwork(before).findings.map(identity));
  const { findings } = checkNetwork(after);
  return {
    findings,
    newErrors: findings.filter((finding) => finding.severity === "error" && !known.has(identity(finding))),
  };
}

function identity({ rule, host, message }: Finding): string {
  return `${rule} ${host} ${message}`;
}
