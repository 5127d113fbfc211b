import { formatIPv4 } from "#ip/index.js";
import type { Witness } from "#prove/index.js";
import type { NoPlanView } from "./plan-view.js";

/** Why there is no plan, as one JSON document. */
export function renderNoPlanJson(none: NoPlanView): string {
  const tried = none.tried.map((each) => ({ ...each, witnesses: each.witnesses.map(witnessJson) }));
  return `${JSON.stringify({ schemaVersion: 1, ...none, tried }, null, 2)}\n`;
}

/** A witness with its addresses as text. */
export function witnessJson(witness: Witness): object {
  const { stages, flow, verdict, path, back, hops } = witness;
  const { from, to, size } = flow;
  const named = { from, to: formatIPv4(to), ...(size === undefined ? {} : { size }) };
  return { stages, flow: named, verdict, path, back, hops };
}
