import { fewLines, grouped } from "../evidence.js";
import { type FailedFlow, failedFlows, flowLine, severityOfLoss } from "../flow-cause.js";
import type { CheckInput, Finding, Rule } from "../rule.js";

const name = "rp-filter-drop";

/** Flows that source validation drops. */
export const rpFilterDrop: Rule = {
  name,
  title: "Source validation (rp_filter) drops packets",
  explanation:
    "With `rp_filter` 1 a host drops what arrives on another link than the one by which it would answer, with 2 what it could not answer at all; the larger of `conf.all` and `conf.LINK` counts. ARP requests are looked up in the same way, so that the host may not even answer these.",
  check,
};

function check(input: CheckInput): readonly Finding[] {
  const dropped = failedFlows(input).filter(({ drop }) => drop.rule.startsWith("rp_filter"));
  return grouped(dropped, ({ drop }) => `${drop.host} ${drop.link ?? ""}`).flatMap((failed) =>
    describe(input, failed),
  );
}

function describe(input: CheckInput, failed: readonly FailedFlow[]): readonly Finding[] {
  const [first] = failed;
  if (first === undefined) return [];
  const { drop, flow } = first;
  const source = input.snapshot.hosts.get(drop.host)?.links.find((link) => link.name === drop.link)?.source;
  const count = failed.length === 1 ? "one flow" : `${failed.length} flows`;
  return [
    {
      rule: name,
      severity: severityOfLoss(failed),
      message: `\`${drop.host}\` drops ${count} on \`${drop.link ?? "any link"}\` by \`${drop.rule.replace(" ", "=")}\`: ${drop.why}.`,
      host: drop.host,
      source: source ?? null,
      evidence: fewLines(failed.map((one) => flowLine(input, one.flow))),
      wayOut: `Make the way back from \`${drop.host}\` to \`${flow.from}\` leave by \`${drop.link ?? "the same link"}\`; or set \`net.ipv4.conf.all.rp_filter\` and \`net.ipv4.conf.${drop.link ?? "LINK"}.rp_filter\` to 2 (loose) or 0.`,
    },
  ];
}
