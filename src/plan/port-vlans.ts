import type { Host, Link, Operation, PortVlans } from "#model/index.js";

/**
 * The VLANs that a bridge port has to get. Tagged ones are added first. One without a tag is exchanged by taking the old one away and then
 * giving the new one: with both, the port would take frames into one VLAN and give out those of two, and no order of operations can
 * spare it that but this one.
 */
export function addPortVlans(state: Host, after: Host): readonly Operation[] {
  return pairs(state, after).flatMap(({ link, old, next }) => {
    const had = new Set([...old.untagged, ...old.tagged]);
    const fresh = next.tagged.filter((vlan) => !had.has(vlan) && vlan !== next.pvid);
    const wrong = [...had].filter((vlan) => flagsOf(old, vlan) !== flagsOf(next, vlan));
    const leaving = wrong.filter((vlan) => isPlain(old, vlan) && !isMember(next, vlan));
    const demoted = wrong.filter(
      (vlan) => isPlain(old, vlan) && isMember(next, vlan) && !isPlain(next, vlan),
    );
    const promoted = [...next.untagged, ...next.tagged].filter(
      (vlan) => isPlain(next, vlan) && flagsOf(old, vlan) !== flagsOf(next, vlan),
    );
    return [
      ...add(link, fresh, next),
      ...remove(link, leaving),
      ...add(link, demoted, next),
      ...add(link, promoted, next),
    ];
  });
}

/** The tagged VLANs that a port is to lose. */
export function removePortVlans(state: Host, after: Host): readonly Operation[] {
  return pairs(state, after).flatMap(({ link, old, next }) =>
    remove(
      link,
      old.tagged.filter((vlan) => vlan !== old.pvid && !isMember(next, vlan)),
    ),
  );
}

interface Pair {
  readonly link: Link;
  readonly old: PortVlans;
  readonly next: PortVlans;
}

/** Links of which the VLANs are known at both ends; a port of another bridge gets its own in the next round. */
function pairs(state: Host, after: Host): readonly Pair[] {
  return after.links.flatMap((link) => {
    const old = state.links.find(({ name }) => name === link.name);
    const isSame = old !== undefined && old.master === link.master && old.type.kind === link.type.kind;
    if (!isSame || old.bridgeVlans === undefined || link.bridgeVlans === undefined) return [];
    return [{ link, old: old.bridgeVlans, next: link.bridgeVlans }];
  });
}

function isMember({ untagged, tagged }: PortVlans, vlan: number): boolean {
  return untagged.includes(vlan) || tagged.includes(vlan);
}

/** Frames without a tag are in it, one way or the other. */
function isPlain({ pvid, untagged }: PortVlans, vlan: number): boolean {
  return vlan === pvid || untagged.includes(vlan);
}

function flagsOf(vlans: PortVlans, vlan: number): string {
  return `${isMember(vlans, vlan)} ${vlans.pvid === vlan} ${vlans.untagged.includes(vlan)}`;
}

function add(link: Link, ids: readonly number[], next: PortVlans): readonly Operation[] {
  const plain = ids.filter((vlan) => isPlain(next, vlan)).map((vlan) => [vlan, vlan] as const);
  const tagged = runs(ids.filter((vlan) => !isPlain(next, vlan)));
  return [...tagged, ...plain].map(([vlan, lastVlan]) => ({
    kind: "bridge-vlan-add",
    link: link.name,
    vlan,
    lastVlan,
    isPvid: vlan === next.pvid,
    isUntagged: next.untagged.includes(vlan),
    isSelf: link.type.kind === "bridge",
  }));
}

function remove(link: Link, ids: readonly number[]): readonly Operation[] {
  return runs(ids).map(([vlan, lastVlan]) => ({
    kind: "bridge-vlan-delete",
    link: link.name,
    vlan,
    lastVlan,
    isSelf: link.type.kind === "bridge",
  }));
}

/** First and last of each run of VLANs that follow each other: one message each. */
function runs(ids: readonly number[]): readonly (readonly [number, number])[] {
  const sorted = [...new Set(ids)].sort((a, b) => a - b);
  const starts = sorted.filter((vlan, index) => sorted[index - 1] !== vlan - 1);
  const ends = sorted.filter((vlan, index) => sorted[index + 1] !== vlan + 1);
  return starts.map((first, index) => [first, ends[index] ?? first]);
}
