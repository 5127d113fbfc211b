import { type PathStep, parseNetwork } from "#formats/document/index.js";
import { hostPrefix, parseIPv4 } from "#ip/index.js";
import {
  type FlowSource,
  type FlowTarget,
  type HostId,
  hostId,
  type Invariant,
  type Issue,
  type Source,
} from "#model/index.js";
import { message } from "./messages.js";
import type { InvariantDocument } from "./schema.js";

/** The word that stands for every host, and for every address of the fleet. */
export const ANY = "any";

/** Turns one invariant of the document into the model's; null where one of its ends names nothing. */
export function convertInvariant(given: {
  readonly invariant: InvariantDocument;
  readonly known: readonly HostId[];
  readonly sourceAt: (path: readonly PathStep[]) => Source;
}): { readonly invariant: Invariant | null; readonly issues: readonly Issue[] } {
  const { invariant, known, sourceAt } = given;
  const from = flowSource(invariant.flow.from, known);
  const to = flowTarget(invariant.flow.to, known);
  const issues: Issue[] = [];
  if (from === null) {
    issues.push(
      message.wrongFlowEnd(sourceAt(["flow", "from"]), "a host or `any`", invariant.flow.from, known),
    );
  }
  if (to === null) {
    const expected = "a host, an address, a network without host bits, or `any`";
    issues.push(message.wrongFlowEnd(sourceAt(["flow", "to"]), expected, invariant.flow.to, known));
  }
  if (from === null || to === null) return { invariant: null, issues };
  return {
    invariant: { from, to, expect: invariant.expect, why: invariant.why, source: sourceAt([]) },
    issues,
  };
}

function flowSource(text: string, known: readonly HostId[]): FlowSource | null {
  if (text === ANY) return { kind: "any" };
  const host = hostId(text);
  return known.includes(host) ? { kind: "host", host } : null;
}

function flowTarget(text: string, known: readonly HostId[]): FlowTarget | null {
  const end = flowSource(text, known);
  if (end !== null) return end;
  const address = parseIPv4(text);
  if (address !== null) return { kind: "prefix", prefix: hostPrefix(address) };
  const network = parseNetwork(text);
  return network === null ? null : { kind: "prefix", prefix: network };
}
