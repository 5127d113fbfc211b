import type { HostId, LinkName } from "#model/index.js";

/** Where in a phase a fault strikes: when its hosts are armed and nothing is changed, or when all of them have switched. */
export type Moment = "armed" | "switched";

/** What happens to a host, a cable or the controller in the middle of a run. */
export type FaultKind =
  | "host-dies"
  | "host-reboots"
  | "host-hangs"
  | "link-cut"
  | "link-cut-in"
  | "link-cut-out"
  | "loss"
  | "slow-host"
  | "session-reset"
  | "disk-full"
  | "controller-killed";

/** One fault of a rehearsal, with the place where it strikes. */
export type Fault =
  | {
      readonly kind: Exclude<FaultKind, "controller-killed">;
      readonly phase: number;
      readonly moment: Moment;
      readonly host: HostId;
      /** The cable that is meant, where it is one. */
      readonly link: LinkName;
    }
  /** After the journal's entry of that number, counted from 1. */
  | { readonly kind: "controller-killed"; readonly entry: number };

/** A host that changes in a phase, with the cable by which it is reached. */
export interface Victim {
  readonly phase: number;
  readonly host: HostId;
  readonly link: LinkName;
}

const HOST_FAULTS: readonly {
  readonly kind: Exclude<FaultKind, "controller-killed">;
  readonly moments: readonly Moment[];
}[] = [
  { kind: "session-reset", moments: ["armed", "switched"] },
  { kind: "host-dies", moments: ["armed", "switched"] },
  { kind: "host-reboots", moments: ["armed", "switched"] },
  { kind: "host-hangs", moments: ["armed", "switched"] },
  { kind: "link-cut", moments: ["armed", "switched"] },
  { kind: "link-cut-in", moments: ["switched"] },
  { kind: "link-cut-out", moments: ["switched"] },
  { kind: "loss", moments: ["armed"] },
  { kind: "slow-host", moments: ["armed"] },
  { kind: "disk-full", moments: ["armed", "switched"] },
];

/**
 * Every fault of a run: each of those of a host, at each of its moments, at one host of each phase, and the controller killed after each
 * entry of the journal.
 *
 * @param victims One for each phase.
 * @param entries How many entries the journal of the clean run has.
 */
export function listFaults(victims: readonly Victim[], entries: number): readonly Fault[] {
  const ofHosts = victims.flatMap((victim) =>
    HOST_FAULTS.flatMap(({ kind, moments }) => moments.map((moment): Fault => ({ kind, moment, ...victim }))),
  );
  // After the last entry nobody is there to be killed.
  const ofController = Array.from(
    { length: Math.max(entries - 1, 0) },
    (_, index): Fault => ({ kind: "controller-killed", entry: index + 1 }),
  );
  return [...ofHosts, ...ofController];
}

/** So many of the faults, spread evenly over all of them. */
export function pickFaults(faults: readonly Fault[], count: number): readonly Fault[] {
  if (count >= faults.length) return faults;
  return Array.from(
    { length: count },
    (_, index) => faults[Math.floor((index * faults.length) / count)],
  ).filter((fault) => fault !== undefined);
}

/** What a fault is, in words. */
export function describeFault(fault: Fault): string {
  if (fault.kind === "controller-killed")
    return `controller killed after entry ${fault.entry} of the journal`;
  const where = fault.moment === "armed" ? "when armed" : "when switched";
  return `${WORDS[fault.kind](fault.host, fault.link)}, phase ${fault.phase}, ${where}`;
}

const WORDS: Readonly<
  Record<Exclude<FaultKind, "controller-killed">, (host: HostId, link: LinkName) => string>
> = {
  "host-dies": (host) => `${host} loses its power for good`,
  "host-reboots": (host) => `${host} reboots`,
  "host-hangs": (host) => `${host} hangs`,
  "link-cut": (host, link) => `${link} of ${host} is cut`,
  "link-cut-in": (host, link) => `${link} of ${host} receives nothing`,
  "link-cut-out": (host, link) => `${link} of ${host} sends nothing`,
  loss: (host, link) => `${link} of ${host} loses 30 % of its frames`,
  "slow-host": (host) => `${host} has 5 % of a processor`,
  "session-reset": (host) => `the sessions to ${host} are reset`,
  "disk-full": (host) => `the disk of ${host} is full`,
};
