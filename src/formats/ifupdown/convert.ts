import type { HostConfiguration } from "#model/index.js";
import { bringUp, planOf } from "./boot.js";
import { type Boot, newBoot } from "./boot-state.js";
import { hasOwnPvid, isVlanOption } from "./bridge-vlans.js";
import type { IfaceStanza, InterfaceOption } from "./document.js";
import { type Draft, type Flavour, finishDraft, newDraft } from "./draft.js";
import { canonicalName, collectInterfaces, type Interface } from "./interfaces.js";
import { addressedPortIssue, bridgeVlanIssue, notAtBootIssue, unknownOptionIssue } from "./messages.js";
import { isIfupdown2Option, isKnownOption } from "./options.js";
import type { JoinedDocument } from "./sources.js";

/** What a boot with these stanzas does: the `auto` and `allow-hotplug` interfaces in their order, what they need first. */
export function convertInterfaces(document: JoinedDocument, flavour: Flavour): HostConfiguration {
  const interfaces = collectInterfaces(document.stanzas);
  const draft = newDraft(flavour, [...document.issues, ...interfaces.issues]);
  const boot = newBoot(interfaces, draft);
  for (const name of interfaces.boot) {
    const iface = interfaces.byName.get(name.text);
    if (iface !== undefined) bringUp(boot, iface);
  }
  for (const iface of interfaces.byName.values()) reportInterface(boot, iface);
  reportAddressedPorts(boot, draft);
  return finishDraft(draft);
}

/** ifupdown2 where Proxmox VE wrote the file or a stanza says what only ifupdown2 understands; else Debian's ifupdown. */
export function detectFlavour(document: JoinedDocument): Flavour {
  const isNew =
    document.isProxmox ||
    document.stanzas.some((stanza) => stanza.kind === "iface" && isIfupdown2Stanza(stanza));
  return isNew ? "ifupdown2" : "ifupdown";
}

function isIfupdown2Stanza(stanza: IfaceStanza): boolean {
  const count = (name: string): number =>
    stanza.options.filter((option) => canonicalName(option) === name).length;
  const isTypeless = (stanza.family === null || stanza.method === null) && stanza.inherits === null;
  const isProxmoxBridge = /^vmbr\d+$/.test(stanza.name.text);
  return (
    isTypeless ||
    isProxmoxBridge ||
    count("address") > 1 ||
    count("gateway") > 1 ||
    stanza.options.some(isIfupdown2Option)
  );
}

function reportInterface(boot: Boot, iface: Interface): void {
  const { issues } = boot.draft;
  if (!boot.done.has(iface.name.text)) {
    const hasFacts = iface.options.length > 0 || iface.stanzas.some((stanza) => stanza.method !== "manual");
    if (hasFacts && iface.link !== "lo") issues.push(notAtBootIssue(iface.name, describe(iface)));
    return;
  }
  for (const option of iface.options) {
    if (isVlanOption(option) && !isFollowed(boot, iface, option))
      issues.push(bridgeVlanIssue(option, iface.link));
    else if (!isKnownOption(option)) issues.push(unknownOptionIssue(option));
  }
}

/** VLANs of a VLAN-aware bridge and of its ports are followed, but for the one that the bridge itself has without a tag. */
function isFollowed(boot: Boot, iface: Interface, option: InterfaceOption): boolean {
  const bridge = boot.interfaces.byName.get(boot.masters.get(iface.link) ?? iface.link);
  const type = bridge === undefined ? null : planOf(boot, bridge).type;
  if (type?.kind !== "bridge" || !type.isVlanAware) return false;
  return bridge !== iface || canonicalName(option) !== "bridge-pvid" || !hasOwnPvid(iface);
}

/** The first lines of an interface, as text for a report. */
function describe(iface: Interface): string {
  const words = iface.options
    .slice(0, 12)
    .map((option: InterfaceOption) => `\`${option.name.text} ${option.value.text.slice(0, 80)}\``);
  const method = iface.stanzas[0]?.method ?? null;
  return [...(method === null ? [] : [`method \`${method}\``]), ...words].join(", ");
}

/** A VRF's ports keep their addresses; those of bridges and bonds do not answer. */
function reportAddressedPorts(boot: Boot, draft: Draft): void {
  const addressed = new Set<string>(draft.dynamicLinks.map((dynamic) => dynamic.link));
  for (const { operation } of draft.steps)
    if (operation.kind === "address-add") addressed.add(operation.address.link);
  for (const [port, master] of boot.masters) {
    const iface = boot.interfaces.byName.get(port);
    const masterIface = boot.interfaces.byName.get(master);
    const type = masterIface === undefined ? null : planOf(boot, masterIface).type;
    const isVrf = type?.kind === "other" && type.name === "vrf";
    if (iface !== undefined && addressed.has(port) && !isVrf)
      draft.issues.push(addressedPortIssue(iface.name, master));
  }
}
