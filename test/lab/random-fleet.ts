import { bareHost, type FleetSpecification, type HostSpecification } from "./fleet-specification.js";
import { addressableLinks, type PlacedAddress, segmentOf } from "./host-links.js";
import { overlayOn } from "./overlay-fleet.js";
import { PROFILES, type Profile } from "./profiles.js";
import { randomFdb, randomNeighbours } from "./random-neighbours.js";
import { randomRoutes, randomRules, type Surroundings } from "./random-routes.js";
import { type RandomSource, randomSource } from "./random-source.js";
import { randomSysctls } from "./random-sysctls.js";
import { withMemories } from "./remembering-fleet.js";

interface Draft {
  readonly random: RandomSource;
  readonly profile: Profile;
  /** The two or three prefix lengths most addresses of this fleet have. */
  readonly lengths: readonly number[];
  readonly segments: readonly string[];
}

/** The fleet of a seed: always the same one. The profile goes round with the seed unless one is named. */
export function randomFleet(seed: number, profileName?: string): FleetSpecification {
  const named = PROFILES.find((profile) => profile.name === profileName);
  const profile = named ?? PROFILES[seed % PROFILES.length] ?? PROFILES[0];
  if (profile === undefined) throw new RangeError("expected at least one profile, found none");
  const random = randomSource(seed);
  const draft: Draft = {
    random,
    profile,
    lengths: random.shuffled(profile.lengths).slice(0, random.between(2, 3)),
    segments: Array.from({ length: random.between(...profile.segments) }, (_, index) => `s${index + 1}`),
  };
  const count = random.between(...profile.hosts);
  const wired = Array.from({ length: count }, (_, index) => wiredHost(draft, index + 1));
  const bridged = withBridges(draft, wired);
  const macs = random.chance(profile.duplicateMac) ? withDuplicateMac(draft, bridged) : bridged;
  const addressed = withDuplicateAddress(
    draft,
    macs.map((host, index) => withAddresses(draft, host, index + 1)),
  );
  // The second is covered by default routes only: where routers point at each other, it goes round.
  const strangers = [strangerOf(draft), random.chance(0.6) ? "172.16.9.9" : strangerOf(draft)];
  const placed = placedAddresses(addressed);
  const hosts = addressed.map((host) => furnished(draft, { host, hosts: addressed, placed, strangers }));
  const fleet = { origin: `${profile.name} ${seed}`, segments: draft.segments, hosts, strangers };
  if (profile.memories) return withMemories(random, fleet);
  return profile.overlay ? overlayOn(random, fleet) : fleet;
}

function wiredHost(draft: Draft, number: number): HostSpecification {
  const { random, profile, segments } = draft;
  const [first, ...others] = random.shuffled(segments);
  const wanted = [first ?? "s1", ...others.filter(() => random.chance(profile.furtherLeg))];
  // Two legs on one segment are what ARP flux is about.
  if (random.chance(profile.furtherLeg / 6)) wanted.push(random.pick(wanted));
  const ports = wanted.map((segment, index) => ({
    link: `e${index}`,
    segment,
    mac: `02:00:00:00:0${number}:0${index}`,
  }));
  const down = ports.filter(() => random.chance(profile.downLink)).map((port) => port.link);
  return { ...bareHost(`h${number}`), ports, down };
}

/** Puts ports into bridges; two ports only where no other host joins the same segments, else frames would go round for ever. */
function withBridges(draft: Draft, hosts: readonly HostSpecification[]): readonly HostSpecification[] {
  const { random, profile } = draft;
  let isJoined = false;
  return hosts.map((host, index) => {
    if (!random.chance(profile.bridge)) return host;
    const [first, ...others] = host.ports;
    if (first === undefined) return host;
    const second = others.find((port) => port.segment !== first.segment);
    const isJoining = second !== undefined && !isJoined && random.chance(0.5);
    if (isJoining) isJoined = true;
    const ports = isJoining && second !== undefined ? [first.link, second.link] : [first.link];
    return { ...host, bridges: [{ link: "br0", mac: `02:00:00:00:0${index + 1}:b0`, ports }] };
  });
}

/** Gives one link the MAC address of a link of another host on another segment, as cloned machines have. */
function withDuplicateMac(draft: Draft, hosts: readonly HostSpecification[]): readonly HostSpecification[] {
  const original = draft.random.pick(hosts);
  const copy = draft.random.pick(hosts);
  const source = original.ports[0];
  if (original === copy || source === undefined) return hosts;
  const isFree = (segment: string): boolean =>
    !original.ports.some((port) => port.segment === segment) &&
    original.bridges.length === 0 &&
    copy.bridges.length === 0;
  const ports = copy.ports.map((port, index) =>
    index === 0 && isFree(port.segment) ? { ...port, mac: source.mac } : port,
  );
  return hosts.map((host) => (host === copy ? { ...host, ports } : host));
}

function withAddresses(draft: Draft, host: HostSpecification, number: number): HostSpecification {
  const { random, profile } = draft;
  const addresses = addressableLinks(host).flatMap((link) => {
    const network = networkOf(segmentOf(host, link));
    const lines = [`${network}.0.${number}/${lengthFor(draft)} dev ${link}`];
    while (random.chance(profile.extraAddress)) lines.push(extraAddress(draft, number, link, network));
    return random.shuffled(lines);
  });
  return { ...host, addresses };
}

function extraAddress(draft: Draft, number: number, link: string, network: string): string {
  const { random } = draft;
  const third = random.pick([0, 0, 1]);
  const home = random.chance(0.7) ? network : networkOf(random.pick(draft.segments));
  const length = random.chance(0.25) ? 32 : lengthFor(draft);
  return `${home}.${third}.${number + random.pick([10, 16, 32])}/${length} dev ${link}`;
}

function withDuplicateAddress(
  draft: Draft,
  hosts: readonly HostSpecification[],
): readonly HostSpecification[] {
  if (!draft.random.chance(draft.profile.duplicateAddress * 2)) return hosts;
  const taken = draft.random.pick(placedAddresses(hosts)).ip;
  const thief = draft.random.pick(hosts);
  const link = draft.random.pick(addressableLinks(thief));
  return hosts.map((host) =>
    host === thief
      ? { ...host, addresses: [...host.addresses, `${taken}/${lengthFor(draft)} dev ${link}`] }
      : host,
  );
}

interface Setting {
  readonly host: HostSpecification;
  readonly hosts: readonly HostSpecification[];
  readonly placed: readonly PlacedAddress[];
  readonly strangers: readonly string[];
}

function furnished(draft: Draft, setting: Setting): HostSpecification {
  const { random, profile } = draft;
  const { host, placed, strangers } = setting;
  const segments = new Set(host.ports.map((port) => port.segment));
  const around: Surroundings = {
    links: addressableLinks(host),
    own: placed.filter((address) => address.host === host.name).map((address) => address.ip),
    near: placed
      .filter((address) => address.host !== host.name && segments.has(address.segment))
      .map((address) => address.ip),
    all: [...placed.map((address) => address.ip), ...strangers],
  };
  const policy = randomRules(random, profile, around);
  return {
    ...host,
    sysctls: randomSysctls(random, profile, around.links),
    routes: [...randomRoutes(random, profile, around), ...policy.routes],
    rules: policy.rules,
    neighbours: randomNeighbours(random, profile, setting),
    fdb: randomFdb(random, profile, setting),
  };
}

function placedAddresses(hosts: readonly HostSpecification[]): readonly PlacedAddress[] {
  return hosts.flatMap((host) =>
    host.addresses.map((line) => {
      const [ip = "", , , link = ""] = line.split(/[/ ]/);
      return { host: host.name, link, segment: segmentOf(host, link), ip };
    }),
  );
}

/** Neighbouring networks, so that a /8 covers all, a /15 some, and a /24 one. */
function networkOf(segment: string): string {
  return `10.${Math.max(0, Number(segment.slice(1)) - 1)}`;
}

function lengthFor(draft: Draft): number {
  return draft.random.pick(draft.random.chance(0.9) ? draft.lengths : draft.profile.lengths);
}

function strangerOf(draft: Draft): string {
  const network = networkOf(draft.random.pick(draft.segments));
  return draft.random.pick([
    `${network}.0.200`,
    `${network}.1.77`,
    `${network}.0.9`,
    "10.77.0.1",
    `${network}.0.7`,
    `${network}.255.255`,
  ]);
}
