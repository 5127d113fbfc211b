import type { HostConfiguration, Issue } from "#model/index.js";
import { emptyPlan } from "./boot-plan.js";
import { convertK3s } from "./convert-k3s.js";
import { convertNetworkd } from "./convert-networkd.js";
import { convertScripted } from "./convert-scripted.js";
import { convertSysctls } from "./convert-sysctls.js";
import { convertUnmodelled } from "./convert-unmodelled.js";
import { child, type Fact, readBoolean } from "./fact.js";

/** Turns the merged options of a host into the operations of its boot, in the order of the boot. */
export function convertConfiguration(root: Fact, issues: Issue[]): HostConfiguration {
  const plan = emptyPlan();
  const networking = child(root, "networking");
  const isNetworkd = readBoolean(child(networking, "useNetworkd")) === true;
  convertSysctls(plan, root);
  convertScripted(plan, networking, isNetworkd);
  convertNetworkd(plan, root);
  convertUnmodelled(plan, root);
  const k3s = convertK3s(root, issues);
  const { steps, dynamicLinks, ipv6, dhcpRanges } = plan;
  return { steps, dynamicLinks, ipv6, dhcpRanges, k3s, issues };
}
