import {
  type Cable,
  type LabPlaces,
  labFreeze,
  labKill,
  labLoss,
  labReboot,
  labSlow,
  labStart,
  labThaw,
} from "#lab/index.js";
import type { Result } from "#model/index.js";
import type { Failure } from "../failure.js";
import { asResult } from "./lab.js";

/** One host of a lab. */
export interface LabPlace {
  readonly lab: string;
  readonly host: string;
  readonly places?: LabPlaces;
}

/** What can be done to a whole host; the words are the verbs of `pointsman lab`. */
export type HostDeed = "start" | "kill" | "reboot" | "freeze" | "thaw";

/** Gives a host of a lab its power or takes it, boots it again, or lets its processes stand still or go on. */
export function doToHost(deed: HostDeed, { lab, host, places }: LabPlace): Promise<Result<void, Failure>> {
  return asResult(() => DEEDS[deed](lab, host, places));
}

const DEEDS: Readonly<
  Record<HostDeed, (lab: string, host: string, places: LabPlaces | undefined) => Promise<void>>
> = { start: labStart, kill: labKill, reboot: labReboot, freeze: labFreeze, thaw: labThaw };

/** Gives a host that percentage of one processor and no more; null: all it wants again. */
export function slowHost(
  { lab, host, places }: LabPlace,
  percent: number | null,
): Promise<Result<void, Failure>> {
  return asResult(() => labSlow(lab, host, percent, places));
}

/** Loses that percentage of the frames of a cable by chance, both ways, until it is healed. */
export function loseFrames(cable: Cable, percent: number): Promise<Result<void, Failure>> {
  return asResult(() => labLoss(cable, percent));
}
