import type { Link, PortVlans } from "#model/index.js";

/** `vlan.json` where the VLANs of some bridge port are known; what is not known has no file. */
export function renderPortVlans(links: readonly Link[]): readonly (readonly [string, string])[] {
  const ports = links.flatMap(({ name, bridgeVlans }) =>
    bridgeVlans === undefined ? [] : [{ ifname: name, vlans: rawVlans(bridgeVlans) }],
  );
  return ports.length === 0 ? [] : [["vlan.json", `${JSON.stringify(ports, null, 1)}\n`]];
}

function rawVlans({ pvid, untagged, tagged }: PortVlans): readonly unknown[] {
  const raw = ([vlan, last]: readonly [number, number], flag: readonly string[]): unknown => ({
    vlan,
    ...(last > vlan ? { vlanEnd: last } : {}),
    flags: [...(vlan === pvid ? ["PVID"] : []), ...flag],
  });
  const plain = (list: readonly number[]): readonly number[] => list.filter((vlan) => vlan !== pvid);
  const single = (list: readonly number[]): readonly (readonly [number, number])[] =>
    list.filter((vlan) => vlan === pvid).map((vlan) => [vlan, vlan]);
  return [
    ...[...single(untagged), ...ranges(plain(untagged))].map((range) => raw(range, ["Egress Untagged"])),
    ...[...single(tagged), ...ranges(plain(tagged))].map((range) => raw(range, [])),
  ];
}

/** First and last of each run of numbers that follow each other. */
function ranges(vlans: readonly number[]): readonly (readonly [number, number])[] {
  const sorted = [...vlans].sort((a, b) => a - b);
  const starts = sorted.filter((vlan, index) => sorted[index - 1] !== vlan - 1);
  const ends = sorted.filter((vlan, index) => sorted[index + 1] !== vlan + 1);
  return starts.map((first, index) => [first, ends[index] ?? first]);
}
