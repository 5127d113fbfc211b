import { formatIPv4, type IPv4 } from "#ip/index.js";
import type { Cluster } from "#model/index.js";
import { type AddressAnswer, askVirtualAddress } from "#probe/index.js";
import type { Check, Finding, PreflightContext } from "../check.js";
import { failed, fine, passedOver, warning } from "../finding.js";
import { named, say } from "../messages.js";

/** Exactly one host answers for the virtual address of each cluster, as two hosts or more hear it. */
export const virtualAddress: Check = {
  name: "virtual-address",
  look: async (context) => {
    const addresses = context.clusters.flatMap((cluster) =>
      cluster.vip === null ? [] : [{ cluster, vip: cluster.vip }],
    );
    if (addresses.length === 0) return [passedOver(say.noAddress)];
    return Promise.all(addresses.map(({ cluster, vip }) => lookAt(context, cluster, vip)));
  },
};

async function lookAt(context: PreflightContext, cluster: Cluster, vip: IPv4): Promise<Finding> {
  const address = formatIPv4(vip);
  const observers = [...cluster.servers, ...cluster.agents].map(({ host }) => host);
  return judgeHolders(address, await askVirtualAddress(context.sessionOf, address, observers));
}

/** What follows from the answers that observers heard. Pure. */
export function judgeHolders(address: string, answers: readonly AddressAnswer[]): Finding {
  const heard = answers.flatMap((answer) => (answer.kind === "heard" ? [answer] : []));
  const macs = [...new Set(heard.flatMap((answer) => answer.macs))];
  const holders = heard.filter(({ isHolder }) => isHolder).map(({ observer }) => observer);
  // A holder does not hear itself; whoever else hears it hears one Ethernet address.
  if (holders.length > 1 || macs.length > 1)
    return failed(say.holders(address, foundWords(holders, macs)), say.holdersHint);
  const why = answers.flatMap((answer) =>
    answer.kind === "not-measured" ? [`\`${answer.observer}\`: ${answer.why}`] : [],
  );
  if (holders.length === 0 && macs.length === 0) {
    return heard.length === 0
      ? warning(say.addressUnknown(address, why.join("; ")), "")
      : failed(say.holders(address, "nobody"), say.holdersHint);
  }
  const [holder] = holders;
  return fine(say.holder(address, holder === undefined ? (macs[0] ?? "") : `\`${holder}\``));
}

function foundWords(holders: readonly string[], macs: readonly string[]): string {
  const parts = [
    ...(holders.length > 1 ? [`that ${named(holders)} have it`] : []),
    ...(macs.length > 1 ? [`answers of ${named(macs)}`] : []),
  ];
  return parts.join(" and ");
}
