import type { Source } from "#model/index.js";
import { addStep, type BootPlan } from "./boot-plan.js";
import { compareText } from "./compare.js";
import { child, children, type Fact, isUnknown, optionOf, readBoolean, report } from "./fact.js";
import { unmodelledIssue } from "./messages.js";

interface Sysctl {
  readonly value: number;
  readonly source: Source;
}

/** Keys below `net.ipv4.` that decide about packets; others with values that are no numbers are passed over. */
const DECIDING = /^(?:ip_forward$|conf\.|neigh\.|route\.)/;

/** `boot.kernel.sysctl."net.ipv4.*"` and what `networking.nat` adds, in the order of the generated file: sorted by key. */
export function convertSysctls(plan: BootPlan, root: Fact): void {
  const sysctls = new Map<string, Sysctl>();
  for (const [name, fact] of children(child(root, "boot", "kernel", "sysctl"))) {
    const key = keyOf(name);
    const value = key === null ? null : readValue(key, fact);
    if (key !== null && value !== null) sysctls.set(key, { value, source: fact.source });
  }
  addNat(sysctls, root);
  for (const [key, { value, source }] of [...sysctls].sort(([a], [b]) => compareText(a, b))) {
    addStep(plan, { kind: "sysctl", key, value }, source, {
      name: "systemd-sysctl.service",
      onRefusal: "continue",
    });
  }
}

/** `net.ipv4.conf.eth0/100.rp_filter` and `net/ipv4/conf/eth0.100/rp_filter` both name a VLAN link; sysctl.d(5). */
function keyOf(name: string): string | null {
  const isSlashed =
    name.indexOf("/") !== -1 && (name.indexOf(".") === -1 || name.indexOf("/") < name.indexOf("."));
  const dotted = isSlashed ? name.replaceAll(/[./]/g, (mark) => (mark === "/" ? "." : "/")) : name;
  return dotted.startsWith("net.ipv4.") ? dotted.slice("net.ipv4.".length) : null;
}

function readValue(key: string, fact: Fact): number | null {
  if (isUnknown(fact)) return null;
  const { value } = fact;
  if (value.kind === "boolean") return value.value ? 1 : 0;
  if (value.kind === "integer") return value.value;
  if (value.kind === "string" && value.holes.length === 0 && /^-?\d{1,15}$/.test(value.text.trim()))
    return Number(value.text);
  if (DECIDING.test(key))
    report(fact, unmodelledIssue(optionOf(fact), "its value is no number", fact.source));
  return null;
}

/** nixos/modules/services/networking/nat.nix sets both with `mkOverride 99`, which outranks plain definitions. */
function addNat(sysctls: Map<string, Sysctl>, root: Fact): void {
  const enable = child(root, "networking", "nat", "enable");
  if (enable === null || readBoolean(enable) !== true) return;
  for (const key of ["conf.all.forwarding", "conf.default.forwarding"])
    sysctls.set(key, { value: 1, source: enable.source });
  report(
    enable,
    unmodelledIssue("networking.nat", "it rewrites the source addresses of forwarded packets", enable.source),
  );
}
