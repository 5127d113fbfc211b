import { existsSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { ControlGroups } from "./control-groups.js";
import type { LabRecord } from "./lab.js";
import { findHost, type OpenedLab, open } from "./lab-exec.js";
import { hasPower } from "./lab-list.js";
import { say } from "./messages.js";
import { defaultPlaces, type LabPaths, type LabPlaces } from "./places.js";
import { runWords } from "./run-words.js";

/** Which frames of a cable: those that the host gets, those that it sends, or both, as with a cable that is pulled. */
export type Direction = "both" | "in" | "out";

/** Names one cable of a lab. */
export interface Cable {
  readonly lab: string;
  readonly host: string;
  readonly link: string;
  readonly places?: LabPlaces;
}

/** One table in the namespace of the switch; what is done to a port is one element of a map of it. */
const TABLE = "pointsman";

/** Makes the rules by which single ports are impaired; none is yet. */
export async function switchRules(paths: LabPaths): Promise<void> {
  const hooks = [
    { map: "out", hook: "prerouting", name: "iifname" },
    { map: "in", hook: "postrouting", name: "oifname" },
  ];
  const lines = hooks.flatMap(({ map, hook, name }) => [
    `add map bridge ${TABLE} ${map} { type ifname : verdict; }`,
    `add chain bridge ${TABLE} ${hook} { type filter hook ${hook} priority 0; }`,
    `add rule bridge ${TABLE} ${hook} ${name} vmap @${map}`,
  ]);
  await nft(paths, [`add table bridge ${TABLE}`, ...lines]);
}

/**
 * Cuts a cable. `both` pulls it: the link has no carrier, also when the host boots again, until `labHeal`. One direction alone is silent:
 * the carrier stays, frames are lost.
 */
export async function labCut(cable: Cable, direction: Direction): Promise<void> {
  const found = find(cable);
  if (direction === "both") return plug(found, false);
  await setVerdict(found, direction, "drop");
}

/** Loses that percentage of the frames in both directions, each by chance, until `labHeal`. */
export async function labLoss(cable: Cable, percent: number): Promise<void> {
  checkPercent(percent);
  const found = find(cable);
  // nft refuses a comparison that is always true.
  if (percent === 100) {
    for (const direction of ["in", "out"] as const) await setVerdict(found, direction, "drop");
    return;
  }
  const chain = `loss${percent}`;
  await nft(found.paths, [
    `add chain bridge ${TABLE} ${chain}`,
    `flush chain bridge ${TABLE} ${chain}`,
    `add rule bridge ${TABLE} ${chain} numgen random mod 100 < ${percent} drop`,
  ]);
  for (const direction of ["in", "out"] as const) await setVerdict(found, direction, `jump ${chain}`);
}

/** Makes a cable whole: plugged, both directions, no loss. A cable that was whole stays so. */
export async function labHeal(cable: Cable): Promise<void> {
  const found = find(cable);
  for (const direction of ["in", "out"] as const) await clearVerdict(found, direction);
  await plug(found, true);
}

/** Gives a host that percentage of one processor and no more; null: all it wants again. */
export async function labSlow(
  name: string,
  host: string,
  percent: number | null,
  places: LabPlaces = defaultPlaces(),
): Promise<void> {
  if (percent !== null) checkPercent(percent);
  const { lab, paths } = open(name, places);
  const isLimited = new ControlGroups(paths.group).limit(findHost(lab, host).number, percent);
  if (!isLimited)
    throw say.refused("a limit of processor time", "no control group of `cpu`", "Nothing was changed.");
}

interface FoundCable extends OpenedLab {
  readonly host: LabRecord;
  readonly port: string;
  readonly isPlugged: boolean;
}

function find({ lab: name, host: hostName, link, places = defaultPlaces() }: Cable): FoundCable {
  const opened = open(name, places);
  const host = findHost(opened.lab, hostName);
  const cable = host.links.find((candidate) => candidate.link === link);
  if (cable === undefined)
    throw say.unknownLink(
      hostName,
      link,
      host.links.map((each) => each.link),
    );
  return { ...opened, host, port: cable.port, isPlugged: cable.isPlugged };
}

/** A file remembers it, for the port is made anew at each boot of the host. */
async function plug({ paths, host, port, isPlugged }: FoundCable, wanted: boolean): Promise<void> {
  const mark = join(paths.folderOf(host.number), "unplugged", port);
  if (wanted && !existsSync(mark)) return;
  if (wanted) rmSync(mark);
  else writeFileSync(mark, "");
  if (!isPlugged || !hasPower(paths, host.number)) return;
  const set = await runWords(["ip", "-n", paths.switch, "link", "set", "dev", port, wanted ? "up" : "down"]);
  if (set.code !== 0) throw say.refused(`the port of \`${host.id}\``, set.stderr, "");
}

async function setVerdict(found: FoundCable, direction: "in" | "out", verdict: string): Promise<void> {
  await clearVerdict(found, direction);
  await nft(found.paths, [`add element bridge ${TABLE} ${direction} { "${found.port}" : ${verdict} }`]);
}

async function clearVerdict({ paths, port }: FoundCable, direction: "in" | "out"): Promise<void> {
  const line = `delete element bridge ${TABLE} ${direction} { "${port}" }`;
  // Refused where there is none, which is as good.
  await runWords(nftWords(paths), { input: `${line}\n` });
}

async function nft(paths: LabPaths, lines: readonly string[]): Promise<void> {
  const done = await runWords(nftWords(paths), { input: `${lines.join("\n")}\n` });
  if (done.code !== 0) throw say.refused("rules for the ports of the switch", done.stderr, "");
}

function nftWords(paths: LabPaths): readonly [string, ...string[]] {
  return ["nsenter", `--net=/run/netns/${paths.switch}`, "nft", "-f", "-"];
}

function checkPercent(percent: number): void {
  if (!Number.isInteger(percent) || percent < 1 || percent > 100) throw say.badPercent(percent);
}
