import { existsSync, readdirSync, readFileSync, rmdirSync, rmSync } from "node:fs";
import { dirname } from "node:path";
import { ControlGroups } from "./control-groups.js";
import { findPaths, isLabName, knownNames, ownerOf, unregister } from "./lab-record.js";
import { restoreLimits } from "./limits.js";
import { requireRoot } from "./machine.js";
import { say } from "./messages.js";
import { checkPlaces, defaultPlaces, type LabPaths, type LabPlaces, labOfNamespace } from "./places.js";
import { runWords } from "./run-words.js";

const NAMESPACES = "/run/netns";

/**
 * Removes a lab, or what is left of one: processes, mounts, namespaces, control groups, its folder. It needs nothing but the name: all of
 * them are found by it. What is gone already is no error.
 *
 * @returns whether anything was there.
 */
export async function labDown(name: string, places: LabPlaces = defaultPlaces()): Promise<boolean> {
  requireRoot();
  checkPlaces(places);
  if (!isLabName(name)) throw say.badName(name);
  const paths = findPaths(places, name);
  const groups = new ControlGroups(paths.group);
  if (groups.holdsThisProcess()) throw say.fromInside(name);
  const wasThere = standing(places).includes(name);
  await groups.killAll();
  const namespaces = namespacesOf(places, name);
  for (const namespace of namespaces) await runWords(["ip", "netns", "del", namespace]);
  const mounts = ownerOf(paths) === "others" ? [] : await unmountBelow(paths.folder);
  const left = [...namespacesOf(places, name), ...mounts, ...(await groups.remove())];
  // A folder with something mounted below it is not the lab's alone: nothing in it is deleted.
  if (left.length > 0) throw say.stillThere(name, left);
  removeFolder(paths);
  unregister(paths);
  if (standing(places).length === 0) forget(places);
  return wasThere;
}

/** Removes every lab of these places, and gives their names. */
export async function labDownAll(places: LabPlaces = defaultPlaces()): Promise<readonly string[]> {
  requireRoot();
  checkPlaces(places);
  const names = standing(places);
  for (const name of names) await labDown(name, places);
  return names;
}

/** The labs of which anything is there, in the order of their names. */
export function standing(places: LabPlaces): readonly string[] {
  const namespaces = allNamespaces().flatMap((namespace) => labOfNamespace(places, namespace) ?? []);
  const names = [...knownNames(places), ...namespaces, ...ControlGroups.labsOf(places.label)];
  return [...new Set(names)].filter(isLabName).sort();
}

function namespacesOf(places: LabPlaces, name: string): readonly string[] {
  return allNamespaces().filter((namespace) => labOfNamespace(places, namespace) === name);
}

function allNamespaces(): readonly string[] {
  return existsSync(NAMESPACES) ? readdirSync(NAMESPACES) : [];
}

/** Unmounts all that is mounted below a folder, the last first; what is still there. */
async function unmountBelow(folder: string): Promise<readonly string[]> {
  for (const mount of mountsBelow(folder).toReversed()) await runWords(["umount", "--", mount]);
  for (const mount of mountsBelow(folder).toReversed()) await runWords(["umount", "--lazy", "--", mount]);
  return mountsBelow(folder);
}

/** proc_pid_mountinfo(5): the fifth field, in which spaces and the like are octal. */
function mountsBelow(folder: string): readonly string[] {
  return readFileSync("/proc/self/mountinfo", "utf8")
    .split("\n")
    .map((line) => (line.split(" ")[4] ?? "").replaceAll(/\\(\d{3})/g, octalCharacter))
    .filter((path) => path.startsWith(`${folder}/`));
}

function octalCharacter(_: string, digits: string): string {
  return String.fromCharCode(Number.parseInt(digits, 8));
}

function removeFolder(paths: LabPaths): void {
  const { folder, registration } = paths;
  const owner = ownerOf(paths);
  // A lab that died before it wrote whose it is has its name registered; any other folder may only have the name of one.
  const isOwn = owner === "these places" || (owner === "nobody" && existsSync(registration));
  if (isOwn) rmSync(folder, { recursive: true, force: true });
}

function forget(places: LabPlaces): void {
  restoreLimits(places);
  for (const folder of [places.registry, dirname(places.registry), places.base]) {
    try {
      rmdirSync(folder);
    } catch {
      // Not there, or not empty: somebody uses it.
    }
  }
}
