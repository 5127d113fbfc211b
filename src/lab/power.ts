import { awaitBoot, bootHost, bootIdOf, leaderOf, runHostScript } from "./boot.js";
import { ControlGroups } from "./control-groups.js";
import type { LabRecord } from "./lab.js";
import { findHost, type OpenedLab, open } from "./lab-exec.js";
import { hasPower } from "./lab-list.js";
import { say } from "./messages.js";
import { defaultPlaces, type LabPlaces } from "./places.js";

/**
 * Takes a host's power away: its processes end at once, its links lose their carrier, its memory is gone, its files stay as they were. A
 * host without power stays so.
 */
export async function labKill(
  name: string,
  host: string,
  places: LabPlaces = defaultPlaces(),
): Promise<void> {
  await cutPower(find(name, host, places));
}

/** Gives a host its power back; resolves when it answers. */
export async function labStart(
  name: string,
  host: string,
  places: LabPlaces = defaultPlaces(),
): Promise<void> {
  const { paths, record } = find(name, host, places);
  if (hasPower(paths, record.number)) throw say.hasPower(record.id);
  await bootHost(paths, record);
}

/**
 * Boots a host again: a systemd host is told to and ends its services in its own order; a namespace ends all at once. Resolves when it
 * answers in its new boot, whose boot id is another one.
 */
export async function labReboot(
  name: string,
  host: string,
  places: LabPlaces = defaultPlaces(),
): Promise<void> {
  const found = find(name, host, places);
  const { paths, record } = found;
  if (!hasPower(paths, record.number)) throw say.noPower(record.id);
  if (record.kind === "netns") {
    await cutPower(found);
    return bootHost(paths, record);
  }
  const leader = await leaderOf(paths, record);
  if (leader === null) throw say.noPower(record.id);
  const before = bootIdOf(leader);
  // Its answer may be cut off by what it asks for.
  await runHostScript(paths, record, ["enter", "reboot"]);
  await awaitBoot(paths, record, before);
}

/** Stops every process of a host, as if it hung; its kernel goes on to answer. Cut its cables too for a host that is silent. */
export async function labFreeze(
  name: string,
  host: string,
  places: LabPlaces = defaultPlaces(),
): Promise<void> {
  const { paths, record } = find(name, host, places);
  if (!hasPower(paths, record.number)) throw say.noPower(record.id);
  await new ControlGroups(paths.group).freeze(record.number, true);
}

/** Lets a host go on that `labFreeze` stopped. */
export async function labThaw(
  name: string,
  host: string,
  places: LabPlaces = defaultPlaces(),
): Promise<void> {
  const { paths, record } = find(name, host, places);
  await new ControlGroups(paths.group).freeze(record.number, false);
}

interface FoundHost extends OpenedLab {
  readonly record: LabRecord;
}

function find(name: string, host: string, places: LabPlaces): FoundHost {
  const opened = open(name, places);
  return { ...opened, record: findHost(opened.lab, host) };
}

async function cutPower({ paths, record }: FoundHost): Promise<void> {
  const groups = new ControlGroups(paths.group);
  await groups.kill(record.number);
  // A supervisor takes the namespace away when its host has ended; one that was killed itself does not, and a namespace has none.
  const unwired = await runHostScript(paths, record, ["unwire"]);
  if (unwired.code !== 0 || hasPower(paths, record.number))
    throw say.refused(`\`${record.id}\` to be without power`, unwired.stderr, "");
  await groups.freeze(record.number, false);
}
