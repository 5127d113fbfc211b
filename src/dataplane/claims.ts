import type { IPv4, Mac } from "#ip/index.js";
import type { LinkName } from "#model/index.js";
import type { Ages, HostAge } from "./ages.js";
import { answerArp, mayClaim } from "./arp-answer.js";
import type { CompiledHost } from "./compiled-host.js";
import { eachLocalAddress, mayAnswerForOthers } from "./owners.js";

/** A host that, in one of its stages, gives others its link's address for an address that they look for. */
export interface Claim extends HostAge {
  readonly link: LinkName;
  readonly mac: Mac;
}

/** What others may have learnt of an address. */
export interface Claims {
  /** All claims of all stages, of no matter which segment, as the host may have heard them; empty where they cannot have changed. */
  readonly of: (asker: number, ip: IPv4) => readonly Claim[];
  /** The same without a question of change. */
  readonly all: (asker: number, ip: IPv4) => readonly Claim[];
}

/** Indexes who claims what; `isMoving`: links may have changed domains, so that any claim may be of another one. */
export function buildClaims({ stages }: Ages, isMoving: boolean): Claims {
  const owners = indexOwners(stages);
  const proxies = stages.flatMap((own, host) => (own.some(mayAnswerForOthers) ? [host] : []));
  const volatile = new Map<IPv4, boolean>();
  const isVolatile = (ip: IPv4): boolean => {
    const known =
      volatile.get(ip) ?? (owners.get(ip) ?? []).some((host) => isClaimedInChange(stages[host] ?? [], ip));
    volatile.set(ip, known);
    return known;
  };
  const hasVaryingProxies = proxies.some((host) => (stages[host]?.length ?? 0) > 1);
  const known = new Map<string, readonly Claim[]>();
  const all = (asker: number, ip: IPv4): readonly Claim[] => {
    // Without proxies nobody asks who asks.
    const key = proxies.length === 0 ? String(ip) : `${asker} ${ip}`;
    const found =
      known.get(key) ??
      collect(stages, { asker, ip, hosts: new Set([...(owners.get(ip) ?? []), ...proxies]) });
    known.set(key, found);
    return found.filter(({ host }) => host !== asker);
  };
  return {
    all,
    of: (asker, ip) => (isMoving || hasVaryingProxies || isVolatile(ip) ? all(asker, ip) : []),
  };
}

interface Asked {
  readonly asker: number;
  readonly ip: IPv4;
  readonly hosts: ReadonlySet<number>;
}

function collect(stages: Ages["stages"], { asker, ip, hosts }: Asked): readonly Claim[] {
  const senders = [...new Set((stages[asker] ?? []).flatMap(({ ownAddresses }) => [...ownAddresses]))];
  return [...hosts].flatMap((host) =>
    (stages[host] ?? []).flatMap((state, stage) =>
      state.links.flatMap((link): readonly Claim[] => {
        const { mac } = link.link;
        if (mac === null) return [];
        const isProxy = (sender: IPv4): boolean => answerArp(state, { link, sender, target: ip }) === "proxy";
        const isClaiming = mayClaim(state, link, ip) || senders.some(isProxy);
        return isClaiming ? [{ host, stage, link: link.name, mac }] : [];
      }),
    ),
  );
}

function indexOwners(stages: Ages["stages"]): ReadonlyMap<IPv4, readonly number[]> {
  const owners = new Map<IPv4, number[]>();
  stages.forEach((own, host) => {
    eachLocalAddress(own, (address) => {
      const list = owners.get(address);
      if (list === undefined) owners.set(address, [host]);
      else if (list.at(-1) !== host) list.push(host);
    });
  });
  return owners;
}

/** Whether a host does not claim the address in the same way in all its stages. */
function isClaimedInChange(stages: readonly CompiledHost[], ip: IPv4): boolean {
  const claimOf = (stage: CompiledHost): string =>
    stage.links.map((link) => (mayClaim(stage, link, ip) ? `${link.name} ${link.link.mac}` : "")).join();
  return stages.length > 1 && ip >>> 24 !== 127 && new Set(stages.map(claimOf)).size > 1;
}
