import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
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

/** Names that are taken, or whose folder is still there. */
export function knownNames(places: LabPlaces): readonly string[] {
  return [places.registry, places.base].flatMap((folder) =>
    existsSync(folder) ? readdirSync(folder).filter((name) => isLabName(name)) : [],
  );
}

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
