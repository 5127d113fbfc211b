import { type CompiledLink, compileHost, lookupRoute } from "#dataplane/index.js";
import { contains, formatIPv4, prefix } from "#ip/index.js";
import type { Host } from "#model/index.js";
import { fewLines } from "../evidence.js";
import type { CheckInput, Finding, Rule } from "../rule.js";
import { addressesOf, allAddresses, type Placed, topologyOf } from "../topology.js";

const name = "proxy-arp-shared-prefix";

/** Hosts that answer ARP for addresses inside their neighbours' own prefix. */
export const proxyArpSharedPrefix: Rule = {
  name,
  title: "Proxy ARP under a shared prefix",
  explanation:
    "A host with `proxy_arp` answers on a link for every address that it would forward to another link. Where the neighbours' prefix holds these addresses, its MAC address becomes theirs; where a true owner hears the request too, the first answer wins, and all of them may end with one MAC address.",
  check,
};

function check(input: CheckInput): readonly Finding[] {
  return [...input.snapshot.hosts.values()].flatMap((host) =>
    compileHost(host)
      .links.filter((link) => link.isArpProxy && link.forwards && link.mediumId !== -1)
      .flatMap((link) => checkLink(input, host, link)),
  );
}

interface Answer {
  readonly target: Placed;
  /** Whether its owner hears the same request. */
  readonly isContested: boolean;
}

function checkLink(input: CheckInput, host: Host, link: CompiledLink): readonly Finding[] {
  const segment = topologyOf(input.snapshot).neighboursOf(host, link.name);
  const askers = addressesOf(segment).filter((placed) => placed.host.id !== host.id);
  const targets = allAddresses(input.snapshot).filter((placed) => placed.host.id !== host.id);
  const answers = targets.flatMap((target): readonly Answer[] => {
    const asker = askers.find(
      (one) =>
        one.host.id !== target.host.id &&
        contains(prefix(one.address.ip, one.address.length), target.address.ip),
    );
    if (asker === undefined || !isAnswered(host, link, { asker, target })) return [];
    return [{ target, isContested: segment.some((member) => member.host.id === target.host.id) }];
  });
  return answers.length === 0 ? [] : [describe(host, link, answers)];
}

/** net/ipv4/arp.c, arp_process: a proxy answers for what it would forward to another link. */
function isAnswered(
  host: Host,
  link: CompiledLink,
  { asker, target }: { readonly asker: Placed; readonly target: Placed },
): boolean {
  const key = { source: asker.address.ip, destination: target.address.ip, incoming: link, outgoing: null };
  const found = lookupRoute(compileHost(host), key);
  return found.kind === "found" && found.route.type === "unicast" && found.route.link !== link.name;
}

function describe(host: Host, link: CompiledLink, answers: readonly Answer[]): Finding {
  const contested = answers.some((answer) => answer.isContested);
  const count = answers.length === 1 ? "one address" : `${answers.length} addresses`;
  return {
    rule: name,
    severity: contested ? "error" : "warning",
    message: `\`${host.id}\` answers ARP on \`${link.name}\` as a proxy for ${count} inside its neighbours' own prefix${contested ? ", against their owners" : ""}.`,
    host: host.id,
    source: link.link.source,
    evidence: fewLines(
      answers.map(
        ({ target, isContested }) =>
          `\`${formatIPv4(target.address.ip)}\` of \`${target.host.id}\`${isContested ? ", which is on the same segment: the first answer wins" : ""}`,
      ),
    ),
    wayOut: `Set \`net.ipv4.conf.all.proxy_arp=0\` and \`net.ipv4.conf.${link.name}.proxy_arp=0\` on \`${host.id}\` and join the segments in a bridge, or give each segment a prefix of its own and routes.`,
  };
}
