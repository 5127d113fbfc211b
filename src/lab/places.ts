import { join } from "node:path";
import { say } from "./messages.js";

/** Where labs of one label keep what they make on this machine. Labs of another label are never seen, nor touched. */
export interface LabPlaces {
  /** What every namespace and control group of theirs begins with: a few lower-case letters. */
  readonly label: string;
  /** One folder below it for each lab. */
  readonly base: string;
  /** One file for each lab that stands or stood: its content is the lab's folder. */
  readonly registry: string;
}

/** The places of this machine; `POINTSMAN_LAB_LABEL` and `POINTSMAN_LAB_FOLDER` choose others. */
export function defaultPlaces(
  environment: Readonly<Record<string, string | undefined>> = process.env,
): LabPlaces {
  const label = environment["POINTSMAN_LAB_LABEL"] ?? "pml";
  const base = environment["POINTSMAN_LAB_FOLDER"] ?? "/var/lib/pointsman-lab";
  return { label, base, registry: join("/run/pointsman-lab", label) };
}

/** All paths and names of one lab. They follow from its name and folder alone, so that they are found again without it. */
export interface LabPaths {
  readonly name: string;
  readonly folder: string;
  readonly registration: string;
  /** The file that says what stands. */
  readonly record: string;
  /** Where namespaces of mounts are pinned. */
  readonly rooms: string;
  readonly switch: string;
  readonly namespaceOf: (host: number) => string;
  readonly folderOf: (host: number) => string;
  /** Below each hierarchy of control groups. */
  readonly group: string;
}

/** The paths of a lab; `folder` where it is not below the base of the places. */
export function labPaths(places: LabPlaces, name: string, folder = join(places.base, name)): LabPaths {
  return {
    name,
    folder,
    registration: join(places.registry, name),
    record: join(folder, "lab.json"),
    rooms: join(folder, "rooms"),
    switch: `${places.label}-${name}-sw`,
    namespaceOf: (host) => `${places.label}-${name}-h${host}`,
    folderOf: (host) => join(folder, "hosts", String(host)),
    group: `${places.label}/${name}`,
  };
}

/** The lab that a network namespace belongs to, or null where it is none of these places. */
export function labOfNamespace(places: LabPlaces, namespace: string): string | null {
  const found = /^([a-z]+)-(.+)-(?:sw|h\d+)$/.exec(namespace);
  return found?.[1] === places.label ? (found[2] ?? null) : null;
}

/** The same places; throws where the label could name what is not theirs. */
export function checkPlaces(places: LabPlaces): LabPlaces {
  if (!/^[a-z]{2,8}$/.test(places.label)) throw say.badLabel(places.label);
  return places;
}
