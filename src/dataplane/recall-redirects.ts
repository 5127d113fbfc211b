import type { IPv4 } from "#ip/index.js";
import { keepingOf, mayHaveMet } from "./ages.js";
import {
  type AskedNextHop,
  type Known,
  nameOf,
  type Recalled,
  type Recollection,
  recallGiven,
  type StageOf,
  spanOf,
} from "./recollection.js";
import { changingLessons, type Lesson, lessonsOf } from "./redirect-lessons.js";

/** The next hops that redirects may have given the host for a destination, and that nobody would give it now. */
export function recallRedirects(known: Known, asked: AskedNextHop, stageOf: StageOf): Recalled {
  const { host, link } = asked;
  if (known.only !== null) return recallGivenRedirect(known, asked, stageOf);
  const lessons = changingLessons(known, asked);
  if (lessons.length === 0) return [];
  const present = taughtNow(lessons, asked, stageOf);
  const keeping = keepingOf(known.ages, host, stageOf(host), { kind: "redirect", link });
  const span = spanOf(known, host, keeping, stageOf);
  const isRemembered = ({ own, teacher }: Lesson): boolean =>
    own >= keeping.from &&
    own <= stageOf(host) &&
    teacher.stage <= stageOf(teacher.host) &&
    mayHaveMet(known.ages, keeping.phase, [{ host, stage: own }, teacher]) &&
    known.past.haveMet({ host, link }, { host: teacher.host, link: teacher.link }, span);
  const kept = new Map<IPv4, Recollection>();
  for (const lesson of lessons) {
    const { teacher, nextHop, own } = lesson;
    if (present.has(nextHop) || (kept.get(nextHop)?.stage ?? -1) >= teacher.stage || !isRemembered(lesson))
      continue;
    kept.set(nextHop, {
      host: nameOf(known, host),
      learntIn: { from: own, to: own },
      until: keeping.until,
      of: nameOf(known, teacher.host),
      stage: teacher.stage,
      entry: { kind: "redirect", link, gateway: asked.gateway, destination: asked.destination, nextHop },
    });
  }
  return [...kept.values()];
}

function recallGivenRedirect(known: Known, asked: AskedNextHop, stageOf: StageOf): Recalled {
  const { host, link, gateway, destination } = asked;
  const isAsked = (entry: Recollection["entry"]): boolean => {
    if (entry.kind !== "redirect" || entry.link !== link) return false;
    return entry.gateway === gateway && entry.destination === destination;
  };
  const given = recallGiven(known, host, stageOf, isAsked);
  if (given === "impossible" || given.length === 0) return given;
  const present = taughtNow(lessonsOf(known, asked), asked, stageOf);
  return given.filter(({ entry }) => entry.kind === "redirect" && !present.has(entry.nextHop));
}

/** The next hops that the gateways would give the host now. */
function taughtNow(lessons: readonly Lesson[], { host }: AskedNextHop, stageOf: StageOf): ReadonlySet<IPv4> {
  const isNow = ({ own, teacher }: Lesson): boolean =>
    own === stageOf(host) && teacher.stage === stageOf(teacher.host);
  return new Set(lessons.filter(isNow).map(({ nextHop }) => nextHop));
}
