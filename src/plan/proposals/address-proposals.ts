import { broadcastOf, formatIPv4, formatPrefix, type IPv4, ipv4, type Prefix } from "#ip/index.js";
import { type Address, type Host, type HostId, type LinkName, operation } from "#model/index.js";
import type { HelperProposal } from "../helper-stage.js";
import { type Ask, decisionsOf, hostsOf, type Propose } from "./ask.js";
import { forwards, type Leg, networkOf, routeTo, type Surroundings } from "./surroundings.js";

/** Each address of the hosts on the way under the other lengths of its segment as well, one bit wider, and alone (`/32`). */
export const proposeBothPrefixes: Propose = (ask) =>
  hostsOf(ask).flatMap((host) =>
    ask.around.legsOf(host).flatMap((leg) =>
      [...new Set(leg.addresses.map(({ ip }) => ip))].flatMap((ip, place) =>
        lengthsOf(ask.around, leg, ip).map(
          (length): HelperProposal => ({
            kind: "both-prefixes",
            host,
            make: [addAddress(leg.link.name, ip, length)],
            why: `\`${formatIPv4(ip)}/${length}\` stands beside \`${othersOf(leg, ip)}\``,
            shape: `${leg.link.name} address ${place} /${length}`,
          }),
        ),
      ),
    ),
  );

function othersOf({ addresses }: Leg, ip: IPv4): string {
  return addresses
    .filter((address) => address.ip === ip)
    .map(({ length }) => `/${length}`)
    .join("`, `");
}

function lengthsOf({ near }: Surroundings, leg: Leg, ip: IPv4): readonly number[] {
  const own = leg.addresses.filter((address) => address.ip === ip).map(({ length }) => length);
  const others = [leg, ...near(leg)].flatMap(({ addresses }) =>
    addresses.filter((address) => address.length > 0).map(({ length }) => length),
  );
  const wider = Math.min(...own) - 1;
  const all = [...new Set([...others, ...(wider > 0 ? [wider] : []), 32])];
  return all.filter((length) => !own.includes(length)).sort((a, b) => b - a);
}

function addAddress(link: LinkName, ip: IPv4, length: number): HelperProposal["make"][number] {
  return { kind: "address-add", address: operation.address({ link, ip, length }) };
}

/** A free address for the hosts on the way in each subnet of their segments in which they have none at one of the ends. */
export const proposeSecondAddress: Propose = (ask) =>
  hostsOf(ask).flatMap((host) =>
    ask.around.legsOf(host).flatMap((leg) =>
      subnetsOf(ask.around, leg).flatMap((subnet): readonly HelperProposal[] => {
        const ip = pickFree(ask.around, host, subnet);
        if (ip === null) return [];
        return [
          {
            kind: "second-address",
            host,
            make: [addAddress(leg.link.name, ip, subnet.length)],
            why: `\`${formatIPv4(ip)}\`, which nobody has, makes it a neighbour in \`${formatPrefix(subnet)}\``,
            shape: `${leg.link.name} ${formatPrefix(subnet)}`,
          },
        ];
      }),
    ),
  );

function subnetsOf({ near, endsOf }: Surroundings, leg: Leg): readonly Prefix[] {
  const all = [leg, ...near(leg)]
    .flatMap(({ addresses }) => addresses)
    .filter(({ length }) => length > 0 && length < 31)
    .map(networkOf);
  const isThroughout = (subnet: Prefix): boolean =>
    endsOf(leg.host).every((end) => hasAddressIn(end, leg.link.name, subnet));
  return [...new Map(all.map((subnet) => [formatPrefix(subnet), subnet])).values()].filter(
    (subnet) => !isThroughout(subnet),
  );
}

function hasAddressIn(end: Host, link: LinkName, subnet: Prefix): boolean {
  return end.addresses.some(
    (address) =>
      address.link === link &&
      address.length === subnet.length &&
      networkOf(address).address === subnet.address,
  );
}

/** From the top of the subnet, a different one for each host. */
function pickFree({ hosts, ownersOf }: Surroundings, host: HostId, subnet: Prefix): IPv4 | null {
  const last = broadcastOf(subnet.address, subnet.length);
  let rank = hosts.indexOf(host);
  for (let address = last - 1; address > subnet.address; address -= 1) {
    if (ownersOf(ipv4(address)).length > 0) continue;
    if (rank === 0) return ipv4(address);
    rank -= 1;
  }
  return null;
}

/** The addresses of the gateways on the way, for the hosts that have them at one end, and for others that forward and hear the asking host. */
export const proposeGatewayAddress: Propose = (ask) => {
  const gateways = decisionsOf(ask).flatMap(({ host, destination }) =>
    ask.around
      .endsOf(host)
      .flatMap((end) => routeTo(end, destination) ?? [])
      .flatMap(({ gateway, link }) => (gateway === null || link === null ? [] : [{ host, gateway, link }])),
  );
  return gateways.flatMap(({ host, gateway, link }) =>
    ask.around
      .legsOf(host)
      .filter((leg) => leg.link.name === link)
      .flatMap((leg) => holdersOf(ask, leg, gateway)),
  );
};

function holdersOf({ around }: Ask, asking: Leg, gateway: IPv4): readonly HelperProposal[] {
  const held = around.ownersOf(gateway);
  const length = lengthOf(around, gateway);
  return around
    .near(asking)
    .filter(({ host }) => forwards(around.endsOf(host)))
    .filter(({ host }) => !around.endsOf(host).every((end) => end.addresses.some(({ ip }) => ip === gateway)))
    .map(({ host, link }) => ({
      kind: "gateway-address",
      host,
      make: [addAddress(link.name, gateway, length)],
      why: `the gateway \`${formatIPv4(gateway)}\`${held.length === 0 ? "" : ` of \`${held.join("`, `")}\``} stands on it as well`,
      shape: `${formatIPv4(gateway)} on ${link.name}`,
    }));
}

function lengthOf({ legs }: Surroundings, gateway: IPv4): number {
  const own = legs.flatMap(({ addresses }) => addresses).find(({ ip }) => ip === gateway);
  return own?.length ?? 32;
}

/** Links on which an address is in the network of another one that goes: the kernel takes it along unless it is told to keep it. */
export const proposeKeptSecondaries: Propose = (ask) =>
  hostsOf(ask).flatMap((host) =>
    ask.around
      .legsOf(host)
      .filter(({ addresses }) => hasNeighbours(addresses))
      .map(
        ({ link: { name } }): HelperProposal => ({
          kind: "kept-secondaries",
          host,
          make: [{ kind: "sysctl", key: `conf.${name.replaceAll(".", "/")}.promote_secondaries`, value: 1 }],
          why: `an address of \`${name}\` outlives the one whose network it is in`,
          shape: name,
        }),
      ),
  );

/** Two addresses of one network, at one end or at different ones. */
function hasNeighbours(addresses: readonly Address[]): boolean {
  return addresses.some((address) =>
    addresses.some(
      (other) =>
        other.ip !== address.ip &&
        other.length === address.length &&
        networkOf(other).address === networkOf(address).address,
    ),
  );
}
