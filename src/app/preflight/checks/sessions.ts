import type { HostId } from "#model/index.js";
import { inParallel } from "#probe/index.js";
import type { Check, Finding, PreflightContext } from "../check.js";
import { failed, fine } from "../finding.js";
import { say } from "../messages.js";

/** Each host of the fleet gives a session for probes and one for changes. */
export const sessions: Check = {
  name: "sessions",
  look: async (context) => {
    const { hosts } = context.program;
    const found = await inParallel(hosts, 8, (host) => lookAt(context, host));
    const findings = found.flat();
    return findings.length === 0 ? [fine(say.sessions(hosts.length))] : findings;
  },
};

async function lookAt({ reach, sessionOf }: PreflightContext, host: HostId): Promise<readonly Finding[]> {
  const probe = await sessionOf(host);
  const change = await reach.open(host, "change");
  if (change.ok) await change.value.close();
  return [
    ...(probe.ok ? [] : [failed(say.noSession(host, "probes", probe.error.why), "")]),
    ...(change.ok ? [] : [failed(say.noSession(host, "changes", change.error.why), change.error.hint)]),
  ];
}
