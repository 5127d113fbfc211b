import type { Check } from "./check.js";
import { baseline } from "./checks/baseline.js";
import { clockSkew } from "./checks/clock-skew.js";
import { committed } from "./checks/committed.js";
import { consoleNoted } from "./checks/console.js";
import { etcdMembers, etcdSnapshot } from "./checks/etcd.js";
import { bootIds, hostProgram } from "./checks/host-program.js";
import { leftovers } from "./checks/leftovers.js";
import { oldSystem } from "./checks/old-system.js";
import { ifupdown2, interfacesNew, uciChanges } from "./checks/pending-changes.js";
import { sessions } from "./checks/sessions.js";
import { virtualAddress } from "./checks/virtual-address.js";

/** All checks, in the order in which they are made: what needs no host first, the matrix last. */
export const CHECKS: readonly Check[] = [
  committed,
  consoleNoted,
  sessions,
  hostProgram,
  bootIds,
  leftovers,
  clockSkew,
  oldSystem,
  interfacesNew,
  uciChanges,
  ifupdown2,
  etcdMembers,
  etcdSnapshot,
  virtualAddress,
  baseline,
];
