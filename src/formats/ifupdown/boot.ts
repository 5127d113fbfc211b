import { type Mac, parseMac } from "#ip/index.js";
import type { LinkType, Operation, PortVlans } from "#model/index.js";
import { linkName } from "#model/index.js";
import { readNumber } from "./addresses.js";
import type { Boot } from "./boot-state.js";
import { addBridgeToVlan, addPortVlans, hasOwnPvid } from "./bridge-vlans.js";
import type { InterfaceOption, Word } from "./document.js";
import { addStep, type Draft } from "./draft.js";
import { type Interface, isLinkName, optionOf } from "./interfaces.js";
import { implicitPlan, type LinkPlan, newLink, planLink } from "./links.js";
import { badValueIssue, loopbackNameIssue, nestingIssue } from "./messages.js";
import { applyStanza, runLines } from "./stanza.js";

/** The kernel nests no deeper than eight links (include/linux/netdevice.h, MAX_NEST_DEV). */
const MAX_NESTING = 8;

/** Brings an interface up, with what lies below it first; does nothing for one that is up. */
export function bringUp(boot: Boot, iface: Interface): void {
  const name = iface.name.text;
  if (boot.done.has(name)) return;
  if (boot.open.has(name) || boot.open.size >= MAX_NESTING) {
    boot.draft.issues.push(nestingIssue(iface.name));
    return;
  }
  boot.open.add(name);
  runInterface(boot, iface);
  boot.open.delete(name);
  boot.done.add(name);
}

function runInterface(boot: Boot, iface: Interface): void {
  const { draft } = boot;
  const unit = `iface ${iface.name.text}`;
  if (iface.link !== "lo" && iface.stanzas.some((stanza) => stanza.method === "loopback")) {
    draft.issues.push(loopbackNameIssue(iface.name));
    return;
  }
  const plan = planOf(boot, iface);
  prepareLower(boot, plan, unit);
  // ifupdown runs `pre-up` lines before the scripts that make links; ifupdown2 makes all but bridges before them.
  const makesFirst = draft.flavour === "ifupdown2" && plan.type?.kind !== "bridge";
  if (!makesFirst) runLines(boot, iface, ["pre-up"]);
  makeLink(boot, { name: iface.link, word: iface.name, unit }, plan);
  if (makesFirst) runLines(boot, iface, ["pre-up"]);
  for (const port of plan.ports) {
    addPort(boot, { port, master: iface.link, unit }, plan.type);
    if (isVlanAware(plan)) addPortVlans(boot, { port, bridge: iface, unit });
  }
  joinMaster(boot, iface, unit);
  setLink(boot, iface, unit);
  for (const stanza of iface.stanzas) applyStanza(boot, { iface, stanza, unit });
  const after = draft.flavour === "ifupdown2" ? [["up"], ["post-up"]] : [["up", "post-up"]];
  for (const names of after) runLines(boot, iface, names);
}

/** The plan of an interface's link; an alias (`eth0:1`) makes none. */
export function planOf(boot: Boot, iface: Interface): LinkPlan {
  const name = iface.name.text;
  const known = boot.plans.get(name);
  if (known !== undefined) return known;
  const plan =
    name === iface.link ? planLink(iface, boot.draft) : { type: null, ports: [], lower: null, extra: [] };
  boot.plans.set(name, plan);
  return plan;
}

function isVlanAware({ type }: LinkPlan): boolean {
  return type?.kind === "bridge" && type.isVlanAware;
}

function prepareLower(boot: Boot, plan: LinkPlan, unit: string): void {
  if (plan.lower !== null) {
    readyLink(boot, plan.lower, unit);
    setUp(boot, plan.lower, unit);
  }
  for (const port of plan.ports) readyLink(boot, port, unit);
}

/** A link that another one needs: its stanza is run where it makes the link or ifupdown2 follows it, a dotted name makes a VLAN. */
function readyLink(boot: Boot, word: Word, unit: string): void {
  const iface = boot.interfaces.byName.get(word.text);
  if (iface !== undefined && (boot.draft.flavour === "ifupdown2" || planOf(boot, iface).type !== null)) {
    bringUp(boot, iface);
    return;
  }
  const plan = implicitPlan(word);
  if (plan.lower === null || boot.made.has(word.text) || !isLinkName(plan.lower.text)) return;
  readyLink(boot, plan.lower, unit);
  setUp(boot, plan.lower, unit);
  makeLink(boot, { name: word.text, word, unit }, plan);
}

function makeLink(
  boot: Boot,
  place: { readonly name: string; readonly word: Word; readonly unit: string },
  plan: LinkPlan,
): void {
  const { name, word, unit } = place;
  if (plan.type === null || boot.made.has(name)) return;
  boot.made.add(name);
  const below = boot.mtus.get(plan.lower?.text ?? "") ?? 1500;
  const mtu = plan.type.kind === "vxlan" && plan.lower !== null ? below - 50 : below;
  boot.mtus.set(name, mtu);
  const { source } = word;
  const link = newLink(name, plan.type, mtu, word);
  const iface = boot.interfaces.byName.get(name);
  const hasKnownVlans = isVlanAware(plan) && iface !== undefined && !hasOwnPvid(iface);
  const made = hasKnownVlans ? { ...link, bridgeVlans: KERNEL_VLANS } : link;
  addStep(boot.draft, { kind: "link-add", link: made }, { unit, source });
  const lower = plan.lower === null ? undefined : boot.interfaces.byName.get(plan.lower.text);
  if (
    plan.type.kind === "vlan" &&
    plan.lower !== null &&
    lower !== undefined &&
    isVlanAware(planOf(boot, lower))
  )
    addBridgeToVlan(boot, { lower: plan.lower, id: plan.type.id, unit });
  for (const operation of plan.extra) addStep(boot.draft, operation, { unit, source });
}

/** What the kernel gives a new VLAN-aware bridge (net/bridge/br_vlan.c, br_vlan_init). */
const KERNEL_VLANS: PortVlans = { pvid: 1, untagged: [1], tagged: [] };

/** The scripts for bridges and bonds go on when a port is missing, hence tolerated. */
function addPort(
  boot: Boot,
  given: { readonly port: Word; readonly master: string; readonly unit: string },
  type: LinkType | null,
): void {
  const { port, master, unit } = given;
  if (boot.masters.get(port.text) === master) return;
  boot.masters.set(port.text, master);
  const link = linkName(port.text);
  const place = { unit, source: port.source, isTolerated: true };
  // bond_enslave refuses a link that is up (drivers/net/bonding/bond_main.c).
  if (type?.kind === "bond" && boot.ups.delete(port.text))
    addStep(boot.draft, { kind: "link-down", link }, place);
  addStep(boot.draft, { kind: "link-master", link, master: linkName(master) }, place);
  setUp(boot, port, unit);
}

function setUp(boot: Boot, word: Word, unit: string): void {
  if (boot.ups.has(word.text)) return;
  boot.ups.add(word.text);
  addStep(
    boot.draft,
    { kind: "link-up", link: linkName(word.text) },
    { unit, source: word.source, isTolerated: true },
  );
}

/** `vrf`, `bond-master` and `ovs_bridge` name the master from the port's side. */
function joinMaster(boot: Boot, iface: Interface, unit: string): void {
  for (const name of ["bond-master", "ovs-bridge", "vrf"]) {
    const option = optionOf(iface.options, name);
    if (option === null || !isLinkName(option.value.text) || option.value.text === "none") continue;
    const master = boot.interfaces.byName.get(option.value.text);
    if (master !== undefined && !boot.open.has(option.value.text)) bringUp(boot, master);
    const port = { text: iface.link, source: option.value.source };
    addPort(
      boot,
      { port, master: option.value.text, unit },
      name === "bond-master" ? { kind: "bond", mode: "" } : null,
    );
  }
}

/** Ethernet address, MTU and sysctls of the link, and then up. */
function setLink(boot: Boot, iface: Interface, unit: string): void {
  const link = linkName(iface.link);
  const add = (operation: Operation, option: InterfaceOption): void =>
    addStep(boot.draft, operation, { unit, source: option.value.source });
  for (const name of ["hwaddress", "bridge-hw"]) {
    const option = optionOf(iface.options, name);
    const mac = option === null ? null : readMac(option, boot.draft);
    if (option !== null && mac !== null) add({ kind: "link-mac", link, mac }, option);
  }
  const option = optionOf(iface.options, "mtu");
  const mtu = readNumber(option, "an MTU in bytes", boot.draft);
  if (option !== null && mtu !== null) {
    boot.mtus.set(iface.link, mtu);
    add({ kind: "link-mtu", link, mtu }, option);
  }
  for (const [name, key] of SYSCTLS) {
    const line = optionOf(iface.options, name);
    const value = /^(?:on|yes|1)$/.test(line?.value.text ?? "") ? 1 : 0;
    if (line !== null)
      add({ kind: "sysctl", key: `conf.${iface.link.replaceAll(".", "/")}.${key}`, value }, line);
  }
  setUp(boot, { text: iface.link, source: iface.name.source }, unit);
}

/** `hwaddress ADDRESS`, `hwaddress ether ADDRESS`; a random one stays unknown. */
function readMac(option: InterfaceOption, draft: Draft): Mac | null {
  const words = option.value.text.split(/\s/).filter((word) => word !== "" && word !== "ether");
  const mac = parseMac(words[0] ?? "");
  if (mac === null && words[0] !== "random") draft.issues.push(badValueIssue(option, "an Ethernet address"));
  return mac;
}

const SYSCTLS = [
  ["ip-forward", "forwarding"],
  ["arp-accept", "arp_accept"],
] as const;
