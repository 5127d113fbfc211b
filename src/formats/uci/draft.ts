import type {
  BootStep,
  DhcpRange,
  DynamicLink,
  HostConfiguration,
  Ipv6Fact,
  Issue,
  Operation,
  Source,
} from "#model/index.js";

/** A configuration while it is written down; owned by one call of a reader. */
export interface Draft {
  readonly steps: BootStep[];
  readonly dynamicLinks: DynamicLink[];
  readonly ipv6: Ipv6Fact[];
  readonly dhcpRanges: DhcpRange[];
  readonly issues: Issue[];
}

/** An empty draft that starts with the issues of a parser. */
export function newDraft(issues: readonly Issue[]): Draft {
  return { steps: [], dynamicLinks: [], ipv6: [], dhcpRanges: [], issues: [...issues] };
}

/** netifd marks what the kernel refuses as failed and goes on (interface-ip.c, interface_update_proto_route). */
export function addStep(draft: Draft, unit: string, operation: Operation, source: Source): void {
  draft.steps.push({ operation, source, unit, onRefusal: "continue" });
}

/** The configuration that was written down; UCI says nothing of k3s. */
export function finishDraft(draft: Draft): HostConfiguration {
  return { ...draft, k3s: null };
}
