import { formatIPv4, type IPv4 } from "#ip/index.js";
import type { HostId } from "#model/index.js";
import type { HelperProposal } from "../helper-stage.js";
import { type Ask, decisionsOf, type Propose } from "./ask.js";
import { routeTo } from "./surroundings.js";

/** The next hop of each decision with the Ethernet address of each host that has it at one end. */
export const proposePinnedNeighbour: Propose = (ask) =>
  targetsOf(ask).flatMap(({ host, target }) =>
    ask.around.legsOf(host).flatMap((leg) =>
      ask.around
        .near(leg)
        .filter((other) => ask.around.ownersOf(target).includes(other.host))
        .flatMap((other): readonly HelperProposal[] => {
          const { mac } = other.link;
          if (mac === null) return [];
          const neighbour = { link: leg.link.name, ip: target, mac, state: "permanent", isProxy: false };
          return [
            {
              kind: "pinned-neighbour",
              host,
              make: [{ kind: "neighbour-replace", neighbour }],
              why: `\`${formatIPv4(target)}\` is \`${other.host}\` (\`${mac}\`), whoever else answers`,
              shape: `${formatIPv4(target)} on ${leg.link.name} is ${other.host} ${other.link.name}`,
            },
          ];
        }),
    ),
  );

/** Whom each host of the way asks for: its gateway at either end, or the destination itself. */
function targetsOf(ask: Ask): readonly { readonly host: HostId; readonly target: IPv4 }[] {
  const all = decisionsOf(ask).flatMap(({ host, destination }) => {
    const gateways = ask.around
      .endsOf(host)
      .flatMap((end) => routeTo(end, destination)?.gateway ?? destination);
    return [...gateways, destination].map((target) => ({ host, target }));
  });
  return [...new Map(all.map((each) => [`${each.host} ${each.target}`, each])).values()];
}
