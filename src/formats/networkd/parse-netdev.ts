import { type Placed, readSize } from "#formats/systemd/index.js";
import { parseIPv4, parseMac } from "#ip/index.js";
import { type Issue, type LinkType, linkName } from "#model/index.js";
import type { NetdevDocument, NetdevOwn } from "./document.js";
import { HARMLESS_NETDEV_SECTIONS } from "./known-keys.js";
import { networkdIssue } from "./messages.js";
import { readTable } from "./parse-route.js";
import {
  joinedSettings,
  type NetworkdFile,
  takeBoolean,
  takeNumber,
  takeParsed,
  takeText,
} from "./settings.js";

/** Reads a `.netdev` file; null where it lacks its name or kind (reported). */
export function parseNetdev(file: NetworkdFile): NetdevDocument | null {
  const netdev = joinedSettings(file, "NetDev");
  const start = { file: file.path, line: 1, column: 1 };
  const name = takeText(netdev, "Name");
  const kind = takeText(netdev, "Kind");
  if (netdev === null || name === null || kind === null) {
    file.issues.push(
      networkdIssue("missing-key", netdev?.source ?? start, name === null ? "Name" : "Kind", "NetDev"),
    );
    return null;
  }
  const document: NetdevDocument = {
    name: name.value,
    kind: kind.value,
    source: name.source,
    mtu: takeParsed(netdev, "MTUBytes", "a number of bytes", readSize),
    mac:
      takeText(netdev, "MACAddress")?.value === "none"
        ? null
        : takeParsed(netdev, "MACAddress", "an Ethernet address", (text) => parseMac(text)),
    own: parseOwn(file, { name, kind }),
  };
  for (const section of file.unit.sections) {
    if (HARMLESS_NETDEV_SECTIONS.has(section.name) || document.own.kind === "ready") continue;
    file.issues.push(networkdIssue("unknown-section", section.source, section.name));
  }
  return document;
}

function parseOwn(
  file: NetworkdFile,
  given: { readonly name: Placed<string>; readonly kind: Placed<string> },
): NetdevOwn {
  const { name, kind } = given;
  switch (kind.value) {
    case "bridge": {
      const isVlanAware = takeBoolean(joinedSettings(file, "Bridge"), "VLANFiltering")?.value ?? false;
      return { kind: "ready", type: { kind: "bridge", isVlanAware } };
    }
    case "bond": {
      const mode = takeText(joinedSettings(file, "Bond"), "Mode");
      return { kind: "ready", type: { kind: "bond", mode: mode?.value ?? "balance-rr" } };
    }
    case "dummy":
      return { kind: "ready", type: { kind: "dummy" } };
    case "vlan":
      return parseVlan(file, name);
    case "vxlan":
      return parseVxlan(file, name);
    case "vrf":
      return parseVrf(file, given);
    case "macvlan":
      return { kind: "macvlan" };
    case "veth":
      return parsePair(file, given);
    default:
      file.issues.push(networkdIssue("netdev-kind", kind.source, kind.value, name.value, ""));
      return { kind: "ready", type: { kind: "other", name: kind.value } };
  }
}

function parseVlan(file: NetworkdFile, name: Placed<string>): NetdevOwn {
  const id = takeNumber(joinedSettings(file, "VLAN"), "Id", 0, 4094);
  return id === null ? incomplete(file.issues, name, "Id", "VLAN") : { kind: "vlan", id: id.value };
}

function incomplete(issues: Issue[], name: Placed<string>, key: string, section: string): NetdevOwn {
  issues.push(networkdIssue("missing-key", name.source, key, section, ` for \`${name.value}\``));
  return { kind: "incomplete" };
}

/** The UDP port that Linux takes unless it is told another; drivers/net/vxlan. */
const VXLAN_PORT = 8472;

function parseVxlan(file: NetworkdFile, name: Placed<string>): NetdevOwn {
  const vxlan = joinedSettings(file, "VXLAN");
  const id = takeNumber(vxlan, "VNI", 0, 2 ** 24 - 1) ?? takeNumber(vxlan, "Id", 0, 2 ** 24 - 1);
  if (id === null) return incomplete(file.issues, name, "VNI", "VXLAN");
  for (const key of ["Remote", "Group"]) {
    const remote = takeText(vxlan, key);
    if (remote !== null)
      file.issues.push(networkdIssue("unmodelled-key", remote.source, "VXLAN", `${key}=${remote.value}`));
  }
  const local =
    takeText(vxlan, "Local")?.value.includes(":") === true
      ? null
      : takeParsed(vxlan, "Local", "an IPv4 address", parseIPv4);
  const type: Extract<LinkType, { kind: "vxlan" }> = {
    kind: "vxlan",
    id: id.value,
    local: local?.value ?? null,
    lower: null,
    port: takeNumber(vxlan, "DestinationPort", 1, 65535)?.value ?? VXLAN_PORT,
    isLearning: takeBoolean(vxlan, "MacLearning")?.value ?? true,
  };
  return { kind: "vxlan", type, isIndependent: takeBoolean(vxlan, "Independent")?.value ?? false };
}

function parseVrf(
  file: NetworkdFile,
  given: { readonly name: Placed<string>; readonly kind: Placed<string> },
): NetdevOwn {
  const vrf = joinedSettings(file, "VRF");
  const key = takeText(vrf, "Table") === null ? "TableId" : "Table";
  const table = takeParsed(vrf, key, "a table number", readTable);
  if (table === null) return incomplete(file.issues, given.name, "Table", "VRF");
  file.issues.push(
    networkdIssue(
      "netdev-kind",
      given.kind.source,
      "vrf",
      given.name.value,
      ` with table \`${table.value}\``,
    ),
  );
  return { kind: "vrf", table: table.value };
}

function parsePair(
  file: NetworkdFile,
  given: { readonly name: Placed<string>; readonly kind: Placed<string> },
): NetdevOwn {
  const peer = takeText(joinedSettings(file, "Peer"), "Name");
  if (peer === null) return incomplete(file.issues, given.name, "Name", "Peer");
  file.issues.push(networkdIssue("virtual-ethernet", given.name.source, given.name.value, peer.value));
  return { kind: "veth", peer: linkName(peer.value) };
}
