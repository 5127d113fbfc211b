import { isPattern } from "#formats/systemd/index.js";
import { type Issue, type LinkName, linkName } from "#model/index.js";
import type { NetplanDevice } from "./document.js";
import { netplanIssue } from "./messages.js";

/** The link that a definition is for, by its id: `set-name`, or one matched name, or else the id itself. */
export function nameDevices(
  devices: readonly NetplanDevice[],
  issues: Issue[],
): ReadonlyMap<string, LinkName> {
  return new Map(devices.map((device) => [device.id, nameDevice(device, issues)]));
}

function nameDevice(device: NetplanDevice, issues: Issue[]): LinkName {
  const { match, setName, id } = device;
  if (match === null) return linkName(id);
  if (setName !== null) return linkName(setName.value);
  if (match.name !== null && !isPattern(match.name.value)) return linkName(match.name.value);
  const by = match.name ?? match.mac ?? match.driver;
  const pattern = by?.value ?? "*";
  const kind =
    match.name !== null ? "a name pattern" : match.mac !== null ? "its Ethernet address" : "its driver";
  issues.push(netplanIssue("unknown-link-name", by?.source ?? match.source, [id, kind, pattern]));
  return linkName(pattern);
}
