import { type ConfigurationEdit, editedRouteText } from "#model/index.js";
import type { AimedDefault, HostAim } from "./host-aim.js";

/** What the files of a host have to say differently for its aim, what goes before what comes. */
export function findEdits(aim: HostAim): readonly ConfigurationEdit[] {
  return [
    ...routeRemovals(aim),
    ...addressEdits(aim),
    ...mtuEdits(aim),
    ...gatewayEdits(aim),
    ...routeAdditions(aim),
    ...flagEdits(aim),
  ];
}

function addressEdits(aim: HostAim): readonly ConfigurationEdit[] {
  const stay = new Set(
    aim.addresses.map(({ was, link }) => (was === null ? "" : `${link} ${was.ip}/${was.length}`)),
  );
  const gone = aim.facts.addresses.filter(
    ({ scope, link, ip, length }) =>
      scope !== "host" && link !== "lo" && !stay.has(`${link} ${ip}/${length}`),
  );
  return [
    ...gone.map(({ link, ip, length }) => ({ kind: "address-remove", link, ip, length }) as const),
    ...aim.addresses.flatMap(({ link, ip, length, was }): readonly ConfigurationEdit[] => {
      if (was === null) return [{ kind: "address-add", link, ip, length }];
      if (was.ip === ip)
        return was.length === length
          ? []
          : [{ kind: "address-length", link, ip, from: was.length, to: length }];
      return [
        { kind: "address-remove", link, ip: was.ip, length: was.length },
        { kind: "address-add", link, ip, length },
      ];
    }),
  ];
}

function mtuEdits({ mtus, facts }: HostAim): readonly ConfigurationEdit[] {
  return [...mtus].flatMap(([link, mtu]) =>
    facts.mtus.get(link) === mtu ? [] : [{ kind: "mtu", link, mtu } as const],
  );
}

function gatewayEdits({ defaults }: HostAim): readonly ConfigurationEdit[] {
  return defaults
    .filter(isChanged)
    .map(({ gateway, link, isOnlink }) => ({ kind: "gateway", gateway, link, isOnlink }));
}

function isChanged({ was, gateway, link, isOnlink }: AimedDefault): boolean {
  return was === null || was.gateway !== gateway || was.link !== link || was.isOnlink !== isOnlink;
}

function routeRemovals({ routes, original }: HostAim): readonly ConfigurationEdit[] {
  const kept = new Set(routes.flatMap(({ route, was }) => (was !== null && isSame(route, was) ? [was] : [])));
  return original.filter((route) => !kept.has(route)).map((route) => ({ kind: "route-remove", route }));
}

function routeAdditions({ routes }: HostAim): readonly ConfigurationEdit[] {
  return routes
    .filter(({ route, was }) => was === null || !isSame(route, was))
    .map(({ route }) => ({ kind: "route-add", route }));
}

function isSame(a: Parameters<typeof editedRouteText>[0], b: Parameters<typeof editedRouteText>[0]): boolean {
  return editedRouteText(a) === editedRouteText(b);
}

function flagEdits({ nodeIp, backend, server, facts }: HostAim): readonly ConfigurationEdit[] {
  return [
    ...(nodeIp !== null && nodeIp !== facts.nodeIp ? [{ kind: "node-ip", ip: nodeIp } as const] : []),
    ...(backend !== null && backend !== facts.backend ? [{ kind: "flannel-backend", backend } as const] : []),
    ...(server !== null && server !== facts.server ? [{ kind: "k3s-server", url: server } as const] : []),
  ];
}
