import type { FlowResult } from "#dataplane/index.js";
import type { HostId } from "#model/index.js";
import { fewLines, grouped, listed } from "../evidence.js";
import { flowLine } from "../flow-cause.js";
import type { CheckInput, Finding, Rule } from "../rule.js";

const name = "asymmetric-path";

/** Flows whose reply takes another way than the request. */
export const asymmetricPath: Rule = {
  name,
  title: "Request and reply take different ways",
  explanation:
    "Each direction follows the sender's own tables, so differing prefix lengths or gateways give two ways. It works, until a stateful firewall on only one of them sees half of each connection, or source validation becomes strict.",
  check,
};

interface OneSided {
  readonly flow: FlowResult;
  readonly out: readonly HostId[];
  readonly back: readonly HostId[];
}

function check(input: CheckInput): readonly Finding[] {
  const uneven = input.flows().flatMap((flow): readonly OneSided[] => {
    if (flow.verdict !== "delivered") return [];
    const out = flow.path.slice(0, -1);
    const back = flow.back.slice(0, -1).reverse();
    return out.join(" ") === back.join(" ") ? [] : [{ flow, out, back }];
  });
  // The same pair of ways, seen from its other end, is one finding.
  const keyOf = ({ out, back }: OneSided): string =>
    [out.join(" "), back.join(" "), [...out].reverse().join(" "), [...back].reverse().join(" ")]
      .sort()
      .join("|");
  return grouped(uneven, keyOf).flatMap((group) => describe(input, group));
}

function describe(input: CheckInput, group: readonly OneSided[]): readonly Finding[] {
  const [first] = group;
  if (first === undefined) return [];
  const { flow, out, back } = first;
  const half = [...new Set([...out, ...back])].filter((host) => out.includes(host) !== back.includes(host));
  const isStateful =
    input.fleet?.hosts.some((host) => host.role === "router" && half.includes(host.id)) ?? false;
  return [
    {
      rule: name,
      severity: isStateful ? "warning" : "note",
      message: `\`${flow.from}\` reaches \`${flow.to}\` ${way(out)}, and the reply comes back ${way([...back].reverse())}.`,
      host: flow.from,
      source: null,
      evidence: [
        half.length === 0
          ? "the same hosts in another order"
          : `${listed(half)} ${half.length === 1 ? "sees" : "see"} one direction only`,
        ...fewLines(group.map((one) => flowLine(input, one.flow))),
      ],
      wayOut:
        "Give both ends the same prefix length and the same gateway between their networks; until then keep stateful filters and strict `rp_filter` off these hosts.",
    },
  ];
}

function way(hosts: readonly HostId[]): string {
  return hosts.length === 0 ? "directly" : `through ${listed(hosts)}`;
}
