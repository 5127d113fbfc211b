import type { Operation } from "#model/index.js";
import { linkName } from "#model/index.js";
import type { Boot } from "./boot-state.js";
import type { InterfaceOption, Word } from "./document.js";
import { addStep } from "./draft.js";
import { canonicalName, type Interface, optionOf } from "./interfaces.js";
import { badValueIssue } from "./messages.js";

/** The VLAN that the kernel gives a bridge and each new port, without a tag. */
const KERNEL_VLAN = 1;
const LAST_VLAN = 4094;

const VLAN_OPTIONS: ReadonlySet<string> = new Set([
  "bridge-vids",
  "bridge-pvid",
  "bridge-access",
  "bridge-allow-untagged",
]);

/** Whether a line gives VLANs to bridge ports. */
export function isVlanOption(option: InterfaceOption): boolean {
  return VLAN_OPTIONS.has(canonicalName(option));
}

/**
 * Whether the VLANs that the bridge itself has are those of the kernel. What ifupdown2 makes of `bridge-pvid` for the bridge itself
 * differs between its releases.
 */
export function hasOwnPvid({ options }: Interface): boolean {
  const pvid = optionOf(options, "bridge-pvid");
  return pvid !== null && pvid.value.text !== String(KERNEL_VLAN);
}

/** A port, its bridge, and the stanza that adds it. */
export interface VlanPort {
  readonly port: Word;
  readonly bridge: Interface;
  readonly unit: string;
}

/**
 * The VLANs of a port of a VLAN-aware bridge, in the order of ifupdown2 (addons/bridge.py, _apply_bridge_vids_and_pvid): first what the
 * kernel gave is taken away where it is not wanted, then come the tagged ones, and the PVID last. `bridge-vids` and `bridge-pvid` of the
 * bridge hold for ports that say nothing; `bridge-access` is one VLAN without a tag.
 */
export function addPortVlans(boot: Boot, { port, bridge, unit }: VlanPort): void {
  const own = boot.interfaces.byName.get(port.text)?.options ?? [];
  const access = optionOf(own, "bridge-access");
  const vids = access ?? optionOf(own, "bridge-vids") ?? optionOf(bridge.options, "bridge-vids");
  const pvids = access ?? optionOf(own, "bridge-pvid") ?? optionOf(bridge.options, "bridge-pvid");
  const takesUntagged = access !== null || optionOf(own, "bridge-allow-untagged")?.value.text !== "no";
  const tagged = vids === null ? [] : readVlans(boot, vids);
  const untagged = pvids === null ? KERNEL_VLAN : (readVlans(boot, pvids)[0] ?? KERNEL_VLAN);
  const pvid = takesUntagged ? untagged : null;
  const add = (operation: Operation, option: InterfaceOption | null): void =>
    addStep(boot.draft, operation, { unit, source: option?.value.source ?? port.source, isTolerated: true });
  const link = linkName(port.text);
  if (pvid !== KERNEL_VLAN) add(vlanDelete(link, KERNEL_VLAN), pvids);
  for (const [vlan, lastVlan] of runs(tagged.filter((id) => id !== pvid)))
    add(vlanAdd({ link, vlan, lastVlan }), vids);
  if (pvid !== null && pvid !== KERNEL_VLAN)
    add(vlanAdd({ link, vlan: pvid, lastVlan: pvid, isPvid: true, isUntagged: true }), pvids);
}

/** A VLAN link on a VLAN-aware bridge makes the bridge itself a member of that VLAN (addons/vlan.py, _bridge_vid_add_del). */
export function addBridgeToVlan(
  boot: Boot,
  given: { readonly lower: Word; readonly id: number; readonly unit: string },
): void {
  const { lower, id, unit } = given;
  const operation = vlanAdd({ link: linkName(lower.text), vlan: id, lastVlan: id, isSelf: true });
  addStep(boot.draft, operation, { unit, source: lower.source, isTolerated: true });
}

type VlanAdd = Extract<Operation, { readonly kind: "bridge-vlan-add" }>;

function vlanAdd(given: Pick<VlanAdd, "link" | "vlan" | "lastVlan"> & Partial<VlanAdd>): Operation {
  return { kind: "bridge-vlan-add", isPvid: false, isUntagged: false, isSelf: false, ...given };
}

function vlanDelete(link: VlanAdd["link"], vlan: number): Operation {
  return { kind: "bridge-vlan-delete", link, vlan, lastVlan: vlan, isSelf: false };
}

/** `2-4094`, `10 20,30-40`. */
function readVlans(boot: Boot, option: InterfaceOption): readonly number[] {
  const ids = new Set<number>();
  for (const word of option.value.text.split(/[\s,]+/).filter((text) => text !== "")) {
    const [, first, last] = /^(\d{1,4})(?:-(\d{1,4}))?$/.exec(word) ?? [];
    const [from, to] = [Number(first), Number(last ?? first)];
    const isRange = first !== undefined && from >= 1 && to <= LAST_VLAN && from <= to;
    if (!isRange) {
      if (!boot.draft.issues.some(({ source }) => source === option.value.source))
        boot.draft.issues.push(badValueIssue(option, "VLANs of 1 to 4094"));
      continue;
    }
    for (let id = from; id <= to; id += 1) ids.add(id);
  }
  return [...ids].sort((a, b) => a - b);
}

/** First and last of each run of VLANs that follow each other. */
function runs(sorted: readonly number[]): readonly (readonly [number, number])[] {
  const starts = sorted.filter((vlan, index) => sorted[index - 1] !== vlan - 1);
  const ends = sorted.filter((vlan, index) => sorted[index + 1] !== vlan + 1);
  return starts.map((first, index) => [first, ends[index] ?? first]);
}
