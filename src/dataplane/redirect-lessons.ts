import { type IPv4, ipv4 } from "#ip/index.js";
import type { Claim } from "./claims.js";
import type { CompiledHost, CompiledLink } from "./compiled-host.js";
import { routeInput } from "./input-route.js";
import { routeOutput } from "./output-route.js";
import type { AskedNextHop, Known } from "./recollection.js";
import { acceptsRedirect, isRedirecting } from "./redirect-rules.js";
import { isLocalAddress, lookupRoute } from "./route-lookup.js";
import { nextHopGateway, nextHopOf } from "./source-address.js";

/** A redirect that a host would take in its stage `own` from a gateway in one of its stages. */
export interface Lesson {
  readonly own: number;
  readonly teacher: Claim;
  readonly nextHop: IPv4;
}

const lessons = new WeakMap<Known["ages"], Map<string, readonly Lesson[]>>();

/**
 * All that gateways may have taught the host for the destination, in all stages of both; who is on which segment is not asked. A next hop that was taught may teach the next one: the kernel takes a redirect from whom it sends to
 * (net/ipv4/route.c, __ip_do_redirect).
 */
export function lessonsOf(known: Known, asked: AskedNextHop): readonly Lesson[] {
  const mayLearn = known.ages.stages[asked.host]?.some((state) => isLearning(state, asked)) === true;
  return mayLearn ? rememberLessons(known, asked) : [];
}

/** Nothing more is asked about the many links that take no redirect. */
function isLearning(state: CompiledHost, { link }: AskedNextHop): boolean {
  return state.linkByName.get(link)?.acceptsRedirects === true;
}

function rememberLessons(known: Known, asked: AskedNextHop): readonly Lesson[] {
  const all = lessons.get(known.ages) ?? new Map<string, readonly Lesson[]>();
  lessons.set(known.ages, all);
  const key = `${asked.host} ${asked.link} ${asked.gateway} ${asked.destination}`;
  const found = all.get(key) ?? collect(known, asked);
  all.set(key, found);
  return found;
}

function collect(known: Known, asked: AskedNextHop): readonly Lesson[] {
  const found: Lesson[] = [];
  const open = [asked.gateway];
  const seen = new Set(open);
  for (let current = open.pop(); current !== undefined; current = open.pop()) {
    for (const lesson of taughtBy(known, asked, current)) {
      found.push(lesson);
      if (!seen.has(lesson.nextHop)) open.push(lesson.nextHop);
      seen.add(lesson.nextHop);
    }
  }
  return found;
}

/** The same, or nothing where neither the host nor who teaches it changes. */
export function changingLessons(known: Known, asked: AskedNextHop): readonly Lesson[] {
  const found = lessonsOf(known, asked);
  const isFixed = (host: number): boolean => known.ages.stages[host]?.length === 1;
  const isStill =
    !known.past.isVarying && isFixed(asked.host) && found.every(({ teacher }) => isFixed(teacher.host));
  return isStill ? [] : found;
}

function taughtBy(known: Known, asked: AskedNextHop, by: IPv4): readonly Lesson[] {
  const { ages, claims } = known;
  const owners = claims.all(asked.host, by);
  return (ages.stages[asked.host] ?? []).flatMap((state, own) => {
    const incoming = state.linkByName.get(asked.link);
    if (incoming?.acceptsRedirects !== true || !sendsBy(state, asked)) return [];
    return owners.flatMap((teacher): readonly Lesson[] => {
      const gateway = ages.stages[teacher.host]?.[teacher.stage];
      if (gateway === undefined) return [];
      const nextHops = taught({ state, incoming, gateway, on: teacher, by, destination: asked.destination });
      return nextHops
        .filter((nextHop) => isFound(known, asked.host, nextHop))
        .map((nextHop) => ({ own, teacher, nextHop }));
    });
  });
}

function sendsBy(state: CompiledHost, { link, gateway, destination }: AskedNextHop): boolean {
  const route = routeOutput(
    state,
    null,
    destination,
    (rivals) => rivals.find((rival) => rival.gateway === gateway && rival.link === link) ?? null,
  );
  return route.kind === "out" && route.out.name === link && nextHopGateway(state, route.route) === gateway;
}

interface Teaching {
  readonly state: CompiledHost;
  readonly incoming: CompiledLink;
  readonly gateway: CompiledHost;
  readonly on: Claim;
  readonly by: IPv4;
  readonly destination: IPv4;
}

/** What the gateway answers to packets of the host, from any of its addresses. */
function taught({ state, incoming, gateway, on, by, destination }: Teaching): readonly IPv4[] {
  const link = gateway.linkByName.get(on.link);
  if (link === undefined || !mayTeach(gateway, link, destination) || !isLocalAddress(gateway, by)) return [];
  const nextHops = [...state.ownAddresses].flatMap((source): readonly IPv4[] => {
    const input = routeInput(gateway, { incoming: link, source, destination, isArp: false });
    if (input.kind !== "forward" || !input.isDirectSource) return [];
    if (!isRedirecting(link, input.out, source, nextHopGateway(gateway, input.route))) return [];
    const back = routeOutput(gateway, null, source);
    if (back.kind !== "out" || back.source !== by) return [];
    const nextHop = nextHopOf(gateway, input.route, destination);
    return nextHop !== by && acceptsRedirect(state, incoming, nextHop, by) ? [nextHop] : [];
  });
  return [...new Set(nextHops)];
}

/** Whether the packet may leave by the link that it comes in by; where no rule looks at sources, one look-up says so for all of them. */
function mayTeach(gateway: CompiledHost, link: CompiledLink, destination: IPv4): boolean {
  if (!link.sendsRedirects || !link.forwards) return false;
  if (gateway.needsFullSourceCheck) return true;
  const found = lookupRoute(gateway, { source: ipv4(0), destination, incoming: link, outgoing: null });
  return found.kind === "found" && found.route.link === link.name;
}

/** A redirect is taken when the new next hop is a known neighbour; net/ipv4/route.c, __ip_do_redirect. */
function isFound({ ages, claims }: Known, host: number, nextHop: IPv4): boolean {
  const isSet =
    ages.stages[host]?.some((state) => state.host.neighbours.some(({ ip }) => ip === nextHop)) === true;
  return isSet || claims.all(host, nextHop).some((claim) => claim.host !== host);
}
