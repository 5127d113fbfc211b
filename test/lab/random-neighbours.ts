import type { HostSpecification } from "./fleet-specification.js";
import { addressableLinks, macOf, type PlacedAddress, segmentOf } from "./host-links.js";
import type { Profile } from "./profiles.js";
import type { RandomSource } from "./random-source.js";

/** `ip neigh replace` lines: permanent entries, right and wrong, and proxy entries. */
export function randomNeighbours(
  random: RandomSource,
  profile: Profile,
  setting: {
    readonly host: HostSpecification;
    readonly hosts: readonly HostSpecification[];
    readonly placed: readonly PlacedAddress[];
  },
): readonly string[] {
  const { host, hosts, placed } = setting;
  const links = addressableLinks(host);
  const addresses = placed.map((address) => address.ip);
  const permanent = Array.from({ length: random.between(...profile.neighbours) }, () => {
    const link = random.pick(links);
    const ip = random.pick(addresses);
    return `${ip} lladdr ${macFor(random, { host, hosts, link })} dev ${link} nud permanent`;
  });
  const proxies = links.filter(() => random.chance(profile.proxyNeighbour));
  return [...permanent, ...proxies.map((link) => `proxy ${random.pick(addresses)} dev ${link}`)];
}

/** `bridge fdb` lines for the first bridge: a host's MAC address nailed to a port, which need not be the right one. */
export function randomFdb(
  random: RandomSource,
  profile: Profile,
  place: { readonly host: HostSpecification; readonly hosts: readonly HostSpecification[] },
): readonly string[] {
  const [bridge] = place.host.bridges;
  if (bridge === undefined || !random.chance(profile.staticFdb)) return [];
  const others = place.hosts.filter((other) => other !== place.host);
  if (others.length === 0) return [];
  return Array.from({ length: random.between(1, 3) }, () => {
    const other = random.pick(others);
    return `add ${macOf(other, random.pick(addressableLinks(other)))} dev ${random.pick(bridge.ports)} master static`;
  });
}

function macFor(
  random: RandomSource,
  place: {
    readonly host: HostSpecification;
    readonly hosts: readonly HostSpecification[];
    readonly link: string;
  },
): string {
  if (random.chance(0.1)) return "02:00:00:00:ee:ee";
  if (random.chance(0.05)) return macOf(place.host, place.link);
  const segment = segmentOf(place.host, place.link);
  const macs = place.hosts
    .filter((other) => other !== place.host)
    .flatMap((other) =>
      addressableLinks(other)
        .filter((link) => segmentOf(other, link) === segment || random.chance(0.1))
        .map((link) => macOf(other, link)),
    );
  return macs.length > 0 ? random.pick(macs) : "02:00:00:00:ee:ee";
}
