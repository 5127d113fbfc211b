import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { hostId, linkName } from "#model/index.js";
import type { Lab, LabPort, LabRecord } from "./lab.js";
import { say } from "./messages.js";
import { type LabPaths, type LabPlaces, labPaths } from "./places.js";

/** Takes the name: of two that want it at once, one gets it. */
export function register(places: LabPlaces, paths: LabPaths): void {
  mkdirSync(places.registry, { recursive: true, mode: 0o700 });
  try {
    writeFileSync(paths.registration, paths.folder, { flag: "wx", mode: 0o600 });
  } catch (cause) {
    if (cause instanceof Error && "code" in cause && cause.code === "EEXIST") throw say.exists(paths.name);
    throw cause;
  }
}

/** Gives the name back. */
export function unregister(paths: LabPaths): void {
  rmSync(paths.registration, { force: true });
}

/** Where a lab of this name is, or would be. */
export function findPaths(places: LabPlaces, name: string): LabPaths {
  const paths = labPaths(places, name);
  return existsSync(paths.registration)
    ? labPaths(places, name, readFileSync(paths.registration, "utf8"))
    : paths;
}

/** Names that are taken, or whose folder is still there. Another label may have the same base. */
export function knownNames(places: LabPlaces): readonly string[] {
  const left = namesIn(places.base).filter((name) => ownerOf(labPaths(places, name)) === "these places");
  return [...namesIn(places.registry), ...left];
}

function namesIn(folder: string): readonly string[] {
  return existsSync(folder) ? readdirSync(folder).filter((name) => isLabName(name)) : [];
}

/** Writes down whose a new folder is. */
export function ownFolder(paths: LabPaths): void {
  writeFileSync(join(paths.folder, OWNER), paths.group, { flag: "wx", mode: 0o600 });
}

/** Whose a folder is, if it is there. */
export function ownerOf({ folder, group }: LabPaths): "these places" | "others" | "nobody" {
  const path = join(folder, OWNER);
  if (!existsSync(path)) return "nobody";
  return readFileSync(path, "utf8") === group ? "these places" : "others";
}

/** A file with the label and name of the lab that a folder belongs to. */
const OWNER = "owner";

/** What may name a lab: control groups, namespaces and folders are named by it. */
export function isLabName(name: string): boolean {
  return /^[a-z][a-z0-9-]{0,19}$/.test(name);
}

/** Writes what stands; read again by every command that comes later. */
export function writeRecord(paths: LabPaths, lab: Lab): void {
  writeFileSync(paths.record, `${JSON.stringify(lab, null, 1)}\n`, { mode: 0o600 });
}

/** Reads what stands, or says that there is none. */
export function readRecord(paths: LabPaths): Lab {
  if (!existsSync(paths.record)) {
    const isLeft = existsSync(paths.registration) || existsSync(paths.folder);
    throw isLeft ? say.damaged(paths.name) : say.notThere(paths.name);
  }
  const lab = parseLab(readFileSync(paths.record, "utf8"));
  if (lab === null) throw say.damaged(paths.name);
  return { ...lab, name: paths.name, folder: paths.folder };
}

function parseLab(text: string): Lab | null {
  const read = parseJson(text);
  if (!isRecord(read) || !Array.isArray(read["hosts"])) return null;
  const hosts = read["hosts"].map(parseHost);
  const { operator, sshConfig, name, folder } = read;
  if (typeof name !== "string" || typeof folder !== "string") return null;
  return {
    name,
    folder,
    hosts: hosts.filter((host) => host !== null),
    operator: typeof operator === "string" ? hostId(operator) : null,
    sshConfig: typeof sshConfig === "string" ? sshConfig : null,
  };
}

function parseHost(read: unknown): LabRecord | null {
  if (!isRecord(read) || !Array.isArray(read["links"])) return null;
  const { id, kind, number, links } = read;
  if (typeof id !== "string" || typeof number !== "number") return null;
  if (kind !== "netns" && kind !== "systemd") return null;
  return { id: hostId(id), kind, number, links: links.map(parsePort).filter((port) => port !== null) };
}

function parsePort(read: unknown): LabPort | null {
  if (!isRecord(read)) return null;
  const { link, port, isPlugged } = read;
  if (typeof link !== "string" || typeof port !== "string") return null;
  return { link: linkName(link), port, isPlugged: isPlugged === true };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null;
}
