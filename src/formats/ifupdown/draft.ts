import type {
  BootStep,
  DynamicLink,
  HostConfiguration,
  Ipv6Fact,
  Issue,
  Operation,
  Source,
} from "#model/index.js";

/** ifupdown stops an interface at the first command that fails; ifupdown2 logs it and goes on. */
export type Flavour = "ifupdown" | "ifupdown2";

/** A configuration while it is written down; owned by one call of a reader. */
export interface Draft {
  readonly flavour: Flavour;
  readonly steps: BootStep[];
  readonly dynamicLinks: DynamicLink[];
  readonly ipv6: Ipv6Fact[];
  readonly issues: Issue[];
  /** The lowest priority of a rule so far; the kernel gives the next one a lower one. */
  rulePriority: number;
}

/** An empty draft that starts with the issues of a parser. */
export function newDraft(flavour: Flavour, issues: readonly Issue[]): Draft {
  return { flavour, steps: [], dynamicLinks: [], ipv6: [], issues: [...issues], rulePriority: 32_766 };
}

/** Adds a step whose refusal ends the unit under ifupdown, unless it is tolerated. */
export function addStep(
  draft: Draft,
  operation: Operation,
  place: { readonly unit: string; readonly source: Source; readonly isTolerated?: boolean },
): void {
  const goesOn = draft.flavour === "ifupdown2" || place.isTolerated === true;
  const { unit, source } = place;
  if (operation.kind === "rule-add" && operation.rule.priority > 0)
    draft.rulePriority = Math.min(draft.rulePriority, operation.rule.priority);
  draft.steps.push({ operation, source, unit, onRefusal: goesOn ? "continue" : "stop-unit" });
}

/** The configuration that was written down; interfaces(5) says nothing of k3s or DHCP ranges. */
export function finishDraft(draft: Draft): HostConfiguration {
  const { steps, dynamicLinks, ipv6, issues } = draft;
  return { steps, dynamicLinks, ipv6, issues, dhcpRanges: [], k3s: null };
}
