import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { LabPlaces } from "./places.js";
import type { LabSpecification } from "./specification.js";

/** Limits that all namespaces of a machine share, and how much of each this many hosts want. */
const LIMITS: readonly {
  readonly path: string;
  readonly wanted: (specification: LabSpecification) => number;
}[] = [
  // Each systemd has about a dozen, and the default is 128 for all.
  {
    path: "/proc/sys/fs/inotify/max_user_instances",
    wanted: ({ hosts }) => 64 * hosts.filter(({ kind }) => kind === "systemd").length,
  },
  // One entry for each neighbour of each host, and the default is 1024 for all (net/ipv4/arp.c).
  { path: "/proc/sys/net/ipv4/neigh/default/gc_thresh3", wanted: ({ hosts }) => 2 * hosts.length ** 2 },
  { path: "/proc/sys/net/ipv4/neigh/default/gc_thresh2", wanted: ({ hosts }) => hosts.length ** 2 },
];

const MEMORY = ".limits";

/** Raises what a lab of this size would run into, and remembers what it was; never lowers anything. */
export function raiseLimits(specification: LabSpecification, { registry }: LabPlaces): void {
  for (const { path, wanted } of LIMITS) {
    const now = existsSync(path) ? Number(readFileSync(path, "utf8")) : Number.POSITIVE_INFINITY;
    if (now >= wanted(specification)) continue;
    const memory = join(registry, MEMORY);
    mkdirSync(memory, { recursive: true });
    const kept = join(memory, encodeURIComponent(path));
    if (!existsSync(kept)) writeFileSync(kept, String(now));
    writeFileSync(path, String(wanted(specification)));
  }
}

/** Gives back what was before the first lab; for when the last one is gone. */
export function restoreLimits({ registry }: LabPlaces): void {
  for (const { path } of LIMITS) {
    const kept = join(registry, MEMORY, encodeURIComponent(path));
    if (existsSync(kept)) writeFileSync(path, readFileSync(kept, "utf8"));
  }
  rmSync(join(registry, MEMORY), { recursive: true, force: true });
}
