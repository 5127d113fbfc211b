import {
  type LabPlaces,
  labCut,
  labExec,
  labFreeze,
  labHeal,
  labKill,
  labLoss,
  labReboot,
  labSlow,
  labThaw,
} from "#lab/index.js";
import type { HostId } from "#model/index.js";
import type { Controller } from "./controller.js";
import type { Fault } from "./fault.js";

/** Where a fault strikes. */
export interface StrikePlace {
  readonly lab: string;
  readonly places: LabPlaces;
  readonly controller: Controller;
}

type HostFault = Exclude<Fault, { readonly kind: "controller-killed" }>;

/** Makes a fault happen; resolves when it has. */
export async function strike(fault: Fault, { lab, places, controller }: StrikePlace): Promise<void> {
  if (fault.kind === "controller-killed") return controller.kill();
  const { host, link } = fault;
  const cable = { lab, host, link, places };
  switch (fault.kind) {
    case "host-dies":
      return labKill(lab, host, places);
    case "host-reboots":
      return labReboot(lab, host, places);
    case "host-hangs":
      await labFreeze(lab, host, places);
      return labCut(cable, "in");
    case "link-cut":
      return labCut(cable, "both");
    case "link-cut-in":
      return labCut(cable, "in");
    case "link-cut-out":
      return labCut(cable, "out");
    case "loss":
      return labLoss(cable, 30);
    case "slow-host":
      return labSlow(lab, host, 5, places);
    case "session-reset":
      controller.resetSessions();
      return;
    case "disk-full":
      return fillDisk(lab, host, places);
  }
}

/** Takes a fault back, where that is how such a fault ends; a host that died stays dead. */
export async function lift(fault: HostFault, lab: string, places: LabPlaces): Promise<void> {
  const { host, link } = fault;
  const cable = { lab, host, link, places };
  switch (fault.kind) {
    case "host-hangs":
      await labThaw(lab, host, places);
      return labHeal(cable);
    case "link-cut":
    case "link-cut-in":
    case "link-cut-out":
    case "loss":
      return labHeal(cable);
    case "slow-host":
      return labSlow(lab, host, null, places);
    case "disk-full":
      await inState(lab, host, places, 'rm -f "$POINTSMAN_STATE/ballast"');
      return;
    case "host-dies":
    case "host-reboots":
    case "session-reset":
      return;
  }
}

/** Gives a host a small disk for the host program's state before the run, so that filling it fills no disk of this machine. */
export async function giveSmallDisk(lab: string, host: HostId, places: LabPlaces): Promise<void> {
  const made = await inState(
    lab,
    host,
    places,
    'mkdir -p "$POINTSMAN_STATE" && mount -t tmpfs -o size=1m,mode=700 tmpfs "$POINTSMAN_STATE"',
  );
  if (made.code !== 0) throw new Error(`no small disk for \`${host}\`: ${made.stderr}`);
}

async function fillDisk(lab: string, host: HostId, places: LabPlaces): Promise<void> {
  // It ends with an error when nothing more fits, which is what is wanted.
  await inState(lab, host, places, 'cat /dev/zero > "$POINTSMAN_STATE/ballast"');
}

function inState(lab: string, host: HostId, places: LabPlaces, script: string): ReturnType<typeof labExec> {
  return labExec(lab, host, ["sh", "-c", script], { places });
}
