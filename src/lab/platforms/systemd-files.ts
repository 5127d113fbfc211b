import { type LabFile, linkFile } from "./lab-file.js";

const UNITS = "/etc/systemd/system";

/** Where a unit of this host lies. */
export function unitPath(unit: string): string {
  return `${UNITS}/${unit}`;
}

/** What `systemctl enable` makes of a unit that `target` wants. */
export function enabledUnit(unit: string, target: string, at = unitPath(unit)): LabFile {
  return linkFile(`${UNITS}/${target}.wants/${unit}`, at);
}
