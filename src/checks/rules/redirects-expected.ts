import { fewLines, grouped } from "../evidence.js";
import type { CheckInput, Finding, Rule } from "../rule.js";

const name = "redirects-expected";

/** The line that the walk writes where the kernel would send a redirect. */
const REDIRECT = /^`([^`]+)` sends a redirect to /;

/** Hosts that will send ICMP redirects. */
export const redirectsExpected: Rule = {
  name,
  title: "ICMP redirects are to be expected",
  explanation:
    "A host that forwards a packet out of the link on which it came, for a sender on that link, tells the sender a better next hop. Receivers keep that for 300 seconds and overrule their routes with it, also after a change. The router no longer sees the traffic that it was meant to filter.",
  check,
};

function check(input: CheckInput): readonly Finding[] {
  const lines = new Set(input.flows().flatMap((flow) => flow.findings.filter((line) => REDIRECT.test(line))));
  return grouped(lines, (line) => REDIRECT.exec(line)?.[1] ?? "").flatMap((sent) => describe(input, sent));
}

function describe(input: CheckInput, sent: readonly string[]): readonly Finding[] {
  const sender = [...input.snapshot.hosts.keys()].find((id) => REDIRECT.exec(sent[0] ?? "")?.[1] === id);
  if (sender === undefined) return [];
  return [
    {
      rule: name,
      severity: "warning",
      message: `\`${sender}\` will send ICMP redirects: it forwards packets out of the link on which they came in.`,
      host: sender,
      source: null,
      evidence: fewLines(sent),
      wayOut: `Give the senders the prefix or route that makes the detour unnecessary; or, where the detour is wanted, set \`net.ipv4.conf.all.send_redirects\` and the link's own to 0 on \`${sender}\`.`,
    },
  ];
}
