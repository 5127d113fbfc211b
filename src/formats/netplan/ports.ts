import { type Issue, type LinkName, linkName, type Source } from "#model/index.js";
import type { NetplanDevice } from "./document.js";
import { netplanIssue } from "./messages.js";

/** What a port belongs to. */
export interface Master {
  readonly name: LinkName;
  /** The table of a VRF, else null. */
  readonly vrfTable: number | null;
  readonly source: Source;
}

/** The master of each port, by the port's id; ports of two masters and ports that nothing defines are reported. */
export function findMasters(devices: readonly NetplanDevice[], issues: Issue[]): ReadonlyMap<string, Master> {
  const defined = new Set(devices.map((device) => device.id));
  const masters = new Map<string, Master>();
  for (const device of devices) {
    const vrfTable = device.own.kind === "vrf" ? device.own.table : null;
    for (const port of device.ports) {
      const before = masters.get(port.value);
      if (!defined.has(port.value)) {
        issues.push(netplanIssue("undefined-interface", port.source, [port.value, port.value]));
      }
      if (before !== undefined && before.name !== device.id) {
        issues.push(netplanIssue("two-masters", port.source, [port.value, before.name, device.id]));
      }
      masters.set(port.value, { name: linkName(device.id), vrfTable, source: port.source });
    }
  }
  return masters;
}
