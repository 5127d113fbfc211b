import fc from "fast-check";
import { DEFAULT_PREFIX, ipv4, prefix } from "#ip/index.js";
import {
  type ConfigurationEdit,
  type EditedRoute,
  type HostConfiguration,
  type LinkName,
  linkName,
  MAIN_TABLE,
  type Route,
} from "#model/index.js";

/** Numbers that pick an edit out of what a configuration says. */
export interface EditSeed {
  readonly kind: number;
  readonly link: number;
  readonly fact: number;
  readonly host: number;
  readonly length: number;
  readonly isOnlink: boolean;
  readonly metric: number | null;
}

export const editSeed: fc.Arbitrary<EditSeed> = fc.record({
  kind: fc.nat(9),
  link: fc.nat(20),
  fact: fc.nat(20),
  host: fc.nat(0xffff),
  length: fc.integer({ min: 8, max: 32 }),
  isOnlink: fc.boolean(),
  metric: fc.constantFrom(null, null, 5, 300),
});

/** An edit that may be asked of files that say this; often of something that is there. */
export function editOf(configuration: HostConfiguration, seed: EditSeed): ConfigurationEdit {
  const facts = factsOf(configuration);
  const link = pick(facts.links, seed.link) ?? linkName("eth0");
  const address = pick(facts.addresses, seed.fact) ?? { link, ip: ipv4(0x0a000001), length: 24 };
  const ip = ipv4(0x0a000000 + seed.host);
  const { length, isOnlink } = seed;
  switch (seed.kind) {
    case 0:
    case 1: {
      const to = length === address.length ? length - 1 : length;
      return { kind: "address-length", link: address.link, ip: address.ip, from: address.length, to };
    }
    case 2:
      return { kind: "address-add", link, ip, length };
    case 3:
      return { kind: "address-remove", link: address.link, ip: address.ip, length: address.length };
    case 4:
    case 5:
    case 6: {
      const defaults = facts.routes.filter(({ destination }) => destination.length === 0);
      const home = pick(defaults, seed.fact)?.link ?? address.link;
      if (seed.kind === 6) return { kind: "gateway", link: home, gateway: null, isOnlink: false };
      return { kind: "gateway", link: home, gateway: ip, isOnlink };
    }
    case 7:
      return { kind: "route-add", route: routeOf(seed, link) };
    case 8:
      return { kind: "route-remove", route: pick(facts.routes, seed.fact) ?? routeOf(seed, link) };
    default:
      return { kind: "mtu", link, mtu: 1280 + (seed.host % 8000) };
  }
}

function routeOf({ host, length, fact, isOnlink, metric }: EditSeed, link: LinkName): EditedRoute {
  const destination = fact === 0 ? DEFAULT_PREFIX : prefix(ipv4(0xac100000 + host * 256), length);
  const gateway = fact % 4 === 1 ? null : ipv4(0x0a000000 + ((host * 7) % 65536));
  return { destination, gateway, link, metric, isOnlink: isOnlink && gateway !== null };
}

function pick<T>(values: readonly T[], index: number): T | null {
  return values[index % Math.max(values.length, 1)] ?? null;
}

function factsOf({ steps, dynamicLinks }: HostConfiguration) {
  const addresses = steps.flatMap(({ operation }) =>
    operation.kind === "address-add" ? [operation.address] : [],
  );
  const routes = steps.flatMap(({ operation }) =>
    operation.kind === "route-add" || operation.kind === "route-append" || operation.kind === "route-replace"
      ? editedRoute(operation.route)
      : [],
  );
  const ups = steps.flatMap(({ operation }) => (operation.kind === "link-up" ? [operation.link] : []));
  const links = [...ups, ...addresses.map(({ link }) => link), ...dynamicLinks.map(({ link }) => link)];
  return { addresses, routes, links: [...new Set(links)] };
}

function editedRoute({ destination, gateway, link, metric, isOnlink, table, type }: Route): EditedRoute[] {
  const isStatic = link !== null && table === MAIN_TABLE && type === "unicast";
  return isStatic ? [{ destination, gateway, link, metric, isOnlink }] : [];
}
