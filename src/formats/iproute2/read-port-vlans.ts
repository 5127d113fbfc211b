import type { Link, PortVlans } from "#model/index.js";
import { say, startOf } from "./messages.js";
import { parseJson, type Reading, readText } from "./reading.js";
import { portVlansSchema, type RawPortVlans, withoutEmpty } from "./schema.js";

/**
 * The links with the VLANs that `vlan.json` gives the ports of VLAN-aware bridges and these bridges themselves; without the
 * file they are unknown (a note says so), and what such a bridge carries is unknown too.
 */
export function readPortVlans(reading: Reading, folder: string, links: readonly Link[]): readonly Link[] {
  const file = `${folder}/vlan.json`;
  const aware = new Set(
    links.flatMap(({ name, type }) => (type.kind === "bridge" && type.isVlanAware ? [name] : [])),
  );
  const text = readText(reading, file);
  if (text === "missing" && aware.size > 0) reading.notes.push(say.missingPortVlans(folder, [...aware]));
  if (text === "missing" || text === null) return links;
  const ports = parseJson(reading, file, text, withoutEmpty(portVlansSchema));
  if (ports === null) return links;
  const bridgeOf = (link: Link): Link["name"] => link.master ?? link.name;
  return links.map((link) =>
    aware.has(bridgeOf(link)) ? { ...link, bridgeVlans: vlansOf(link, ports) } : link,
  );

  function vlansOf(link: Link, raw: readonly RawPortVlans[]): PortVlans {
    const entries = raw.filter(({ ifname }) => ifname === link.name).flatMap(({ vlans }) => vlans);
    const backwards = entries.find(({ vlan, vlanEnd }) => (vlanEnd ?? vlan) < vlan);
    if (backwards === undefined) return portVlans(entries);
    const found = `${backwards.vlan}-${backwards.vlanEnd}`;
    reading.errors.push(say.badValue(startOf(file), "a range of VLANs", found));
    return { pvid: null, untagged: [], tagged: [] };
  }
}

/** A port that `bridge vlan` does not list is in no VLAN. */
function portVlans(entries: RawPortVlans["vlans"]): PortVlans {
  const isUntagged = ({ flags }: { readonly flags: readonly string[] }): boolean =>
    flags.includes("Egress Untagged");
  return {
    pvid: entries.find(({ flags }) => flags.includes("PVID"))?.vlan ?? null,
    untagged: entries.filter(isUntagged).flatMap(range).sort(ascending),
    tagged: entries
      .filter((entry) => !isUntagged(entry))
      .flatMap(range)
      .sort(ascending),
  };
}

function ascending(a: number, b: number): number {
  return a - b;
}

function range({ vlan, vlanEnd }: RawPortVlans["vlans"][number]): readonly number[] {
  return Array.from({ length: (vlanEnd ?? vlan) - vlan + 1 }, (_, index) => vlan + index);
}
