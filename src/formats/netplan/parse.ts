import type { Placed } from "#formats/systemd/index.js";
import type { YamlEntry, YamlTree } from "#formats/yaml/index.js";
import type { Issue, Source } from "#model/index.js";
import type { DeviceKind, NetplanDevice, NetplanDocument } from "./document.js";
import { closeFields, describeTree, type Fields, openFields, takeEntry, takeText } from "./fields.js";
import { NO_KEYS } from "./known-keys.js";
import { netplanIssue } from "./messages.js";
import { parseDevice } from "./parse-device.js";

const DEVICE_KINDS: readonly DeviceKind[] = [
  "ethernets",
  "wifis",
  "modems",
  "virtual-ethernets",
  "dummy-devices",
  "bonds",
  "bridges",
  "vlans",
  "vrfs",
  "tunnels",
  "nm-devices",
];

/** Reads the merged tree of one host's files. */
export function parseNetplan(tree: YamlTree): NetplanDocument {
  const issues: Issue[] = [];
  const network = findNetwork(tree, issues);
  if (network === null) return { devices: [], issues };
  takeText(network, "version");
  const renderer = takeText(network, "renderer");
  const devices = DEVICE_KINDS.flatMap((kind) => parseKind({ network, kind, renderer }));
  closeFields(network, { harmless: NO_KEYS, unmodelled: new Set(["openvswitch"]) });
  reportRenderers(devices, renderer, issues);
  return { devices, issues };
}

function findNetwork(tree: YamlTree, issues: Issue[]): Fields | null {
  const entry = tree.kind === "map" ? tree.entries.find(({ key }) => key === "network") : undefined;
  if (entry === undefined || tree.kind !== "map") {
    const found =
      tree.kind === "map"
        ? `the keys \`${tree.entries.map(({ key }) => key).join("`, `")}\``
        : describeTree(tree);
    issues.push(netplanIssue("no-network", tree.source, [found]));
    return null;
  }
  for (const other of tree.entries) {
    if (other !== entry)
      issues.push(netplanIssue("unknown-key", other.source, ["the top of the file", other.key]));
  }
  return openFields(entry.value, "network", issues);
}

/** Both the section and each link may name a renderer of their own. */
function parseKind(given: {
  readonly network: Fields;
  readonly kind: DeviceKind;
  readonly renderer: Placed<string> | null;
}): readonly NetplanDevice[] {
  const { network, kind } = given;
  const section = takeEntry(network, kind);
  const fields = section === null ? null : openFields(section.value, kind, network.issues);
  if (fields === null) return [];
  const renderer = takeText(fields, "renderer") ?? given.renderer;
  const parse = (entry: YamlEntry): NetplanDevice | null =>
    parseDevice({ kind, entry, renderer, issues: network.issues });
  return fields.map.entries.filter(({ key }) => key !== "renderer").flatMap((entry) => parse(entry) ?? []);
}

function reportRenderers(
  devices: readonly NetplanDevice[],
  whole: Placed<string> | null,
  issues: Issue[],
): void {
  const renderers = [whole, ...devices.map((device) => device.renderer)].filter((each) => each !== null);
  const places = new Map<Source, string>(renderers.map(({ source, value }) => [source, value]));
  for (const [source, value] of places) {
    if (value !== "networkd") issues.push(netplanIssue("renderer", source, [value]));
  }
}
