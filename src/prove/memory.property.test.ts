import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  buildWorld,
  compileHost,
  type Flow,
  judgeFlow,
  lookupRoute,
  type StagedHost,
  type Verdict,
} from "#dataplane/index.js";
import { type IPv4, ipv4, type Mac } from "#ip/index.js";
import type { Host, HostId, LinkName, Neighbour } from "#model/index.js";
import { type RememberingNetwork, rememberingNetwork } from "../../test/remembering-network.js";
import { provePhase } from "./index.js";

const RUNS = Number(process.env["PROVE_RUNS"] ?? 100);
/** Worlds with more combinations of old entries than this are left to other seeds. */
const MAX_COMBINATIONS = 128;

describe("provePhase with what caches remember, against brute force over all states and all old entries", () => {
  it("finds the same verdicts for every flow", () => {
    const seen = { old: 0, flows: 0 };
    fc.assert(
      fc.property(rememberingNetwork(4), (network) => {
        const expected = bruteForce(network);
        fc.pre(expected !== null);
        const proof = provePhase({
          ...silenced(network),
          demandOf: () => "any",
          labels: new Map(),
          maxWalks: 1e7,
        });
        expect(proof.kind).toBe("proved");
        if (proof.kind !== "proved" || expected === null) return;
        for (const [key, verdicts] of expected.verdicts) {
          expect(new Set(proof.lookup(parseKey(key))?.verdicts), key).toEqual(verdicts);
          seen.flows += 1;
        }
        seen.old += expected.old;
      }),
      { numRuns: RUNS },
    );
    expect(seen.old).toBeGreaterThan(RUNS / 10);
  });
});

/** Redirects are a matter of their own: here nobody sends any. */
function silenced({ hosts, segments }: RememberingNetwork): RememberingNetwork {
  const quiet = (host: Host): Host => ({
    ...host,
    sysctls: new Map([
      ...host.sysctls,
      ...["all", "default", "e0", "e1"].map((link) => [`conf.${link}.send_redirects`, 0] as const),
    ]),
  });
  return {
    segments,
    hosts: hosts.map((host) => ({
      ...host,
      stages: host.stages.map(quiet),
      ...(host.way === undefined ? {} : { way: { ...host.way, left: host.way.left.map(quiet) } }),
    })),
  };
}

interface Expected {
  readonly verdicts: ReadonlyMap<string, ReadonlySet<Verdict>>;
  /** Old entries that were there in some state. */
  readonly old: number;
}

function bruteForce(given: RememberingNetwork): Expected | null {
  const network = silenced(given);
  const results = new Map<string, Set<Verdict>>();
  const targets = [
    ...new Set(
      network.hosts.flatMap(({ stages }) => stages.flatMap(({ addresses }) => addresses.map(({ ip }) => ip))),
    ),
  ];
  let old = 0;
  for (const state of combine(
    network.hosts.map(({ stages, way }) => stages.map((_, at) => at + (way?.left.length ?? 0))),
  )) {
    const options = oldEntries(network, state);
    old += options.reduce((sum, { macs }) => sum + macs.length, 0);
    if (options.reduce((product, { macs }) => product * (macs.length + 1), 1) > MAX_COMBINATIONS) return null;
    for (const chosen of combine(options.map(({ macs }) => [null, ...macs]))) {
      const world = buildWorld(
        withEntries(
          network,
          state,
          options.flatMap(({ place }, at) => entryOf(place, chosen[at] ?? null)),
        ),
        network.segments,
      );
      for (const [host, { id }] of network.hosts.entries()) {
        for (const to of targets) {
          if (to >>> 24 === 127) continue;
          const key = `${id} ${to}`;
          const verdicts = results.get(key) ?? new Set();
          results.set(key, verdicts);
          for (const verdict of judgeFlow(world, { host, to }, false).verdicts) verdicts.add(verdict);
        }
      }
    }
  }
  return { verdicts: results, old };
}

interface Place {
  readonly host: number;
  readonly link: LinkName;
  readonly ip: IPv4;
}

/** By going through all states that may have come before, and in which nobody has forgotten since. */
function oldEntries(
  network: RememberingNetwork,
  state: readonly number[],
): readonly { readonly place: Place; readonly macs: readonly Mac[] }[] {
  const now = claimsIn(network, state);
  const old = new Map<string, { readonly place: Place; readonly macs: Set<Mac> }>();
  for (const past of statesUpTo(network, state)) {
    for (const [name, { place, macs }] of claimsIn(network, past)) {
      if (hasForgotten(network.hosts[place.host], past[place.host] ?? 0, state[place.host] ?? 0)) continue;
      for (const mac of macs) {
        if (now.get(name)?.macs.has(mac) === true) continue;
        const found = old.get(name) ?? { place, macs: new Set() };
        old.set(name, found);
        found.macs.add(mac);
      }
    }
  }
  return [...old.values()].map(({ place, macs }) => ({ place, macs: [...macs] }));
}

function hasForgotten(host: StagedHost | undefined, from: number, to: number): boolean {
  return host?.way?.operations.slice(from, to).some(({ kind }) => kind === "neighbour-flush") === true;
}

/** Every state of every phase so far that is not later than this one in any host. */
function statesUpTo({ hosts }: RememberingNetwork, state: readonly number[]): readonly (readonly number[])[] {
  const phases = hosts[0]?.way?.starts.length ?? 0;
  return Array.from({ length: phases }, (_, phase) =>
    combine(
      hosts.map(({ way }, host) => {
        const from = way?.starts[phase] ?? 0;
        const to = phase + 1 < phases ? (way?.starts[phase + 1] ?? 0) : (state[host] ?? 0);
        return Array.from({ length: to - from + 1 }, (_, at) => from + at);
      }),
    ),
  ).flat();
}

/** The addresses that each host may get for each neighbour in a state: from whoever has it on the same segment, or answers as a proxy. */
function claimsIn(
  network: RememberingNetwork,
  state: readonly number[],
): ReadonlyMap<string, { readonly place: Place; readonly macs: Set<Mac> }> {
  const claims = new Map<string, { readonly place: Place; readonly macs: Set<Mac> }>();
  const hosts = withEntries(network, state, []).flatMap(({ stages }) => stages);
  const all = [
    ...new Set(
      network.hosts
        .flatMap((host) => [...(host.way?.left ?? []), ...host.stages])
        .flatMap(({ addresses }) => addresses.map(({ ip }) => ip)),
    ),
  ];
  for (const [host, asker] of hosts.entries()) {
    for (const { name: link } of asker.links) {
      const segment = segmentOf(network, asker.id, link);
      if (segment === undefined) continue;
      for (const [other, owner] of hosts.entries()) {
        for (const port of owner.links) {
          if (other === host || segmentOf(network, owner.id, port.name) !== segment || port.mac === null)
            continue;
          for (const ip of all) {
            if (ip >>> 24 === 127 || !mayTeach({ owner, link: port.name, ip, asker: network.hosts[host] }))
              continue;
            const name = `${host} ${link} ${ip}`;
            const found = claims.get(name) ?? { place: { host, link, ip }, macs: new Set() };
            claims.set(name, found);
            found.macs.add(port.mac);
          }
        }
      }
    }
  }
  return claims;
}

function segmentOf({ segments }: RememberingNetwork, host: HostId, link: LinkName): string | undefined {
  return segments.find(({ ports }) => ports.some((port) => port.host === host && port.link === link))?.id;
}

interface Teaching {
  readonly owner: Host;
  readonly link: LinkName;
  readonly ip: IPv4;
  readonly asker: StagedHost | undefined;
}

function mayTeach({ owner, link, ip, asker }: Teaching): boolean {
  const sysctl = (key: string): number => owner.sysctls.get(`conf.all.${key}`) ?? 0;
  const isHere = owner.addresses.some((address) => address.ip === ip && address.link === link);
  const isOwn = owner.addresses.some((address) => address.ip === ip);
  if (isOwn) return isHere || sysctl("arp_ignore") === 0 || sysctl("arp_announce") === 0;
  return (owner.sysctls.get(`conf.${link}.proxy_arp`) ?? 0) !== 0 && isProxied({ owner, link, ip, asker });
}

/** A rule of its own: the proxies here validate no sources, so they answer whoever is not themselves where they have a route by another link. */
function isProxied({ owner, link, ip, asker }: Teaching): boolean {
  const senders = [...(asker?.way?.left ?? []), ...(asker?.stages ?? [])].flatMap(
    ({ addresses }) => addresses,
  );
  const own = new Set(owner.addresses.map((address) => address.ip));
  const isAnswered = senders.some((sender) => sender.ip >>> 24 !== 127 && !own.has(sender.ip));
  const zero = ipv4(0);
  const route = lookupRoute(compileHost(owner), {
    source: zero,
    destination: ip,
    incoming: null,
    outgoing: null,
  });
  const isElsewhere = route.kind === "found" && route.route.type === "unicast" && route.route.link !== link;
  return isAnswered && isElsewhere && owner.sysctls.get("ip_forward") === 1;
}

function withEntries(
  { hosts }: RememberingNetwork,
  state: readonly number[],
  entries: readonly { readonly host: number; readonly neighbour: Neighbour }[],
): readonly StagedHost[] {
  return hosts.map(({ id, stages, way }, host) => {
    const all = [...(way?.left ?? []), ...stages];
    const own = all[state[host] ?? 0];
    if (own === undefined) throw new RangeError("expected a stage");
    const old = entries.filter((entry) => entry.host === host).map(({ neighbour }) => neighbour);
    return { id, stages: [{ ...own, neighbours: [...own.neighbours, ...old] }] };
  });
}

function entryOf(
  { host, link, ip }: Place,
  mac: Mac | null,
): readonly { readonly host: number; readonly neighbour: Neighbour }[] {
  return mac === null ? [] : [{ host, neighbour: { link, ip, mac, state: "stale", isProxy: false } }];
}

function combine<T>(choices: readonly (readonly T[])[]): readonly (readonly T[])[] {
  return choices.reduce<readonly (readonly T[])[]>(
    (tuples, choice) => tuples.flatMap((tuple) => choice.map((each) => [...tuple, each])),
    [[]],
  );
}

function parseKey(key: string): Flow {
  const [from, to] = key.split(" ");
  return { from: (from ?? "") as HostId, to: Number(to) as IPv4 };
}
