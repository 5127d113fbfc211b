import type { Segment } from "#model/index.js";
import { collectAges, type Travelled } from "./ages.js";
import { buildClaims } from "./claims.js";
import { buildPastLayer2 } from "./past-layer2.js";
import { recallNeighbours } from "./recall-neighbours.js";
import { recallRedirects } from "./recall-redirects.js";
import type { AskedNeighbour, AskedNextHop, Known, Recalled, Recollection, StageOf } from "./recollection.js";

/**
 * The entries that a host may have in the state at hand and that nothing in this state would teach: none where nothing that matters here
 * has changed. `impossible`: one of the entries that are given cannot be there in this state.
 */
export interface Memory {
  readonly neighbours: (asked: AskedNeighbour, stageOf: StageOf) => Recalled;
  readonly redirects: (asked: AskedNextHop, stageOf: StageOf) => Recalled;
  /** Entries that are given are there; others may be or not. */
  readonly isGiven: boolean;
  /** The number, over the whole change, of the first stage that a host of the world may be in. */
  readonly base: readonly number[];
}

/** What the hosts of a world may remember; null where none has a way behind it. */
export function buildMemory(
  staged: readonly Travelled[],
  segments: readonly Segment[],
  only: readonly Recollection[] | null = null,
): Memory | null {
  const hasPast = staged.some(({ way, stages }) => way !== undefined && way.left.length + stages.length > 1);
  if (only === null ? !hasPast : only.length === 0) return null;
  const ages = collectAges(staged);
  const past = buildPastLayer2(ages, segments);
  const known: Known = { ages, past, claims: buildClaims(ages, past.isVarying), only };
  return {
    neighbours: (asked, stageOf) => recallNeighbours(known, asked, stageOf),
    redirects: (asked, stageOf) => recallRedirects(known, asked, stageOf),
    isGiven: only !== null,
    base: ages.base,
  };
}
