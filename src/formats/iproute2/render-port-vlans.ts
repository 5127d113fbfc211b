import type { Link, PortVlans } from "#model/index.js";

/** `vlan.json` where the VLANs of some bridge port are known; what is not known has no file. */
export function renderPortVlans(links: readonly Link[]): readonly (readonly [string, string])[] {
  const ports = links.flatMap(({ name, bridgeVlans }) =>
    bridgeVlans === undefined ? [] : [{ ifname: name, vlans: rawVlans(bridgeVlans) }],
  );
  return ports.length === 0 ? [] : [["vlan.json", `${JSON.stringify(ports, null, 1)}\n`]];
}

function rawVlans({ pvid, untagged, tagged }: PortVlans): readonly unknown[] {
  const raw = (vlan: number, flag: readonly string[]): unknown => ({
    vlan,
    flags: [...(vlan === pvid ? ["PVID"] : []), ...flag],
  });
  return [...untagged.map((vlan) => raw(vlan, ["Egress Untagged"])), ...tagged.map((vlan) => raw(vlan, []))];
}
