import type { Profile } from "./profiles.js";
import type { RandomSource } from "./random-source.js";

/** What the lines of one host may refer to. */
export interface Surroundings {
  /** The host's own links that can hold addresses. */
  readonly links: readonly string[];
  /** The host's own addresses. */
  readonly own: readonly string[];
  /** Addresses of other hosts on a common segment. */
  readonly near: readonly string[];
  /** All addresses of the fleet and some of nobody. */
  readonly all: readonly string[];
}

const DESTINATION_LENGTHS = [8, 9, 15, 16, 16, 20, 24, 24, 28, 29, 30, 32, 32];
const TYPES = ["blackhole", "unreachable", "prohibit", "throw"];
const OTHER_TABLE = 100;

/** `ip route append` lines: gateways near and far, device routes, typed routes, metrics, preferred sources. */
export function randomRoutes(
  random: RandomSource,
  profile: Profile,
  around: Surroundings,
): readonly string[] {
  const count = random.between(profile.routes[0], profile.routes[1]);
  const further = Array.from({ length: count }, () => randomRoute(random, profile, around));
  if (around.near.length === 0 || !random.chance(profile.defaultRoute)) return further;
  return [`default via ${random.pick(around.near)}`, ...further];
}

/** `ip rule add` lines and the routes of the table they name. */
export function randomRules(
  random: RandomSource,
  profile: Profile,
  around: Surroundings,
): { readonly rules: readonly string[]; readonly routes: readonly string[] } {
  if (!random.chance(profile.rules)) return { rules: [], routes: [] };
  const rules = Array.from({ length: random.between(1, 3) }, () => randomRule(random, around));
  const routes = Array.from(
    { length: random.between(0, 3) },
    () => `${randomRoute(random, profile, around)} table ${OTHER_TABLE}`,
  );
  return { rules, routes };
}

function randomRoute(random: RandomSource, profile: Profile, around: Surroundings): string {
  const destination = randomDestination(random, around);
  const metric = random.chance(0.25) ? ` metric ${random.pick([5, 10, 20])}` : "";
  if (random.chance(profile.typedRoute)) return `${random.pick(TYPES)} ${destination}${metric}`;
  const source = random.chance(0.12) ? ` src ${random.pick(around.own)}` : "";
  if (random.chance(profile.deviceRoute))
    return `${destination} dev ${random.pick(around.links)}${source}${metric}`;
  const gateway = random.pick(random.chance(0.8) && around.near.length > 0 ? around.near : around.all);
  if (random.chance(profile.onlink)) {
    return `${destination} via ${gateway} dev ${random.pick(around.links)} onlink${source}${metric}`;
  }
  const device = random.chance(0.3) ? ` dev ${random.pick(around.links)}` : "";
  return `${destination} via ${gateway}${device}${source}${metric}`;
}

function randomDestination(random: RandomSource, around: Surroundings): string {
  return random.chance(0.25)
    ? "default"
    : prefixAround(random.pick(around.all), random.pick(DESTINATION_LENGTHS));
}

function randomRule(random: RandomSource, around: Surroundings): string {
  const selectors: string[] = [];
  const prefix = (): string => prefixAround(random.pick(around.all), random.pick([8, 16, 24, 29, 32]));
  if (random.chance(0.5)) selectors.push(`from ${prefix()}`);
  if (random.chance(0.5)) selectors.push(`to ${prefix()}`);
  if (random.chance(0.2)) selectors.push(`iif ${random.pick([...around.links, "lo"])}`);
  if (selectors.length === 0) selectors.push(`from ${prefix()}`);
  const inverted = random.chance(0.1) ? "not " : "";
  const action = random.pick([
    `lookup ${OTHER_TABLE}`,
    `lookup ${OTHER_TABLE}`,
    `lookup ${OTHER_TABLE}`,
    "lookup main suppress_prefixlength 0",
    "lookup main suppress_prefixlength 16",
    "blackhole",
    "unreachable",
    "prohibit",
  ]);
  return `${inverted}${selectors.join(" ")} pref ${random.between(1, 4) * 1000} ${action}`;
}

/** The prefix of this length that holds the address. */
export function prefixAround(address: string, length: number): string {
  const value = address.split(".").reduce((sum, octet) => sum * 256 + Number(octet), 0);
  const size = 2 ** (32 - length);
  const network = Math.floor(value / size) * size;
  return `${[24, 16, 8, 0].map((shift) => Math.floor(network / 2 ** shift) % 256).join(".")}/${length}`;
}
