import { formatIPv4, type IPv4, type Mac } from "#ip/index.js";
import { type ArpAnswer, answerArp, arpSender } from "./arp-answer.js";
import type { CompiledLink } from "./compiled-host.js";
import { sendBroadcast, sendUnicast } from "./frame.js";
import type { Domain } from "./layer2.js";
import type { Leg } from "./leg.js";
import {
  cachedMac,
  domainOf,
  isInFog,
  learn,
  note,
  overheard,
  type Run,
  recallNeighbour,
  stateOf,
} from "./run.js";

/** A packet about to leave: by which link, to which neighbour, and the source that an ARP request may carry. */
export interface Egress {
  readonly host: number;
  readonly link: CompiledLink;
  readonly nextHop: IPv4;
  readonly packetSource: IPv4;
}

export type Resolution =
  | { readonly kind: "resolved"; readonly mac: Mac }
  | { readonly kind: "failed" }
  | { readonly kind: "unknown"; readonly why: string };

/** Finds the Ethernet address of the next hop: from the cache, else by ARP, where the kernel may be free to take any of several answers. */
export function resolveNeighbour(run: Run, egress: Egress): Resolution {
  const { host, link, nextHop } = egress;
  const cached = cachedMac(run, host, link, nextHop);
  if (cached !== null) {
    noteCached(run, egress, cached);
    return { kind: "resolved", mac: cached };
  }
  if (link.link.isNoArp) return { kind: "unknown", why: `\`${link.name}\` resolves no neighbours` };
  return askArp(run, egress);
}

function noteCached(run: Run, { host, link, nextHop }: Egress, mac: Mac): void {
  if (run.hops === null) return;
  const old = recallNeighbour(run, { host, link: link.name, ip: nextHop });
  const isOld = old?.entry.kind === "neighbour" && old.entry.mac === mac;
  const why = `\`${formatIPv4(nextHop)}\` is at ${mac}`;
  note(run, host, {
    link: link.name,
    decision: "resolve",
    rule: isOld ? "stale neighbour" : "neighbour cache",
    why: isOld ? `${why} still: \`${old.of}\` had the address, and nothing was flushed since` : why,
  });
}

interface Answer {
  readonly mac: Mac;
  readonly leg: Leg;
  readonly as: "own" | "proxy";
}

function askArp(run: Run, egress: Egress): Resolution {
  const { host, link, nextHop } = egress;
  const domain = domainOf(run, host, link.name);
  const own = domain === null ? null : ownLeg(domain, host, link);
  if (domain === null || own === null)
    return failed(run, egress, `\`${link.name}\` is down or has no carrier`);
  if (domain.unknown !== null) return { kind: "unknown", why: domain.unknown };
  const sender = arpSender(stateOf(run, host), link, nextHop, egress.packetSource);
  sendBroadcast(run, domain, own);
  const heard = collectAnswers(run, { domain, own, sender, target: nextHop });
  if (heard.kind === "unknown") return heard;
  const meanwhile = heard.answers.length === 0 ? overheard(run, domain, nextHop) : null;
  const isRepeated = heard.answers.length === 0 && meanwhile === null;
  if (sender !== 0) {
    run.announcements.push({ domain, ip: sender, mac: own.mac, isRepeated, withheldBy: heard.withheldBy });
  }
  if (meanwhile !== null && meanwhile !== own.mac) {
    learn(run, host, link.name, { ip: nextHop, mac: meanwhile });
    return { kind: "resolved", mac: meanwhile };
  }
  return chooseAnswer(run, egress, { answers: heard.answers, domain, sender });
}

/** The link as a leg of its domain, with the link's own address. */
export function ownLeg(domain: Domain, host: number, { name, link }: CompiledLink): Leg | null {
  return domain.byHost.get(host)?.find((leg) => leg.link === name && leg.mac === link.mac) ?? null;
}

interface Heard {
  readonly answers: readonly Answer[];
  readonly domain: Domain;
  readonly sender: IPv4;
}

/** The kernel takes the first answer, and any may be it. */
function chooseAnswer(run: Run, egress: Egress, { answers, domain, sender }: Heard): Resolution {
  const { host, link, nextHop } = egress;
  const macs = [...new Set(answers.map((answer) => answer.mac))];
  const mac = macs[run.chooser.choose(macs.length)];
  const chosen = answers.find((answer) => answer.mac === mac);
  if (mac === undefined || chosen === undefined) {
    if (domain.fog !== null) return { kind: "unknown", why: domain.fog };
    const asked = formatIPv4(nextHop);
    return failed(run, egress, `nobody answered \`${formatIPv4(sender)}\` asking for \`${asked}\``);
  }
  describeAnswer(run, egress, chosen, macs.length);
  learn(run, host, link.name, { ip: nextHop, mac });
  return { kind: "resolved", mac };
}

interface Question {
  readonly domain: Domain;
  readonly own: Leg;
  readonly sender: IPv4;
  readonly target: IPv4;
}

type Answers =
  | { readonly kind: "heard"; readonly answers: readonly Answer[]; readonly withheldBy: readonly Leg[] }
  | { readonly kind: "unknown"; readonly why: string };

/** The answers that come back to the asker. */
function collectAnswers(run: Run, question: Question): Answers {
  const { domain, target } = question;
  const asked: Asked[] = [];
  for (const candidate of candidates(run, target)) {
    const legs = domain.byHost.get(candidate) ?? [];
    if (legs.length === 0 && domain.fog !== null && isInFog(run, candidate)) {
      return { kind: "unknown", why: domain.fog };
    }
    asked.push(...legs.map((leg) => ({ leg, as: answerOn(run, leg, question) })));
    if (asked.some(({ as }) => as === "unknown")) {
      return { kind: "unknown", why: `whether \`${formatIPv4(target)}\` is answered for is not known` };
    }
  }
  const answers = asked.flatMap(({ leg, as }) =>
    as === "own" || as === "proxy" ? [{ mac: leg.mac, leg, as }] : [],
  );
  return {
    kind: "heard",
    answers: answers.filter((answer) => isHeard(run, question, answer)),
    withheldBy: asked.flatMap(({ leg, as }) => (as === "withheld" ? [leg] : [])),
  };
}

interface Asked {
  readonly leg: Leg;
  readonly as: ArpAnswer;
}

/** Whether the answer, a frame of its own, comes back to the asker; one from the asker's own address never does. */
function isHeard(run: Run, { domain, own }: Question, { leg, mac }: Answer): boolean {
  const takers = sendUnicast(run, domain, leg, own.mac);
  return mac !== own.mac && takers.includes(own);
}

/** Asks one leg; a host that answers takes the sender into its cache. */
function answerOn(run: Run, leg: Leg, { own, sender, target }: Question): ArpAnswer {
  if (leg === own) return "silent";
  const state = stateOf(run, leg.host);
  const link = state.linkByName.get(leg.link);
  if (link === undefined || leg.mac !== link.link.mac) return "silent";
  const as = state.hasUnknownSysctls ? "unknown" : answerArp(state, { link, sender, target });
  const hasAnswered = as === "own" || as === "proxy";
  if (hasAnswered && sender !== 0) learn(run, leg.host, leg.link, { ip: sender, mac: own.mac });
  return as;
}

/** Only hosts that own the address in some stage, or may answer for others, can answer: nobody else is asked. */
function candidates(run: Run, target: IPv4): Iterable<number> {
  const owners = run.world.owners.get(target) ?? [];
  return run.world.proxies.length === 0 ? owners : new Set([...owners, ...run.world.proxies]);
}

function failed(run: Run, egress: Egress, why: string): Resolution {
  note(run, egress.host, {
    link: egress.link.name,
    decision: "drop",
    rule: "no neighbour",
    why,
  });
  return { kind: "failed" };
}

function describeAnswer(run: Run, egress: Egress, answer: Answer, choices: number): void {
  if (run.hops === null) return;
  const name = run.world.hosts[answer.leg.host]?.id ?? "";
  const target = formatIPv4(egress.nextHop);
  const role = answer.as === "proxy" ? "as a proxy" : "as its owner";
  const others = choices > 1 ? `, one of ${choices} answers that the kernel may take` : "";
  note(run, egress.host, {
    link: egress.link.name,
    decision: "resolve",
    rule: answer.as === "proxy" ? "proxy ARP" : "ARP",
    why: `\`${name}\` answers for \`${target}\` ${role} with ${answer.mac}${others}`,
  });
  if (answer.as === "proxy") run.findings.add(`\`${name}\` answers ARP for \`${target}\` as a proxy`);
  if (choices > 1) run.findings.add(`${choices} hosts answer ARP for \`${target}\``);
}
