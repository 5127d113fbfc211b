import { formatPrefix, prefix } from "#ip/index.js";
import {
  applyOperation,
  type Host,
  type Link,
  LOCAL_TABLE,
  type Operation,
  type Route,
} from "#model/index.js";
import { changeMtus } from "./link-mtus.js";
import { addPortVlans, removePortVlans } from "./port-vlans.js";
import {
  addressIdentity,
  describeDifference,
  fdbIdentity,
  isConfigured,
  linkIdentity,
  misplacedRoutes,
  neighbourIdentity,
  routeKey,
  routeSlot,
  ruleIdentity,
  staticFdb,
} from "./sameness.js";
import { sysctlKeys, sysctlValue } from "./sysctl-value.js";

/** The operations that turn one host into another, with every state on the way. */
export type Difference =
  | { readonly kind: "found"; readonly operations: readonly Operation[]; readonly stages: readonly Host[] }
  /** The kernel refuses what is left, whatever the order. */
  | { readonly kind: "not-found"; readonly remaining: readonly string[]; readonly refusal: string | null };

/** Side effects of one round (a deleted address takes routes with it) are mended in the next. */
const MAX_ROUNDS = 6;

/**
 * Orders the difference of two states of a host make before break: what is added comes before what is exchanged, and what
 * is removed comes last. Every operation is tried on the model of the kernel; a refused one waits for the others.
 * The first stage is `before`; the last holds the same facts as `after`, whatever it took to get there.
 */
export function findDifference(before: Host, after: Host): Difference {
  const operations: Operation[] = [];
  const stages: Host[] = [before];
  let refusal: string | null = null;
  for (let round = 0; round < MAX_ROUNDS; round += 1) {
    const state = stages.at(-1) ?? before;
    if (describeDifference(state, after).length === 0) return { kind: "found", operations, stages };
    const making = makeOperations(state, after);
    const made = applyInAnyOrder(state, [...making, ...breakOperations(state, after, making)]);
    refusal = made.refusal;
    if (made.operations.length === 0) break;
    operations.push(...made.operations);
    stages.push(...made.stages);
  }
  const last = stages.at(-1) ?? before;
  const remaining = describeDifference(last, after);
  return remaining.length === 0
    ? { kind: "found", operations, stages }
    : { kind: "not-found", remaining, refusal };
}

interface Made {
  readonly operations: readonly Operation[];
  readonly stages: readonly Host[];
  readonly refusal: string | null;
}

/** Carries out the first operation that the kernel takes, again and again, until it takes none of the rest. */
function applyInAnyOrder(start: Host, wanted: readonly Operation[]): Made {
  const operations: Operation[] = [];
  const stages: Host[] = [];
  let waiting = wanted;
  let refusal: string | null = null;
  for (let state = start; waiting.length > 0; ) {
    const later: Operation[] = [];
    let taken: Host | null = null;
    for (const [index, candidate] of waiting.entries()) {
      const result = applyOperation(state, candidate);
      if (result.ok) {
        taken = result.value;
        operations.push(candidate);
        later.push(...waiting.slice(index + 1));
        break;
      }
      refusal = result.error.kernelMessage;
      later.push(candidate);
    }
    if (taken === null) return { operations, stages, refusal };
    stages.push(taken);
    state = taken;
    waiting = later;
  }
  return { operations, stages, refusal: null };
}

function makeOperations(state: Host, after: Host): readonly Operation[] {
  return [
    ...changeSysctls(state, after, "loosen"),
    ...changeLinks(state, after),
    ...changeMtus(state, after),
    ...addPortVlans(state, after),
    ...missing(state.addresses, after.addresses, addressIdentity).map(
      (address): Operation => ({ kind: "address-add", address }),
    ),
    ...missing(staticFdb(state), staticFdb(after), fdbIdentity).map(
      (entry): Operation => ({ kind: "fdb-append", entry }),
    ),
    ...missing(
      state.neighbours.filter(isConfigured),
      after.neighbours.filter(isConfigured),
      neighbourIdentity,
    ).map((neighbour): Operation => ({ kind: "neighbour-replace", neighbour })),
    ...addRoutes(state, after),
    ...missing(state.rules, after.rules, ruleIdentity).map((rule): Operation => ({ kind: "rule-add", rule })),
    ...(after.etcdPeer === undefined || after.etcdPeer === state.etcdPeer
      ? []
      : [{ kind: "etcd-peer", ip: after.etcdPeer } as const]),
  ];
}

function breakOperations(state: Host, after: Host, making: readonly Operation[]): readonly Operation[] {
  const replaced = new Set(
    making.flatMap((made) => (made.kind === "route-replace" ? [routeSlot(made.route)] : [])),
  );
  return [
    ...missing(after.rules, state.rules, ruleIdentity).map(
      (rule): Operation => ({ kind: "rule-delete", rule }),
    ),
    ...missing(after.routes, settableRoutes(state, after), routeKey)
      .filter((route) => !replaced.has(routeSlot(route)))
      .map(deleteRoute),
    ...misplacedRoutes(state, after).flatMap((route) => [
      deleteRoute(route),
      { kind: "route-append", route } as const,
    ]),
    ...missing(after.addresses, state.addresses, addressIdentity).map(
      ({ link, ip, length, peer }): Operation => ({ kind: "address-delete", link, ip, length, peer }),
    ),
    ...removeNeighbours(state, after),
    ...missing(staticFdb(after), staticFdb(state), fdbIdentity).map(
      (entry): Operation => ({ kind: "fdb-delete", entry }),
    ),
    ...removePortVlans(state, after),
    ...removeLinks(state, after),
    ...changeSysctls(state, after, "tighten"),
  ];
}

/** Routes that only a command of their own can bring or take: also the connected ones of addresses that are on both sides. */
function settableRoutes(host: Host, other: Host): readonly Route[] {
  const [own, others] = [host, other].map((each) => new Set(each.addresses.map(addressIdentity)));
  const staying = new Set(
    host.addresses
      .filter((address) => own?.has(addressIdentity(address)) && others?.has(addressIdentity(address)))
      .map(({ link, ip, peer, length }) => `${link} ${formatPrefix(prefix(peer ?? ip, length))}`),
  );
  return host.routes.filter(
    (route) =>
      route.protocol !== "kernel" ||
      (route.table !== LOCAL_TABLE && staying.has(`${route.link} ${formatPrefix(route.destination)}`)),
  );
}

/** Device routes first, so that a gateway behind one is on-link when its own route comes. */
function addRoutes(state: Host, after: Host): readonly Operation[] {
  const wanted = missing(state.routes, settableRoutes(after, state), routeKey);
  const keep = new Set(after.routes.map(routeKey));
  const taken = new Set(
    state.routes.filter((route) => !keep.has(routeKey(route))).map((route) => routeSlot(route)),
  );
  const held = new Set(state.routes.filter((route) => keep.has(routeKey(route))).map(routeSlot));
  const direct = wanted.filter((route) => route.gateway === null);
  const others = wanted.filter((route) => route.gateway !== null);
  return [...direct, ...others].map((route): Operation => {
    const slot = routeSlot(route);
    const isBehind = held.has(slot);
    held.add(slot);
    if (isBehind) return { kind: "route-append", route };
    return taken.has(slot) ? { kind: "route-replace", route } : { kind: "route-add", route };
  });
}

function deleteRoute(route: Route): Operation {
  const { table, destination, type, gateway, link, metric, scope } = route;
  return { kind: "route-delete", route: { table, destination, type, gateway, link, metric, scope } };
}

function removeNeighbours(state: Host, after: Host): readonly Operation[] {
  const place = ({ link, ip, isProxy }: Host["neighbours"][number]): string => `${link} ${ip} ${isProxy}`;
  const kept = new Set(after.neighbours.filter(isConfigured).map(place));
  return state.neighbours
    .filter((entry) => isConfigured(entry) && !kept.has(place(entry)))
    .map(({ link, ip, isProxy }): Operation => ({ kind: "neighbour-delete", link, ip, isProxy }));
}

function changeLinks(state: Host, after: Host): readonly Operation[] {
  return after.links.flatMap((link): readonly Operation[] => {
    const old = state.links.find((candidate) => candidate.name === link.name);
    if (old === undefined) return addLink(link);
    if (linkIdentity(old) === linkIdentity(link) || isOtherType(old, link)) return [];
    return [
      ...(old.mac !== link.mac && link.mac !== null
        ? [{ kind: "link-mac", link: link.name, mac: link.mac } as const]
        : []),
      ...(old.master !== link.master
        ? [{ kind: "link-master", link: link.name, master: link.master } as const]
        : []),
      ...(!old.isUp && link.isUp ? [{ kind: "link-up", link: link.name } as const] : []),
    ];
  });
}

/** The kernel makes a link down; what goes over it comes in the same round only if it is up by then. */
function addLink(link: Link): readonly Operation[] {
  const up: Operation = { kind: "link-up", link: link.name };
  return [{ kind: "link-add", link }, ...(link.isUp ? [up] : [])];
}

/** A VLAN's tag and a tunnel's ends are given when the link is made: it has to go, and comes back in the next round. */
function isOtherType(old: Link, link: Link): boolean {
  return JSON.stringify(old.type) !== JSON.stringify(link.type);
}

function removeLinks(state: Host, after: Host): readonly Operation[] {
  return state.links.flatMap((link): readonly Operation[] => {
    const wanted = after.links.find((candidate) => candidate.name === link.name);
    if (wanted === undefined || isOtherType(link, wanted)) return [{ kind: "link-delete", link: link.name }];
    return link.isUp && !wanted.isUp ? [{ kind: "link-down", link: link.name }] : [];
  });
}

/** Sysctls whose larger value drops or refuses more: they are raised last and lowered first. */
const RESTRICTIVE = /\.(?:rp_filter|arp_ignore|arp_announce|arp_filter)$/;

function changeSysctls(state: Host, after: Host, when: "loosen" | "tighten"): readonly Operation[] {
  return sysctlKeys(state, after).flatMap((key): readonly Operation[] => {
    const [old, value] = [sysctlValue(state, key), sysctlValue(after, key)];
    if (old === value) return [];
    const isLoosening = RESTRICTIVE.test(key) ? strictness(key, value) < strictness(key, old) : value > old;
    return isLoosening === (when === "loosen") ? [{ kind: "sysctl", key, value }] : [];
  });
}

/** Of the values of `rp_filter` 1 is the strict one and 2 the loose one; Documentation/networking/ip-sysctl.rst. */
function strictness(key: string, value: number): number {
  return key.endsWith(".rp_filter") && value > 0 ? 3 - value : value;
}

function missing<T>(have: readonly T[], want: readonly T[], identity: (item: T) => string): readonly T[] {
  if (have === want || want.length === 0) return [];
  const known = new Set(have.map(identity));
  return want.filter((item) => !known.has(identity(item)));
}
