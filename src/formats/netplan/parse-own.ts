import type { Placed } from "#formats/systemd/index.js";
import { parseIPv4 } from "#ip/index.js";
import type { DeviceKind, DeviceOwn } from "./document.js";
import {
  closeFields,
  type Fields,
  takeBoolean,
  takeEntry,
  takeFields,
  takeNumber,
  takeParsed,
  takeText,
  takeTexts,
} from "./fields.js";
import { HARMLESS_PARAMETERS, NO_KEYS } from "./known-keys.js";
import { netplanIssue } from "./messages.js";

const PORTED: ReadonlySet<DeviceKind> = new Set(["bridges", "bonds", "vrfs"]);

/** The links that a bridge, bond or VRF takes as ports. */
export function parsePorts(fields: Fields, kind: DeviceKind): readonly Placed<string>[] {
  return PORTED.has(kind) ? takeTexts(fields, "interfaces") : [];
}

/** Reads the keys that only this kind of link has. */
export function parseOwn(fields: Fields, kind: DeviceKind): DeviceOwn {
  switch (kind) {
    case "bridges":
      closeParameters(takeFields(fields, "parameters"));
      return { kind: "plain" };
    case "bonds":
      return parseBond(fields);
    case "vlans":
      return parseVlan(fields);
    case "vrfs":
      return parseVrf(fields);
    case "tunnels":
      return parseTunnel(fields);
    case "virtual-ethernets":
      return parsePair(fields);
    case "ethernets":
    case "wifis":
    case "modems":
    case "dummy-devices":
    case "nm-devices":
      return { kind: "plain" };
  }
}

function closeParameters(parameters: Fields | null): void {
  if (parameters !== null) closeFields(parameters, { harmless: HARMLESS_PARAMETERS, unmodelled: NO_KEYS });
}

function parseBond(fields: Fields): DeviceOwn {
  const parameters = takeFields(fields, "parameters");
  const mode = parameters === null ? null : takeText(parameters, "mode");
  closeParameters(parameters);
  return { kind: "bond", mode: mode?.value ?? "balance-rr" };
}

function parseVlan(fields: Fields): DeviceOwn {
  const id = takeNumber(fields, "id", 0, 4094);
  const lower = takeText(fields, "link");
  if (id !== null && lower !== null) return { kind: "vlan", id: id.value, lower };
  return incomplete(fields, id === null ? "id" : "link");
}

function parseVrf(fields: Fields): DeviceOwn {
  const table = takeNumber(fields, "table", 1, 2 ** 32 - 1);
  return table === null ? incomplete(fields, "table") : { kind: "vrf", table: table.value };
}

function parsePair(fields: Fields): DeviceOwn {
  const peer = takeText(fields, "peer");
  return peer === null ? incomplete(fields, "peer") : { kind: "veth", peer: peer.value };
}

function incomplete(fields: Fields, key: string): DeviceOwn {
  const isAbsent = !fields.map.entries.some((entry) => entry.key === key);
  if (isAbsent) fields.issues.push(netplanIssue("missing-key", fields.map.source, [key, fields.name]));
  return { kind: "incomplete" };
}

/** netplan's port where `port` is not given: networkd leaves it to the kernel, which takes Linux's own 8472 (drivers/net/vxlan). */
const VXLAN_PORT = 8472;
const TUNNEL_KEYS: ReadonlySet<string> = new Set([
  "key",
  "keys",
  "ttl",
  "peers",
  "mark",
  "port",
  "limit",
  "flow-label",
  "type-of-service",
  "ageing",
  "notifications",
  "checksums",
  "extensions",
  "port-range",
  "do-not-fragment",
  "short-circuit",
  "arp-proxy",
  "mac-learning",
  "private-key",
]);

function parseTunnel(fields: Fields): DeviceOwn {
  const mode = takeText(fields, "mode");
  if (mode === null) return incomplete(fields, "mode");
  if (mode.value === "vxlan") return parseVxlan(fields);
  const local = takeText(fields, "local");
  const remote = takeText(fields, "remote");
  for (const key of TUNNEL_KEYS) takeEntry(fields, key);
  const ends =
    local === null && remote === null
      ? ""
      : ` from \`${local?.value ?? "any"}\` to \`${remote?.value ?? "any"}\``;
  return { kind: "tunnel", mode: mode.value, ends };
}

function parseVxlan(fields: Fields): DeviceOwn {
  const id = takeNumber(fields, "id", 1, 2 ** 24 - 1);
  const lower = takeText(fields, "link");
  const local = takeParsed(fields, "local", "an IPv4 address", (text) => parseIPv4(text));
  const port = takeNumber(fields, "port", 1, 65535);
  const learning = takeBoolean(fields, "mac-learning");
  const remote = takeText(fields, "remote");
  if (remote !== null)
    fields.issues.push(
      netplanIssue("unmodelled-key", remote.source, [fields.name, `remote: ${remote.value}`]),
    );
  for (const key of [
    "ttl",
    "ageing",
    "limit",
    "notifications",
    "checksums",
    "extensions",
    "port-range",
    "type-of-service",
    "flow-label",
    "do-not-fragment",
  ]) {
    takeEntry(fields, key);
  }
  for (const key of ["arp-proxy", "short-circuit"]) {
    const isOn = takeBoolean(fields, key);
    if (isOn?.value === true)
      fields.issues.push(netplanIssue("unmodelled-key", isOn.source, [fields.name, key]));
  }
  if (id === null) return incomplete(fields, "id");
  return {
    kind: "vxlan",
    id: id.value,
    local: local?.value ?? null,
    lower,
    port: port?.value ?? VXLAN_PORT,
    isLearning: learning?.value ?? true,
  };
}
