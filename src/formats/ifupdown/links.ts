import { mac } from "#ip/index.js";
import type { Link, LinkType, Operation } from "#model/index.js";
import { linkName } from "#model/index.js";
import { readIPv4, readNumber } from "./addresses.js";
import type { InterfaceOption, Word } from "./document.js";
import type { Draft } from "./draft.js";
import { canonicalName, type Interface, isLinkName, optionOf } from "./interfaces.js";
import { badValueIssue, linkTypeIssue, portsIssue } from "./messages.js";

/** What an interface's lines make of its link. */
export interface LinkPlan {
  /** null for hardware, which a boot finds and does not make. */
  readonly type: LinkType | null;
  /** Ports of a bridge, slaves of a bond, members of an OVS bridge. */
  readonly ports: readonly Word[];
  /** The link below a VLAN or VXLAN. */
  readonly lower: Word | null;
  /** Forwarding entries of a VXLAN link. */
  readonly extra: readonly Operation[];
}

/** The lines that make a link of some kind, in the order in which they win. */
export function planLink(iface: Interface, draft: Draft): LinkPlan {
  const { options } = iface;
  const ovs = optionOf(options, "ovs-type");
  if (ovs !== null) return planOvs(iface, ovs, draft);
  const has = (name: string): boolean => optionOf(options, name) !== null;
  if (has("bond-slaves") || has("bond-mode")) return planBond(iface, draft);
  if (has("bridge-ports") || has("bridge-vlan-aware")) return planBridge(iface, draft);
  if (has("vxlan-id")) return planVxlan(iface, draft);
  if (has("vrf-table")) return planOther(iface, "vrf", draft);
  const linkType = optionOf(options, "link-type")?.value.text;
  if (linkType === "dummy") return { ...HARDWARE, type: { kind: "dummy" } };
  if (linkType === "veth" || linkType === "macvlan") return { ...HARDWARE, type: { kind: "ethernet" } };
  if (linkType === "bridge") return planBridge(iface, draft);
  if (linkType !== undefined && linkType !== "ether") return planOther(iface, linkType, draft);
  if (iface.stanzas.some((stanza) => stanza.method === "tunnel" || stanza.method === "v4tunnel"))
    return planOther(iface, "tunnel", draft);
  return planVlan(iface, draft);
}

const HARDWARE: LinkPlan = { type: null, ports: [], lower: null, extra: [] };

/** A link that no stanza names: a VLAN where the name is dotted (`eth0.100`), else hardware. */
export function implicitPlan(name: Word): LinkPlan {
  const dot = name.text.lastIndexOf(".");
  const id = name.text.slice(dot + 1);
  if (dot <= 0 || !/^\d{1,4}$/.test(id) || Number(id) > 4094) return HARDWARE;
  return vlanPlan(Number(id), { text: name.text.slice(0, dot), source: name.source });
}

function vlanPlan(id: number, lower: Word): LinkPlan {
  return { ...HARDWARE, type: { kind: "vlan", id, lower: linkName(lower.text) }, lower };
}

function planVlan(iface: Interface, draft: Draft): LinkPlan {
  const name = { text: iface.link, source: iface.name.source };
  const raw = optionOf(iface.options, "vlan-raw-device");
  const idOption = optionOf(iface.options, "vlan-id");
  const implied = implicitPlan(name);
  if (raw === null) return implied;
  const ofName = /(\d{1,4})$/.exec(iface.link)?.[1];
  const id =
    idOption === null ? Number(ofName ?? Number.NaN) : readNumber(idOption, "a VLAN of 1 to 4094", draft);
  if (id === null || !(id >= 0 && id <= 4094) || !isLinkName(raw.value.text)) {
    draft.issues.push(badValueIssue(idOption ?? raw, "a VLAN of 1 to 4094 on a link"));
    return HARDWARE;
  }
  return vlanPlan(id, raw.value);
}

function planBridge(iface: Interface, draft: Draft): LinkPlan {
  const isVlanAware = isYes(optionOf(iface.options, "bridge-vlan-aware"));
  return { ...HARDWARE, type: { kind: "bridge", isVlanAware }, ports: portsOf(iface, "bridge-ports", draft) };
}

function planBond(iface: Interface, draft: Draft): LinkPlan {
  const mode = optionOf(iface.options, "bond-mode")?.value.text ?? "balance-rr";
  return {
    ...HARDWARE,
    type: { kind: "bond", mode: BOND_MODES[Number(mode)] ?? mode },
    ports: portsOf(iface, "bond-slaves", draft),
  };
}

const BOND_MODES = [
  "balance-rr",
  "active-backup",
  "balance-xor",
  "broadcast",
  "802.3ad",
  "balance-tlb",
  "balance-alb",
];

function planVxlan(iface: Interface, draft: Draft): LinkPlan {
  const { options } = iface;
  const id = readNumber(optionOf(options, "vxlan-id"), "a VXLAN identifier", draft);
  const physical = optionOf(options, "vxlan-physdev")?.value ?? null;
  const lower = physical !== null && isLinkName(physical.text) ? physical : null;
  if (id === null) return HARDWARE;
  const link = linkName(iface.link);
  const type: LinkType = {
    kind: "vxlan",
    id,
    local: readIPv4(optionOf(options, "vxlan-local-tunnelip"), draft),
    lower: lower === null ? null : linkName(lower.text),
    // ifupdown2 takes IANA's port, unlike the kernel's 8472.
    port: readNumber(optionOf(options, "vxlan-port"), "a port", draft) ?? 4789,
    isLearning: !isNo(optionOf(options, "vxlan-learning")) && !isNo(optionOf(options, "bridge-learning")),
  };
  const extra: Operation[] = [];
  for (const option of options.filter((candidate) => canonicalName(candidate) === "vxlan-remoteip")) {
    const remote = readIPv4(option, draft);
    if (remote === null) continue;
    const entry = { mac: ZERO_MAC, link, master: null, vlan: null, remote, isPermanent: true };
    extra.push({ kind: "fdb-append", entry });
  }
  return { type, ports: [], lower, extra };
}

/** The default entry of a VXLAN link: what is flooded goes to each of its remotes. */
const ZERO_MAC = mac([0, 0, 0, 0, 0, 0]);

function planOvs(iface: Interface, type: InterfaceOption, draft: Draft): LinkPlan {
  draft.issues.push(linkTypeIssue(iface.name, type.value.text));
  const made = type.value.text === "OVSPort" ? null : ({ kind: "other", name: "openvswitch" } as const);
  const ports = [...portsOf(iface, "ovs-ports", draft), ...portsOf(iface, "ovs-bonds", draft)];
  return { ...HARDWARE, type: made, ports };
}

function planOther(iface: Interface, name: string, draft: Draft): LinkPlan {
  draft.issues.push(linkTypeIssue(iface.name, name));
  return { ...HARDWARE, type: { kind: "other", name } };
}

/** The names behind a line of ports; `glob swp1-52` is written out, `all` and `regex` depend on the hardware. */
function portsOf(iface: Interface, name: string, draft: Draft): readonly Word[] {
  const ports = new Map<string, Word>();
  for (const option of iface.options.filter((candidate) => canonicalName(candidate) === name)) {
    const names = expandPorts(option.value.text);
    if (names === null) draft.issues.push(portsIssue(option));
    for (const text of names ?? []) ports.set(text, { text, source: option.value.source });
  }
  return [...ports.values()].slice(0, MAX_PORTS);
}

/** A bridge has at most 1,024 ports (net/bridge/br_private.h, BR_MAX_PORTS). */
const MAX_PORTS = 1024;

function expandPorts(text: string): readonly string[] | null {
  const words = text.split(/\s/).filter((word) => word !== "" && word !== "noregex");
  if (words.includes("regex") || words.includes("all")) return null;
  const isGlob = words.includes("glob");
  const names = words
    .filter((word) => word !== "none" && word !== "glob")
    .flatMap((word) => (isGlob ? expandRange(word) : [word]));
  return names.every(isLinkName) ? names : null;
}

function expandRange(word: string): readonly string[] {
  const match = word.length > 40 ? null : /^(\D*?)\[?(\d{1,5})-(\d{1,5})\]?(\D.*)?$/.exec(word);
  const first = Number(match?.[2]);
  const last = Number(match?.[3]);
  if (match === null || last < first || last - first >= MAX_PORTS) return [word];
  return Array.from(
    { length: last - first + 1 },
    (_, index) => `${match[1] ?? ""}${first + index}${match[4] ?? ""}`,
  );
}

function isYes(option: InterfaceOption | null): boolean {
  const text = option?.value.text ?? "no";
  return text === "yes" || text === "on" || text === "1" || text === "true";
}

function isNo(option: InterfaceOption | null): boolean {
  return option !== null && !isYes(option);
}

/** A link as `ip link add` leaves it. */
export function newLink(name: string, type: LinkType, mtu: number, word: Word): Link {
  const link = linkName(name);
  return {
    name: link,
    type,
    mac: null,
    mtu,
    isUp: false,
    hasCarrier: false,
    master: null,
    isNoArp: false,
    source: word.source,
  };
}
