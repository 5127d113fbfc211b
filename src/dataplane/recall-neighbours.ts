import type { Mac } from "#ip/index.js";
import { keepingOf, stageAtStart } from "./ages.js";
import type { Claim } from "./claims.js";
import type { Domain } from "./layer2.js";
import {
  type AskedNeighbour,
  type Known,
  nameOf,
  type Recalled,
  type Recollection,
  recallGiven,
  type StageOf,
  spanOf,
} from "./recollection.js";

/** The MAC addresses that the host may have kept for a neighbour, and that nobody would give it now. */
export function recallNeighbours(known: Known, asked: AskedNeighbour, stageOf: StageOf): Recalled {
  const { host, link, ip } = asked;
  if (known.only !== null) return recallGivenNeighbour(known, asked, stageOf);
  const claims = known.claims.of(host, ip);
  if (claims.length === 0) return [];
  const present = taughtNow(claims, asked, stageOf);
  if (claims.every(({ mac }) => present.has(mac))) return [];
  const keeping = keepingOf(known.ages, host, stageOf(host), { kind: "neighbour", link, ip });
  const span = spanOf(known, host, keeping, stageOf);
  const kept = new Map<Mac, Recollection>();
  for (const claim of claims) {
    const { mac, stage, host: of } = claim;
    const isPast = stage <= stageOf(of) && stage >= stageAtStart(known.ages, of, keeping.phase);
    if (present.has(mac) || !isPast || (kept.get(mac)?.stage ?? -1) >= stage) continue;
    if (!known.past.haveMet({ host, link }, claim, span)) continue;
    kept.set(mac, {
      host: nameOf(known, host),
      learntIn: { from: keeping.from, to: keeping.until },
      until: keeping.until,
      of: nameOf(known, of),
      stage,
      entry: { kind: "neighbour", link, ip, mac },
    });
  }
  return [...kept.values()];
}

function recallGivenNeighbour(known: Known, asked: AskedNeighbour, stageOf: StageOf): Recalled {
  const { host, link, ip } = asked;
  const isAsked = (entry: Recollection["entry"]): boolean =>
    entry.kind === "neighbour" && entry.link === link && entry.ip === ip;
  const given = recallGiven(known, host, stageOf, isAsked);
  if (given === "impossible" || given.length === 0) return given;
  const present = taughtNow(known.claims.all(host, ip), asked, stageOf);
  return given.filter(({ entry }) => entry.kind === "neighbour" && !present.has(entry.mac));
}

/** The addresses that those who claim the neighbour now would give. */
function taughtNow(claims: readonly Claim[], asked: AskedNeighbour, stageOf: StageOf): ReadonlySet<Mac> {
  const domain = asked.domain();
  const present = claims.filter((claim) => claim.stage === stageOf(claim.host) && isHeard(domain, claim));
  return new Set(present.map(({ mac }) => mac));
}

function isHeard(domain: Domain | null, { host, link, mac }: Claim): boolean {
  return domain?.byHost.get(host)?.some((leg) => leg.link === link && leg.mac === mac) === true;
}
