import type { Link } from "#model/index.js";
import { say, startOf } from "./messages.js";
import { parseJson, type Reading, readText } from "./reading.js";
import { nftSchema, portVlansSchema, withoutEmpty } from "./schema.js";

/** Notes what stands between links and is not modelled: VLANs of bridge ports and firewall rules. */
export function readFilters(reading: Reading, folder: string, links: readonly Link[]): void {
  readPortVlans(reading, folder, links);
  readFirewall(reading, folder);
}

function readPortVlans(reading: Reading, folder: string, links: readonly Link[]): void {
  const file = `${folder}/vlan.json`;
  const aware = new Set(
    links.flatMap(({ name, type }) => (type.kind === "bridge" && type.isVlanAware ? [name] : [])),
  );
  const text = readText(reading, file);
  if (text === "missing" && aware.size > 0) reading.unmodelled.push(say.missingFile(folder, "vlan"));
  if (text === "missing" || text === null) return;
  const ports = parseJson(reading, file, text, withoutEmpty(portVlansSchema)) ?? [];
  for (const { ifname, vlans } of ports) {
    const link = links.find(({ name }) => name === ifname);
    const isFiltered =
      link !== undefined && (aware.has(link.name) || (link.master !== null && aware.has(link.master)));
    const isDefault = vlans.every(({ vlan, flags }) => vlan === 1 && flags.includes("PVID"));
    if (isFiltered && !isDefault) reading.unmodelled.push(say.portVlans(startOf(file), ifname));
  }
}

/** An empty nft.json comes from a host without nft and says nothing. */
function readFirewall(reading: Reading, folder: string): void {
  const file = `${folder}/nft.json`;
  const text = readText(reading, file);
  if (text === "missing" || text === null || text.trim() === "") return;
  const ruleset = parseJson(reading, file, text, nftSchema);
  const filters = (ruleset?.nftables ?? []).filter(
    ({ rule, chain }) =>
      (rule !== undefined && rule.family !== "ip6") || (chain?.policy === "drop" && chain.family !== "ip6"),
  );
  if (filters.length > 0) reading.unmodelled.push(say.firewall(startOf(file), filters.length));
}
